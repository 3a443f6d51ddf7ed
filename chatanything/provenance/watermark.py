"""An invisible mark in the frames of a video: 32 bits that stay when credentials and sidecar are lost.

Spread spectrum in the Fourier domain. The mark is one tile that repeats over the frame. Its middle
frequencies have known phases; a part of them tells where the tile begins and how large it is now, the others
carry the coded bits by their signs. It is stronger where a frame has structure that hides it. The reader
averages the frames, folds the tiles onto one another and correlates. The phases are no secret: the mark says
where a video comes from when nobody took it out, and it is no proof.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from chatanything.provenance.convolution import coded_length, decode, encode
from chatanything.types import Float32, Frame, UInt8

BITS: Final = 32
STRENGTH: Final = 1.6
"""Standard deviation of the mark in grey levels of 255, where the picture is flat."""
LEAST_EDGE: Final = 128
"""Pixels; a smaller picture holds no tile."""
FRAMES: Final = 100
"""So many frames are looked at; more change little."""
_TILE: Final = 128
_CHECK_BITS: Final = 20
_BAND: Final = (4.0, 18.0)
"""Cycles a tile: finer ones do not survive coding and scaling, coarser ones drown in the picture."""
_SYNC_SHARE: Final = 0.25
_FINE: Final = 2
"""The tile's place is found to 1 / 2 pixel."""
_EXACT: Final = (1.0, 0.5, 2 / 3, 0.75, 0.8, 0.9, 4 / 3, 1.5, 2.0)
_SCALES: Final = (*_EXACT, *(float(scale) for scale in np.geomspace(0.5, 2.0, 181)))
"""Sizes that the picture may have been brought to: the usual ones, then all that are 0.8 % apart."""
_TRIED: Final = 8
"""So many of the best places are read."""
_LEAST_PEAK: Final = 5.0
"""Of the correlation with the known phases, in standard deviations of it."""
_FLAT: Final = 3.0
"""Grey levels: softens the division by what a picture's neighbourhood varies."""
_HIDING: Final = 10.0
"""Grey levels of structure that hide twice the mark."""
_MOST_GAIN: Final = 2.0
_COARSE: Final = 5.0
"""Pixels: standard deviation of the blur that takes a picture's shapes away."""
_MOST_EDGE: Final = 2048
_KEY: Final = 0x43484154
Complex = npt.NDArray[np.complex128]
Int64 = npt.NDArray[np.int64]


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

    rows: Int64
    """Signed, cycles a tile."""
    columns: Int64
    phases: Complex
    """Unit numbers, one a frequency."""
    known: int
    """So many at the start are the same in all marks; the others carry coded bits in turn."""

    def carried(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Sums of what the frequencies of each coded bit say."""
        turns = np.arange(self.rows.size - self.known) % _CODED
        return np.bincount(turns, values[self.known :], _CODED).astype(np.float64)


_CODED: Final = coded_length(BITS + _CHECK_BITS)


@lru_cache(maxsize=4)
def _plan(key: int) -> _Plan:
    rng = np.random.default_rng(key)
    steps = np.fft.fftfreq(_TILE, 1 / _TILE).round().astype(np.int64)
    row, column = np.meshgrid(steps, steps, indexing="ij")
    radius = np.hypot(row, column)
    half = (column > 0) | ((column == 0) & (row > 0))
    inside = (radius >= _BAND[0]) & (radius <= _BAND[1]) & half
    rows, columns = row[inside], column[inside]
    order = rng.permutation(rows.size)
    phases = np.exp(2j * np.pi * rng.random(rows.size))
    return _Plan(rows[order], columns[order], phases, round(_SYNC_SHARE * rows.size))


def _check(body: bytes) -> int:
    """20 bits that belong to a payload."""
    return zlib.crc32(body) >> (32 - _CHECK_BITS)


def _message(payload: int) -> npt.NDArray[np.uint8]:
    body = payload.to_bytes(BITS // 8, "big")
    whole = payload << _CHECK_BITS | _check(body)
    return np.array([whole >> place & 1 for place in reversed(range(BITS + _CHECK_BITS))], np.uint8)


def tile(payload: int, *, key: int = _KEY) -> Float32:
    """The mark of one payload, (128, 128) float32 with mean 0 and standard deviation 1.

    Args:
        payload: 0..2**32-1.
        key: Chooses the phases; a reader with another key finds nothing.
    """
    plan = _plan(key)
    signs = np.ones(plan.rows.size)
    signs[plan.known :] = np.resize(encode(_message(payload)), plan.rows.size - plan.known)
    spectrum = np.zeros((_TILE, _TILE), np.complex128)
    spectrum[plan.rows, plan.columns] = signs * plan.phases
    drawn = np.fft.ifft2(spectrum).real
    return np.asarray(drawn / drawn.std(), np.float32)


def marked(frames: Iterable[Frame], payload: int, *, strength: float = STRENGTH) -> Iterator[Frame]:
    """The frames with a mark, one by one; those under 128 px stay as they are.

    Args:
        frames: Of one size.
        payload: What to hide, 0..2**32-1.
        strength: Standard deviation in grey levels, where the picture is flat.
    """
    pattern: Float32 | None = None
    for frame in frames:
        height, width = frame.image.shape[:2]
        if min(height, width) < LEAST_EDGE:
            yield frame
            continue
        if pattern is None or pattern.shape != (height, width):
            repeats = (-(-height // _TILE), -(-width // _TILE))
            pattern = np.tile(tile(payload) * strength, repeats)[:height, :width]
        _, structure = _structure(frame.image)
        gain = np.minimum(1.0 + structure / _HIDING, _MOST_GAIN)
        added = frame.image + (pattern * gain)[:, :, None]
        yield Frame(added.round().clip(0, 255).astype(np.uint8), frame.pts)


class Reading:
    """What is common to the frames of a video, ready to be looked through with any key.

    Args:
        pictures: (H, W, 3) uint8 RGB each; at most `FRAMES` of them are taken.
    """

    def __init__(self, pictures: Iterable[UInt8]) -> None:
        total: Float32 | None = None
        for picture in islice(pictures, FRAMES):
            fine, structure = _structure(picture)
            flat = fine / (structure + _FLAT)
            if total is None or total.shape == flat.shape:
                total = flat if total is None else total + flat
        self._spectra: list[tuple[float, Complex]] = []
        if total is None:
            return
        height, width = total.shape
        for scale in _SCALES:
            size = (round(width / scale), round(height / scale))
            if min(size) >= LEAST_EDGE - 1 and max(size) <= _MOST_EDGE:
                self._spectra.append((scale, _folded(_resized(total, size))))

    def mark(self, *, key: int = _KEY) -> Mark | None:
        """The mark, or None where there is none that can be read.

        Args:
            key: As for `tile`.
        """
        plan = _plan(key)
        places = [(*_place(spectrum, plan), scale, spectrum) for scale, spectrum in self._spectra]
        places.sort(key=lambda place: -place[0])
        for peak, row, column, scale, spectrum in places[:_TRIED]:
            if peak < _LEAST_PEAK:
                return None
            payload = _payload(spectrum, plan, row, column)
            if payload is not None:
                return Mark(payload, peak, scale)
        return None


def read_mark(pictures: Iterable[UInt8]) -> Mark | None:
    """The mark in the pictures of a video, whatever coding, scaling or cropping they went through.

    Args:
        pictures: (H, W, 3) uint8 RGB each.
    """
    return Reading(pictures).mark()


def _structure(picture: UInt8) -> tuple[Float32, Float32]:
    """Fine structure of a picture, (H, W), and how much of it there is around each pixel, in grey levels."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), _COARSE)
    around = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), _COARSE))
    return np.asarray(fine, np.float32), np.asarray(around, np.float32)


