"""A scene's distance field cut into cells, each with the few primitives that matter in it.

Two levels: coarse cells far from every surface hold a distance that is safe to march; the others have a list
of primitives and are cut into 4x4x4 fine cells, whose shorter lists are made when a ray first comes by. The
lists keep every primitive whose removal could change the field anywhere in the cell, so distances near
surfaces are those of `sdf.scene_dist`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.jit import kernel
from chatanything.face.kit.sdf import prim_dist, scene_dist

Ints = npt.NDArray[np.int32]

_COARSE: Final = 0.25
"""Edge of a coarse cell in head units."""
_NEAR: Final = 0.36
"""Exact within this distance of a surface: soft shadows and ambient occlusion look no farther."""
_SLACK: Final = 1.25
"""Distances to squeezed primitives grow a little faster than one per unit."""
_DIAGONAL: Final = 0.8660254
"""Half the diagonal of a cube of edge one."""
_OUTSIDE: Final = 1.0
"""Distance told outside of the grid, where nothing is."""
_ROOM: Final = 1_500_000
"""Entries for the lists of fine cells; when they are used up, cells take the list of their coarse one."""
_UNKNOWN: Final = -1


class Field(NamedTuple):
    """Distance field of a scene, ready for the kernels; the lists of fine cells fill up while it is used.

    Four arrays only, because every call of a kernel passes all of them.
    """

    P: Array
    PT: Array
    numbers: Array
    """Lowest corner of the grid (3), then for n*n*n coarse and near*64 fine cells a distance that is free
    of surfaces all over the cell, then room for `_cull` to note groups (2 * g)."""
    table: Ints
    """The header, number of the near cell or -1 (n*n*n), begin of its list (near + 1), begin of the list of
    each fine cell (near * 64), its length or `_UNKNOWN` (near * 64), and the lists: twice the number of a
    primitive, plus 1 where a new group begins."""


_N, _BEGIN, _FIRST, _COUNT, _ITEMS, _USED, _FAR, _GROUPS, _HEADER = range(9)
"""Header of `Field.table`: cells along an edge; where its parts begin; its entries in use; where the free
distances of fine cells and the room for groups begin in `Field.numbers`."""


@kernel
def _list_distance(P: Array, PT: Array, items: Ints, j0: int, j1: int, x: float, y: float, z: float) -> float:
    """Distance to the listed primitives."""
    best = 1e9
    d = 1e9
    for j in range(j0, j1):
        i = items[j] >> 1
        if items[j] & 1:
            best = min(best, d)
            d = 1e9
        k = P[i, 2]
        dx = x - P[i, 24]
        dy = y - P[i, 25]
        dz = z - P[i, 26]
        r = P[i, 27]
        q = dx * dx + dy * dy + dz * dz
        if P[i, 1] == 0.0:
            m = d + k + r
            if m <= 0.0 or q >= m * m:
                continue
            s = prim_dist(P, PT, i, x, y, z)
            if k > 0.0:
                h = max(k - abs(d - s), 0.0)
                d = min(d, s) - h * h * 0.25 / k
            elif s < d:
                d = s
        else:
            m = k - d + r
            if m <= 0.0 or q >= m * m:
                continue
            s = -prim_dist(P, PT, i, x, y, z)
            if k > 0.0:
                h = max(k - abs(d - s), 0.0)
                d = max(d, s) + h * h * 0.25 / k
            elif s > d:
                d = s
    return min(best, d)


@kernel
def _cull(
    P: Array, PT: Array, items: Ints, j0: int, j1: int, x: float, y: float, z: float, reach: float,
    out: Ints, at: int, numbers: Array, note: int,
) -> tuple[int, float]:  # fmt: skip
    """Write the listed primitives that matter within `reach` of a point to out[at:].

    Where groups begin and how far they are is noted in numbers[note:] on the way.

    Returns:
        How many, and the distance at the point.
    """
    best = 1e9
    d = 1e9
    n = at
    begin = at
    found = 0
    for j in range(j0, j1 + 1):
        if j == j1 or items[j] & 1:
            if n > begin:
                numbers[note + 2 * found] = begin
                numbers[note + 2 * found + 1] = d
                found += 1
                best = min(best, d)
                begin = n
            d = 1e9
            if j == j1:
                break
        i = items[j] >> 1
        k = P[i, 2]
        s = prim_dist(P, PT, i, x, y, z)
        if P[i, 1] == 0.0:
            if s - d >= k + 2 * reach:
                continue
            h = max(k - abs(d - s), 0.0)
            d = min(d, s) - (h * h * 0.25 / k if k > 0.0 else 0.0)
        else:
            if d + s >= k + 2 * reach:
                continue
            h = max(k - abs(d + s), 0.0)
            d = max(d, -s) + (h * h * 0.25 / k if k > 0.0 else 0.0)
        out[n] = i * 2
        n += 1
    kept = at
    for g in range(found):
        if numbers[note + 2 * g + 1] > best + 2 * reach:
            continue
        end = int(numbers[note + 2 * g + 2]) if g + 1 < found else n
        here = int(numbers[note + 2 * g])
        for j in range(here, end):
            out[kept] = out[j] + (1 if j == here else 0)
            kept += 1
    return kept - at, best


@kernel
def _coarse_pass(
    P: Array, PT: Array, G: Array, everything: Ints, n: int, numbers: Array, cells: Ints, begin: Ints,
    items: Ints,
) -> int:  # fmt: skip
    """Fill the coarse tables; returns how many cells are near a surface."""
    reach = _COARSE * _DIAGONAL * _SLACK
    note = 3 + n * n * n
    near = 0
    for cell in range(n * n * n):
        x = numbers[0] + (cell // (n * n) + 0.5) * _COARSE
        y = numbers[1] + (cell // n % n + 0.5) * _COARSE
        z = numbers[2] + (cell % n + 0.5) * _COARSE
        cells[cell] = -1
        numbers[3 + cell] = scene_dist(P, PT, G, x, y, z) - reach
        if numbers[3 + cell] <= _NEAR:
            kept, _ = _cull(
                P, PT, everything, 0, len(everything), x, y, z, reach, items, begin[near], numbers, note
            )
            cells[cell] = near
            near += 1
            begin[near] = begin[near - 1] + kept
    return near


def build_field(P: Array, PT: Array, G: Array, center: Array, radius: float) -> Field:
    """Cut the field of a scene into cells.

    Args:
        P: Primitives, see `sdf`.
        PT: Their points.
        G: Their groups.
        center: (3,) of a ball around all of them.
        radius: Of that ball.
    """
    n = int(np.ceil(2 * radius / _COARSE)) + 1
    numbers = np.zeros(3 + n**3 + 2 * len(G) + 2)
    numbers[:3] = center - n * _COARSE / 2
    everything = np.arange(len(P), dtype=np.int32) * 2
    everything[G[:, 0].astype(int)] += 1
    cells, begin = np.zeros(n**3, np.int32), np.zeros(n**3 + 1, np.int32)
    items = np.empty(n**3 * len(P), np.int32)
    near = _coarse_pass(P, PT, G, everything, n, numbers, cells, begin, items)
    parts = (cells, begin[: near + 1], np.zeros(near * 64, np.int32), np.full(near * 64, _UNKNOWN, np.int32))
    at = np.cumsum([_HEADER, *(len(part) for part in parts)])
    table = np.empty(at[-1] + begin[near] + _ROOM, np.int32)
    table[:_HEADER] = n, at[1], at[2], at[3], at[4], at[4] + begin[near], 3 + n**3, 3 + n**3 + near * 64
    table[_HEADER : at[-1]] = np.concatenate(parts)
    table[at[1] : at[2]] += at[4]
    table[at[4] : at[4] + begin[near]] = items[: begin[near]]
    room = np.zeros(near * 64 + 2 * len(G) + 2)
    return Field(P, PT, np.concatenate([numbers[: 3 + n**3], room]), table)


@kernel
def _fill(field: Field, block: int, cell: int, x: float, y: float, z: float) -> None:
    """Make the list of a fine cell with its middle at x, y, z."""
    reach = _COARSE / 4 * _DIAGONAL * _SLACK
    table = field.table
    first = table[_FIRST] + cell
    count = table[_COUNT] + cell
    j0 = table[table[_BEGIN] + block]
    j1 = table[table[_BEGIN] + block + 1]
    used = table[_USED]
    if used + j1 - j0 > len(table):
        table[first] = j0
        table[count] = j1 - j0
        return
    kept, d = _cull(
        field.P, field.PT, table, j0, j1, x, y, z, reach, table, used, field.numbers, table[_GROUPS]
    )
    if d - reach > _NEAR:
        field.numbers[table[_FAR] + cell] = d - reach
        table[count] = 0
        return
    table[first] = used
    table[count] = kept
    table[_USED] = used + kept


def sizes_apart(field: Field, groups: int, callers: int) -> tuple[int, int, int, int]:
    """What `fill_apart` needs for a fresh field of a scene with so many groups.

    Returns:
        Entries of the table in use, entries that it needs, entries that the numbers need, and those of the
        latter that are a caller's own.
    """
    used, first, notes = (int(field.table[at]) for at in (_USED, _ITEMS, _GROUPS))
    room = 2 * groups + 2
    return used, used + 64 * (used - first), notes + callers * room, room


@kernel
def fill_apart(field: Field, first: int, step: int, room: int) -> None:
    """Make the lists of the fine cells first, first + step, ...; several callers may do so at once.

    Every list gets room for the list of its coarse cell, behind the lists of the coarse cells.

    Args:
        field: With a table and numbers of the sizes that `sizes_apart` tells.
        first: Number of the caller, 0 to step - 1.
        step: How many callers there are.
        room: Numbers that a caller needs for its notes.
    """
    reach = _COARSE / 4 * _DIAGONAL * _SLACK
    table = field.table
    numbers = field.numbers
    n = table[_N]
    begin = table[_BEGIN]
    note = table[_GROUPS] + first * room
    for fine in range(first, n * n * n * 64, step):
        coarse = fine // 64
        block = table[_HEADER + coarse]
        if block < 0:
            continue
        part = fine % 64
        x = numbers[0] + (coarse // (n * n) + (part // 16) * 0.25 + 0.125) * _COARSE
        y = numbers[1] + (coarse // n % n + (part // 4 % 4) * 0.25 + 0.125) * _COARSE
        z = numbers[2] + (coarse % n + (part % 4) * 0.25 + 0.125) * _COARSE
        j0 = table[begin + block]
        j1 = table[begin + block + 1]
        at = table[_USED] + (j0 - table[begin]) * 64 + (j1 - j0) * part
        kept, d = _cull(field.P, field.PT, table, j0, j1, x, y, z, reach, table, at, numbers, note)
        cell = block * 64 + part
        if d - reach > _NEAR:
            numbers[table[_FAR] + cell] = d - reach
            kept = 0
        table[table[_FIRST] + cell] = at
        table[table[_COUNT] + cell] = kept


@kernel
def _find(field: Field, x: float, y: float, z: float) -> tuple[int, int, float]:
    """Begin and end of the list at a point, or -1, -1 and a distance that is safe to march."""
    table = field.table
    numbers = field.numbers
    u = (x - numbers[0]) * (1.0 / _COARSE)
    v = (y - numbers[1]) * (1.0 / _COARSE)
    w = (z - numbers[2]) * (1.0 / _COARSE)
    n = table[_N]
    if u < 0 or v < 0 or w < 0 or u >= n or v >= n or w >= n:
        return -1, -1, _OUTSIDE
    a = int(u)
    b = int(v)
    c = int(w)
    coarse = (a * n + b) * n + c
    block = table[_HEADER + coarse]
    if block < 0:
        return -1, -1, numbers[3 + coarse]
    i = int((u - a) * 4)
    j = int((v - b) * 4)
    k = int((w - c) * 4)
    cell = block * 64 + i * 16 + j * 4 + k
    if table[table[_COUNT] + cell] == _UNKNOWN:
        _fill(
            field, block, cell,
            numbers[0] + (a + i * 0.25 + 0.125) * _COARSE,
            numbers[1] + (b + j * 0.25 + 0.125) * _COARSE,
            numbers[2] + (c + k * 0.25 + 0.125) * _COARSE,
        )  # fmt: skip
    count = table[table[_COUNT] + cell]
    if count == 0:
        return -1, -1, numbers[table[_FAR] + cell]
    begin = table[table[_FIRST] + cell]
    return begin, begin + count, 0.0


@kernel
def field_dist(field: Field, x: float, y: float, z: float) -> float:
    """Distance of the scene: exact near surfaces, a safe step elsewhere."""
    j0, j1, far = _find(field, x, y, z)
    if j0 < 0:
        return far
    return _list_distance(field.P, field.PT, field.table, j0, j1, x, y, z)


@kernel
def field_material(field: Field, x: float, y: float, z: float) -> tuple[int, int, float]:
    """(material, second material, share of the second) at a surface point."""
    j0, j1, _ = _find(field, x, y, z)
    best = 1e9
    m0 = 0
    m1 = 0
    mt = 0.0
    d = 1e9
    a = 0
    b = 0
    t = 0.0
    if j0 < 0:
        return 0, 0, 0.0
    P = field.P
    items = field.table
    for j in range(j0, j1 + 1):
        if j == j1 or items[j] & 1:
            if d < best:
                best = d
                m0 = a
                m1 = b
                mt = t
            d = 1e9
            a = 0
            b = 0
            t = 0.0
            if j == j1:
                break
        i = items[j] >> 1
        k = P[i, 2]
        m = int(P[i, 3])
        s = prim_dist(P, field.PT, i, x, y, z)
        h = 0.0
        if P[i, 1] == 1.0:
            s = -s
            new = s > d
            if k > 0.0:
                h = max(k - abs(d - s), 0.0) / k
                d = max(d, s) + h * h * 0.25 * k
            elif new:
                d = s
        else:
            new = s < d
            if k > 0.0:
                h = max(k - abs(d - s), 0.0) / k
                d = min(d, s) - h * h * 0.25 * k
            elif new:
                d = s
        if new:
            if m != a:
                b = a
                t = 0.5 * h * h
            a = m
        elif m != a and h > 0.0 and 0.5 * h * h > t:
            b = m
            t = 0.5 * h * h
    return m0, m1, mt
