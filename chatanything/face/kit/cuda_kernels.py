"""The renderer's kernels for a GPU: the compiled functions of the CPU, with one thread for each pixel.

Import it only after `cuda.require`: numba's own CUDA target is on its way out, and that function makes sure
of the package that takes its place.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

from numba import cuda, float64

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.grid import Field, fill_apart
from chatanything.face.kit.render import TILE, beams, trace_box, trace_edges
from chatanything.types import Bool, Float32, UInt8

# The mouth of a small picture keeps no GPU busy, and nobody can do anything about that.
warnings.filterwarnings("ignore", message="Grid size .* under-utilization")


class Job(NamedTuple):
    """A scene and the picture that is made of it, all in the memory of the GPU.

    One tuple, because that is how the kernels take arrays without copying them back after each launch.
    """

    field: Field
    M: Array
    D: Array
    E: Array
    H: Array
    L: Array
    bg: Array
    cam: Array
    ahead: Array
    """(tiles, tiles) how far the rays of a tile can go at once."""
    image: Array
    """(H, W, 3) sRGB 0..1."""
    parts: UInt8
    depth: Float32
    light: Float32
    """(H, W, 2) occlusion and key light of the first ray."""
    need: Bool
    """(H, W) pixels that get four rays."""


@cuda.jit(fastmath=True, cache=True)
def fill_cells(field: Field, step: int, room: int) -> None:
    """Make the lists of all fine cells, by `step` threads: rays must find them, or would race for them."""
    fill_apart(field, cuda.grid(1), step, room)


@cuda.jit(fastmath=True, cache=True)
def send_beams(job: Job, size: int, x0: int, y0: int, x1: int, y1: int) -> None:
    """Fill `job.ahead`, one thread a tile of the box."""
    i, j = cuda.grid(2)
    x = (x0 // TILE + i) * TILE
    y = (y0 // TILE + j) * TILE
    if x < x1 and y < y1:
        beams(job.field, job.H, job.cam, size, x, y, x + 1, y + 1, job.ahead)


@cuda.jit(fastmath=True, cache=True)
def trace_pixels(job: Job, size: int, x0: int, y0: int, x1: int, y1: int) -> None:
    """One ray a pixel of the box."""
    i, j = cuda.grid(2)
    x = x0 + i
    y = y0 + j
    if x >= x1 or y >= y1:
        return
    col = cuda.local.array(3, float64)
    col2 = cuda.local.array(3, float64)
    lit = cuda.local.array(2, float64)
    lit[0] = lit[1] = 0.0
    trace_box(
        job.field, job.M, job.D, job.E, job.H, job.L, job.bg, job.cam, size, x, y, x + 1, y + 1,
        job.ahead, job.image, job.parts, job.depth, job.light, col, col2, lit,
    )  # fmt: skip


@cuda.jit(fastmath=True, cache=True)
def refine_pixels(job: Job, size: int, x0: int, y0: int, x1: int, y1: int) -> None:
    """Four rays a pixel of the box that needs them."""
    i, j = cuda.grid(2)
    x = x0 + i
    y = y0 + j
    if x >= x1 or y >= y1:
        return
    col = cuda.local.array(3, float64)
    col2 = cuda.local.array(3, float64)
    lit = cuda.local.array(2, float64)
    acc = cuda.local.array(3, float64)
    trace_edges(
        job.field, job.M, job.D, job.E, job.H, job.L, job.bg, job.cam, size, x, y, x + 1, y + 1,
        job.need, job.ahead, job.depth, job.light, job.image, col, col2, lit, acc,
    )  # fmt: skip
