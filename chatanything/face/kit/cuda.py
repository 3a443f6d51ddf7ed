"""The renderer of `render`, on a GPU: for drawing training pictures by the thousand."""

from __future__ import annotations

import importlib.util
from typing import Any, Final

import numpy as np

from chatanything.errors import BackendError
from chatanything.face.kit.builder import Scene
from chatanything.face.kit.grid import Field, build_field, sizes_apart
from chatanything.face.kit.render import TILE, Box, Frame, changed, compose, edges

_FILLERS: Final = (128, 64)
"""Blocks and threads that make the lists of cells."""
_BLOCK: Final = 8
"""Edge in pixels of what a block of threads draws; small, because a thread needs many registers."""


def require() -> None:
    """Make sure that there is a GPU to draw on.

    Raises:
        BackendError: numba-cuda is not installed, or sees no GPU.
    """
    from numba import config

    what, cpu = "characters cannot be drawn on a GPU", "or draw on the CPU with --device cpu"
    if not config.ENABLE_CUDASIM and importlib.util.find_spec("numba_cuda") is None:
        raise BackendError(
            what,
            expected="the package numba-cuda",
            got="no such package",
            hint=f"Install it: pip install 'chatanything[train-gpu]', {cpu}.",
        )
    from numba import cuda

    if not cuda.is_available():
        raise BackendError(
            what,
            expected="an NVIDIA GPU with a driver for CUDA 13",
            got=" ".join(str(cuda.cuda_error() or "none").split()),
            hint=f"See what is there: nvidia-smi, {cpu}.",
        )


def render(
    scene: Scene,
    size: int = 256,
    supersample: bool = True,
    *,
    box: Box | None = None,
    base: Frame | None = None,
) -> Frame:
    """Render a baked scene as `render.render` does; pictures of the two differ by rounding only.

    Call `require` before, once. The first picture ever on a machine takes a minute or two longer, because the
    kernels are compiled for its GPU; they are kept on disk. Everything is computed in float64, as on the CPU.

    Args:
        scene: From `shapes.build`.
        size: Edge in pixels.
        supersample: Four rays a pixel where it shows.
        box: x0, y0, x1, y1; only these pixels are traced.
        base: A frame of the same size and supersampling, to copy from what is not traced or looks the same.
    """
    from numba import cuda

    from chatanything.face.kit.cuda_kernels import Job, refine_pixels, send_beams, trace_pixels

    x0, y0, x1, y1 = area = box or (0, 0, size, size)
    tiles = size // TILE + 1
    tables = (scene.M, scene.D, scene.E, scene.H, scene.L, scene.bg, scene.camera)
    blank = (
        np.zeros((tiles, tiles)),
        np.zeros((size, size, 3)),
        np.zeros((size, size), np.uint8),
        np.zeros((size, size), np.float32),
        np.zeros((size, size, 2), np.float32),
        np.zeros((size, size), np.bool_),
    )
    arrays = [cuda.to_device(np.ascontiguousarray(array)) for array in (*tables, *blank)]
    job = Job(_field(scene, cuda), *arrays)
    send_beams[_blocks((x1 - 1) // TILE - x0 // TILE + 1, (y1 - 1) // TILE - y0 // TILE + 1)](
        job, size, *area
    )
    pixels = _blocks(x1 - x0, y1 - y0)
    trace_pixels[pixels](job, size, *area)
    raw, parts, depth = (_fetched(array) for array in (job.image, job.parts, job.depth))
    moved = None if base is None else changed(raw, base, area)
    finished = raw.copy()
    if supersample:
        need = edges(raw, parts, area)
        job = job._replace(need=cuda.to_device(need if moved is None else need & moved))
        refine_pixels[pixels](job, size, *area)
        finished = _fetched(job.image)
    return compose(scene, finished, raw, parts, depth, base, moved)


def _fetched(array: Any) -> Any:
    """An array of the GPU as one of numpy."""
    return array.copy_to_host()


def _blocks(width: int, height: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Blocks, and threads a block, that cover so many pixels (or tiles)."""
    return (max(1, -(-width // _BLOCK)), max(1, -(-height // _BLOCK))), (_BLOCK, _BLOCK)


def _field(scene: Scene, cuda: Any) -> Field:
    """The distance field in the memory of the GPU, with all lists of fine cells made."""
    from chatanything.face.kit.cuda_kernels import fill_cells

    near = build_field(scene.P, scene.PT, scene.G, scene.H[12:15], float(scene.H[15]))
    step = _FILLERS[0] * _FILLERS[1]
    used, entries, numbers, room = sizes_apart(near, len(scene.G), step)
    table = cuda.device_array(entries, np.int32)
    table[:used].copy_to_device(near.table[:used])
    values = cuda.device_array(numbers, np.float64)
    values[: len(near.numbers)].copy_to_device(near.numbers)
    field = Field(cuda.to_device(near.P), cuda.to_device(near.PT), values, table)
    fill_cells[_FILLERS](field, step, room)
    return field
