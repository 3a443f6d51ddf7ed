"""An invisible mark in the frames of a video: 32 bits that stay when credentials and sidecar are lost.

Spread spectrum in the Fourier domain. The mark is one tile that repeats over the frame. Its middle
frequencies have known phases; a part of them tells where the tile begins and how large it is now, the others
carry the bits by their signs. The reader averages the frames, folds the tiles onto one another and
correlates. The phases are no secret: the mark says where a video comes from when nobody took it out, and it
is no proof.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from chatanything.types import Float32, Frame, UInt8

BITS: Final = 32
STRENGTH: Final = 1.6
"""Standard deviation of the mark in grey levels of 255."""
LEAST_EDGE: Final = 128
"""Pixels; a smaller picture holds too few tiles."""
FRAMES: Final = 100
"""So many frames are looked at; more change little."""
_TILE: Final = 64
_CHECK_BITS: Final = 16
_BAND: Final = (3.5, 14.0)
"""Cycles a tile: finer ones do not survive coding and scaling, coarser ones drown in the picture."""
_SYNC_SHARE: Final = 0.2
_FINE: Final = 4
"""The tile's place is found to 1 / 4 pixel."""
_SCALES: Final = tuple(float(scale) for scale in np.geomspace(0.5, 2.0, 141))
"""Sizes that the picture may have been brought to, 1 % apart."""
_TRIED: Final = 4
"""So many of the best sizes are read."""
_LEAST_PEAK: Final = 6.0
"""Of the correlation with the known phases, in standard deviations of it."""
_FLAT: Final = 3.0
"""Grey levels: softens the division by what a picture's neighbourhood varies."""
_KEY: Final = 0x43484154
Complex = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was read from frames."""

    payload: int
    """0..2**32-1."""
    peak: float
    """How clearly the tile was found, in standard deviations."""
    scale: float
    """Size of the picture relative to the one that was marked."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which frequencies of the tile mean what."""

    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    phases: Complex
    """Unit numbers, one a frequency."""
    bits: npt.NDArray[np.int64]
    """Number of the bit that the frequency carries; -1 where it is known."""


@lru_cache(maxsize=64)
def _plan(key: int) -> _Plan:
    rng = np.random.default_rng(key)
    steps = np.fft.fftfreq(_TILE, 1 / _TILE)
    row, column = np.meshgrid(steps, steps, indexing="ij")
    radius = np.hypot(row, column)
    half = (column > 0) | ((column == 0) & (row > 0))
    rows, columns = np.nonzero((radius >= _BAND[0]) & (radius <= _BAND[1]) & half)
    order = rng.permutation(rows.size)
    rows, columns = rows[order], columns[order]
    known = round(_SYNC_SHARE * rows.size)
    bits = np.full(rows.size, -1, np.int64)
    bits[known:] = np.arange(rows.size - known) % (BITS + _CHECK_BITS)
    return _Plan(rows, columns, np.exp(2j * np.pi * rng.random(rows.size)), bits)


