"""Backward maps of a mesh warp, rasterised triangle by triangle (numba)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from chatanything.lipsync.topology import Int32
from chatanything.types import Float32


@njit(cache=True, fastmath=True, nogil=True)  # type: ignore[untyped-decorator]
def _rasterise(
    triangles: Any, target: Any, sources: Any, x0: int, y0: int, x1: int, y1: int, maps: Any
) -> None:
    for t in range(triangles.shape[0]):
        a = triangles[t, 0]
        b = triangles[t, 1]
        c = triangles[t, 2]
        ax = target[a, 0]
        ay = target[a, 1]
        bx = target[b, 0]
        by = target[b, 1]
        cx = target[c, 0]
        cy = target[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-4:
            continue
        low_x = max(x0, math.floor(min(ax, bx, cx)))
        high_x = min(x1 - 1, math.ceil(max(ax, bx, cx)))
        low_y = max(y0, math.floor(min(ay, by, cy)))
        high_y = min(y1 - 1, math.ceil(max(ay, by, cy)))
        for y in range(low_y, high_y + 1):
            for x in range(low_x, high_x + 1):
                u = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area
                v = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area
                w = 1.0 - u - v
                if u < -1e-4 or v < -1e-4 or w < -1e-4:
                    continue
                for s in range(sources.shape[0]):
                    maps[s, y - y0, x - x0, 0] = (
                        w * sources[s, a, 0] + u * sources[s, b, 0] + v * sources[s, c, 0]
                    )
                    maps[s, y - y0, x - x0, 1] = (
                        w * sources[s, a, 1] + u * sources[s, b, 1] + v * sources[s, c, 1]
                    )


def backward_maps(
    triangles: Int32, target: Float32, sources: Float32, box: tuple[int, int, int, int]
) -> Float32:
    """Where each pixel of a box comes from, for several sources at once.

    Args:
        triangles: (n, 3) vertex indices.
        target: (v, 2) px, where the vertices are now.
        sources: (s, v, 2) px, where they are in each source picture.
        box: x0, y0, x1, y1 of the pixels wanted.

    Returns:
        (s, h, w, 2) float32 px; pixels outside all triangles map to themselves.
    """
    x0, y0, x1, y1 = box
    ys, xs = np.mgrid[y0:y1, x0:x1]
    identity = np.stack([xs, ys], axis=-1).astype(np.float32)
    maps = np.repeat(identity[None], len(sources), axis=0)
    _rasterise(triangles, target, sources, x0, y0, x1, y1, maps)
    return maps