def _resized(picture: Float32, size: tuple[int, int]) -> Float32:
    import cv2

    if size == picture.shape[::-1]:
        return picture
    way = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.float32)


def _folded(picture: Float32) -> Complex:
    """All tiles on top of one another, as frequencies whose weights differ little."""
    height, width = picture.shape
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    padded = np.zeros((rows * _TILE, columns * _TILE), np.float32)
    padded[:height, :width] = picture
    spectrum = np.fft.fft2(padded.reshape(rows, _TILE, columns, _TILE).sum(axis=(0, 2)))
    return np.asarray(spectrum / np.sqrt(np.abs(spectrum) + 1e-9), np.complex128)


def _place(spectrum: Complex, plan: _Plan) -> tuple[float, int, int]:
    """How clearly and where the tile begins, in halves of a pixel."""
    rows, columns = plan.rows[: plan.known], plan.columns[: plan.known]
    size = _TILE * _FINE
    product = np.zeros((size, size), np.complex128)
    product[rows, columns] = spectrum[rows, columns] * plan.phases[: plan.known].conj()
    correlation = np.fft.ifft2(product).real
    at = int(correlation.argmax())
    return float(correlation.flat[at] / (correlation.std() + 1e-12)), at // size, at % size


def _payload(spectrum: Complex, plan: _Plan, row: int, column: int) -> int | None:
    """The bits of a tile that begins there; None where their check does not fit."""
    turn = np.exp(2j * np.pi * (plan.rows * row + plan.columns * column) / (_TILE * _FINE))
    soft = (spectrum[plan.rows, plan.columns] * plan.phases.conj() * turn).real
    whole = int("".join(map(str, decode(plan.carried(soft)).tolist())), 2)
    payload, check = whole >> _CHECK_BITS, whole & ((1 << _CHECK_BITS) - 1)
    return payload if _check(payload.to_bytes(BITS // 8, "big")) == check else None