def _signs(payload: int) -> npt.NDArray[np.float64]:
    data = payload.to_bytes(BITS // 8, "big")
    data += binascii.crc_hqx(data, 0).to_bytes(_CHECK_BITS // 8, "big")
    return np.unpackbits(np.frombuffer(data, np.uint8)).astype(np.float64) * 2 - 1


def tile(payload: int, *, key: int = _KEY) -> Float32:
    """The mark of one payload, (64, 64) float32 with mean 0 and standard deviation 1.

    Args:
        payload: 0..2**32-1.
        key: Chooses the phases; a reader with another key finds nothing.
    """
    plan = _plan(key)
    signs = np.append(_signs(payload), 1.0)[plan.bits]
    spectrum = np.zeros((_TILE, _TILE), np.complex128)
    spectrum[plan.rows, plan.columns] = signs * plan.phases
    drawn = np.fft.ifft2(spectrum).real
    return np.asarray(drawn / drawn.std(), np.float32)


def marked(frames: Iterable[Frame], payload: int, *, strength: float = STRENGTH) -> Iterator[Frame]:
    """The frames with a mark, one by one; those under 128 px stay as they are.

    Args:
        frames: Of one size.
        payload: What to hide, 0..2**32-1.
        strength: Standard deviation in grey levels.
    """
    pattern: Float32 | None = None
    for frame in frames:
        height, width = frame.image.shape[:2]
        if min(height, width) < LEAST_EDGE:
            yield frame
            continue
        if pattern is None or pattern.shape[:2] != (height, width):
            repeats = (-(-height // _TILE), -(-width // _TILE))
            pattern = np.tile(tile(payload) * strength, repeats)[:height, :width, None]
        yield Frame((frame.image + pattern).round().clip(0, 255).astype(np.uint8), frame.pts)


class Reading:
    """What is common to the frames of a video, ready to be looked through with any key.

    Args:
        pictures: (H, W, 3) uint8 RGB each; at most `FRAMES` of them are taken.
    """

    def __init__(self, pictures: Iterable[UInt8]) -> None:
        total: Float32 | None = None
        for picture in islice(pictures, FRAMES):
            flat = _flattened(picture)
            if total is not None and total.shape != flat.shape:
                continue
            total = flat if total is None else total + flat
        self._spectra: list[Complex] = []
        if total is None or min(total.shape) < LEAST_EDGE // 2:
            return
        import cv2

        height, width = total.shape
        for scale in _SCALES:
            size = (round(width / scale), round(height / scale))
            if min(size) < LEAST_EDGE // 2 or max(size) > 4 * max(height, width):
                continue
            way = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
            self._spectra.append(_folded(cv2.resize(total, size, interpolation=way)))
        self._scales = [s for s in _SCALES if min(round(width / s), round(height / s)) >= LEAST_EDGE // 2]

    def mark(self, *, key: int = _KEY) -> Mark | None:
        """The mark, or None where there is none that can be read.

        Args:
            key: As for `tile`.
        """
        plan = _plan(key)
        found = sorted(
            ((*_place(spectrum, plan), number) for number, spectrum in enumerate(self._spectra)),
            reverse=True,
        )
        for peak, row, column, number in found[:_TRIED]:
            if peak < _LEAST_PEAK:
                return None
            payload = _payload(self._spectra[number], plan, row, column)
            if payload is not None:
                return Mark(payload, peak, self._scales[number])
        return None


def read_mark(pictures: Iterable[UInt8]) -> Mark | None:
    """The mark in the pictures of a video, whatever coding, scaling or cropping they went through.

    Args:
        pictures: (H, W, 3) uint8 RGB each.
    """
    return Reading(pictures).mark()


def _flattened(picture: UInt8) -> Float32:
    """What a picture is beside its shapes: fine structure, weaker where much is going on."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 4.0)
    around: Any = cv2.GaussianBlur(fine * fine, (0, 0), 6.0)
    return np.asarray(fine / (np.sqrt(around) + _FLAT), np.float32)


def _folded(picture: Float32) -> Complex:
    """All tiles on top of one another, as frequencies of equal weight."""
    height, width = picture.shape
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    padded = np.zeros((rows * _TILE, columns * _TILE), np.float64)
    padded[:height, :width] = picture
    spectrum = np.fft.fft2(padded.reshape(rows, _TILE, columns, _TILE).sum(axis=(0, 2)))
    return np.asarray(spectrum / (np.abs(spectrum) + 1e-9), np.complex128)


def _place(spectrum: Complex, plan: _Plan) -> tuple[float, int, int]:
    """How clearly and where the tile begins, in quarters of a pixel."""
    known = plan.bits < 0
    rows, columns = plan.rows[known], plan.columns[known]
    size = _TILE * _FINE
    product = np.zeros((size, size), np.complex128)
    signed_rows = np.where(rows > _TILE // 2, rows - _TILE, rows)
    product[signed_rows, columns] = spectrum[rows, columns] * plan.phases[known].conj()
    correlation = np.fft.ifft2(product).real
    at = int(correlation.argmax())
    peak = float(correlation.flat[at] / correlation.std())
    return peak, at // size, at % size


def _payload(spectrum: Complex, plan: _Plan, row: int, column: int) -> int | None:
    """The bits of a tile that begins there; None where their check does not fit."""
    carried = plan.bits >= 0
    rows, columns = plan.rows[carried], plan.columns[carried]
    signed_rows = np.where(rows > _TILE // 2, rows - _TILE, rows)
    turn = np.exp(2j * np.pi * (signed_rows * row + columns * column) / (_TILE * _FINE))
    soft = (spectrum[rows, columns] * plan.phases[carried].conj() * turn).real
    sums = np.bincount(plan.bits[carried], soft, BITS + _CHECK_BITS)
    data = np.packbits(sums > 0).tobytes()
    body, check = data[: BITS // 8], data[BITS // 8 :]
    return int.from_bytes(body, "big") if binascii.crc_hqx(body, 0).to_bytes(2, "big") == check else None
