"""One face through the pictures of a clip, whoever else is in them.

A detector now and then misses a face that is there. So whoever is seen beside the followed face is remembered
as somebody else, and is not taken for it while it is missed: rather a gap than the wrong mouth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.types import Float32, UInt8

_NOSE_BASE: Final = 2
_THUMB: Final = 24
_REACH: Final = 1.0
"""Face sizes that a head moves at most from one picture to the next, unless it looks just the same."""
_SIZES: Final = 1.5
"""Factor by which its size changes at most meanwhile."""
_ALIKE: Final = 12.0
"""Mean difference of thumbnails, of 255, under which they may show the same face."""
_UNLIKE: Final = 24.0
"""Mean difference that speaks as much against a face as its being one face size away."""
_OVERLAP: Final = 0.4
"""Face sizes between two finds that are one face."""
_CUT: Final = 20.0
"""Mean difference from picture to picture, of 255, from which the film was cut."""
_PATIENCE: Final = 12
"""Pictures for which a face is waited for before a new one takes its place."""
_REMEMBERED: Final = 48
"""Pictures for which somebody else is remembered who is not seen."""

Closer = Callable[[Float32], Iterable[Sequence[Float32]]]
"""Looks again around the (478, 3) px face of an earlier picture; the faces of each look."""


def thumb(picture: UInt8, face: Float32 | None) -> Float32:
    """Forehead, eyes and nose, or what is in their place, small and grey.

    Args:
        picture: (H, W, 3) uint8 RGB.
        face: (478, 3) px; None gives black.

    Returns:
        (24, 24) float32 in 0..255.
    """
    if face is None:
        return np.zeros((_THUMB, _THUMB), np.float32)
    low, high = face[:, :2].min(axis=0).astype(int), face[:, :2].max(axis=0).astype(int)
    high[1] = int(face[_NOSE_BASE, 1])
    x0, y0 = np.clip(low, 0, (picture.shape[1] - 2, picture.shape[0] - 2))
    x1, y1 = max(int(high[0]), x0 + 2), max(int(high[1]), y0 + 2)
    return _small(picture[y0:y1, x0:x1])


@dataclass(slots=True)
class _Seen:
    """A face as it was seen last."""

    face: Float32
    """(478, 3) px."""
    look: Float32
    """Its `thumb`."""
    age: int = 0
    """Pictures ago."""


class FaceFollower:
    """Follows the face that is the largest when a face is first seen."""

    def __init__(self) -> None:
        self._own: _Seen | None = None
        self._others: list[_Seen] = []
        self._scene: Float32 | None = None
        self._cut = False
        """Since the face was seen."""

    @property
    def last(self) -> Float32 | None:
        """(478, 3) px of the face where it was seen last; None when it never was."""
        return None if self._own is None else self._own.face

    def follow(
        self, picture: UInt8, faces: Sequence[Float32], closer: Closer = lambda _: ()
    ) -> Float32 | None:
        """The followed face in the next picture, None where it is not seen.

        Near the place where it was, it is the one that looks most like it. After a cut looks alone count.
        Elsewhere it is taken at once where it looks the same, and after a while where a face is that is
        nobody else's.

        Args:
            picture: (H, W, 3) uint8 RGB.
            faces: (478, 3) px each, all that were found in it.
            closer: Asked when none of them is the followed one.
        """
        self._look_around(picture)
        found = [_Seen(face, thumb(picture, face)) for face in faces]
        chosen = self._choose(found)
        if chosen is None and self._own is not None:
            for more in closer(self._own.face):
                chosen = self._nearby([_Seen(face, thumb(picture, face)) for face in more], self._own)
                if chosen is not None:
                    break
        self._remember(found, chosen)
        return None if chosen is None else chosen.face

    def _look_around(self, picture: UInt8) -> None:
        """Another picture has come: is it of another shot?"""
        skip = max(1, min(picture.shape[:2]) // (4 * _THUMB))
        scene = _small(picture[::skip, ::skip])
        self._cut |= self._scene is not None and _difference(scene, self._scene) > _CUT
        self._scene = scene
        for one in (*self._others, *([self._own] if self._own else ())):
            one.age += 1
        self._others = [one for one in self._others if one.age <= _REMEMBERED]

    def _choose(self, found: Sequence[_Seen]) -> _Seen | None:
        own = self._own
        if own is None:
            return max(found, key=lambda one: float(np.prod(np.ptp(one.face[:, :2], axis=0))), default=None)
        near = None if self._cut else self._nearby(found, own)
        if near is not None:
            return near
        possible = [one for one in found if self._is_nobody_elses(one, own)]
        if not self._cut and own.age <= _PATIENCE:
            possible = [one for one in possible if _difference(one.look, own.look) < _ALIKE]
        return min(possible, key=lambda one: _difference(one.look, own.look), default=None)

    def _nearby(self, found: Sequence[_Seen], own: _Seen) -> _Seen | None:
        near = [one for one in found if _is_near(one.face, own.face) and self._is_nobody_elses(one, own)]
        return min(near, key=lambda one: self._unlikeness(one, own), default=None)

    def _is_nobody_elses(self, one: _Seen, own: _Seen) -> bool:
        mine = self._unlikeness(one, own)
        return all(mine <= self._unlikeness(one, other) for other in self._others)

    def _unlikeness(self, one: _Seen, earlier: _Seen) -> float:
        """How much speaks against one being an earlier face; across a cut places say nothing."""
        looks = _difference(one.look, earlier.look) / _UNLIKE
        return looks if self._cut else looks + _distance(one.face, earlier.face)

    def _remember(self, found: Sequence[_Seen], chosen: _Seen | None) -> None:
        """Keep where everybody is; who is seen beside the followed face is somebody else."""
        for one in found:
            if one is chosen or (chosen is not None and _distance(one.face, chosen.face) < _OVERLAP):
                continue
            number = min(
                range(len(self._others)), key=lambda k: self._unlikeness(one, self._others[k]), default=-1
            )
            own = self._own
            known = own is not None and not self._is_nobody_elses(one, own)
            if number >= 0 and (known or _is_near(one.face, self._others[number].face)):
                self._others[number] = one
            elif chosen is not None:
                self._others.append(one)
        if chosen is not None:
            if self._cut:  # where others were in the shot before says nothing
                self._others = [other for other in self._others if other.age == 0]
            self._own, self._cut = chosen, False


def _small(picture: UInt8) -> Float32:
    """Any part of a picture as a grey thumbnail."""
    import cv2

    small = cv2.resize(picture, (_THUMB, _THUMB), interpolation=cv2.INTER_AREA)
    return np.asarray(small.mean(axis=2), np.float32)


def _difference(one: Float32, other: Float32) -> float:
    """Mean difference of two thumbnails beside that of their brightness: lamps and exposure change."""
    apart = one - other
    return float(np.abs(apart - apart.mean()).mean())


def _size(face: Float32) -> float:
    """The longer edge of its box in pixels."""
    return max(float(np.ptp(face[:, :2], axis=0).max()), 1.0)


def _distance(one: Float32, earlier: Float32) -> float:
    """Of their middles, in sizes of the earlier face."""
    return float(np.linalg.norm((one - earlier)[:, :2].mean(axis=0))) / _size(earlier)


def _is_as_large(one: Float32, earlier: Float32) -> bool:
    return 1 / _SIZES <= _size(one) / _size(earlier) <= _SIZES


def _is_near(one: Float32, earlier: Float32) -> bool:
    return _distance(one, earlier) <= _REACH and _is_as_large(one, earlier)
