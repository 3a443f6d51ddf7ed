"""A face drawn by a formula: enough for the animator, no weights needed."""

from __future__ import annotations

import numpy as np

from chatanything.lipsync.topology import BROWS, CHIN, EYES, INNER_LIPS, OUTER_LIPS, OVAL
from chatanything.types import Float32, Portrait, TimedUnit

SKIN, WHITE, IRIS, LIP, SKY = (224, 172, 140), (250, 250, 250), (60, 40, 30), (190, 70, 80), (90, 150, 190)


def landmarks(size: int) -> Float32:
    """478 points: contours where a face has them, the rest spread over the oval like a sunflower's seeds."""
    number = np.arange(478)
    angle, radius = number * 2.399963, np.sqrt((number + 0.5) / 478) * 0.9
    points = np.stack([np.sin(angle) * radius * 0.26 + 0.5, np.cos(angle) * radius * 0.34 + 0.5], axis=1)
    turn = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False)
    points[list(OVAL)] = np.stack([0.5 + 0.27 * np.sin(turn), 0.5 - 0.35 * np.cos(turn)], axis=1)
    for ids, half, high in ((OUTER_LIPS, 0.095, 0.026), (INNER_LIPS, 0.08, 0.0)):
        across = -np.cos(np.pi * np.arange(11) / 10)
        bow = high * np.sqrt(np.clip(1 - across**2, 0, 1))
        points[list(ids[:11])] = np.stack([0.5 + half * across, 0.68 - bow], axis=1)
        points[list(ids[11:])] = np.stack([0.5 + half * across[9:0:-1], 0.68 + bow[9:0:-1]], axis=1)
    for ids, side in zip(EYES, (-1, 1), strict=True):
        turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        points[list(ids), 0] = 0.5 + side * (0.11 - 0.045 * np.cos(turn))
        points[list(ids), 1] = 0.43 - 0.022 * np.sin(turn)
    points[468:473], points[473:478] = (0.39, 0.43), (0.61, 0.43)
    for ids, side in zip(BROWS, (-1, 1), strict=True):
        across = np.array([0, 1, 2, 3, 4, 4, 3, 2, 1, 0]) / 4
        points[list(ids), 0] = 0.5 + side * (0.06 + 0.1 * across)
        points[list(ids), 1] = 0.355 + np.where(np.arange(10) < 5, 0.0, 0.015)
    points[CHIN] = (0.5, 0.85)
    return np.concatenate([points * size, np.zeros((478, 1))], axis=1).astype(np.float32)


def portrait(size: int = 256) -> Portrait:
    """The drawn face with a mask of the head."""
    import cv2

    points = landmarks(size)
    image = np.full((size, size, 3), SKY, np.uint8)
    head = np.zeros((size, size), np.uint8)
    cv2.rectangle(image, (int(0.42 * size), int(0.8 * size)), (int(0.58 * size), size), SKIN, -1)
    outline = np.round(points[list(OVAL), :2]).astype(np.int32)
    cv2.fillPoly(image, [outline], SKIN)
    cv2.fillPoly(head, [outline], 1)
    for eye in EYES:
        ring = np.round(points[list(eye), :2]).astype(np.int32)
        cv2.fillPoly(image, [ring], WHITE)
        middle = points[list(eye), :2].mean(axis=0)
        cv2.circle(image, (round(float(middle[0])), round(float(middle[1]))), round(0.018 * size), IRIS, -1)
    cv2.fillPoly(image, [np.round(points[list(OUTER_LIPS), :2]).astype(np.int32)], LIP)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    background = (image == np.array(SKY, np.uint8)).all(axis=2)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Portrait(image, points, box, {"head": head > 0, "background": background})


def units(phones: str, *, start_s: float = 0.2, step_s: float = 0.1) -> tuple[TimedUnit, ...]:
    """Phones of one length in a row; a dot is 0.4 s of silence."""
    out, at = [TimedUnit("SIL", "phone", 0.0, start_s)], start_s
    for phone in phones.split():
        name, length = ("SIL", 0.4) if phone == "." else (phone, step_s)
        out.append(TimedUnit(name, "phone", at, at + length))
        at += length
    out.append(TimedUnit("SIL", "phone", at, at + 0.3))
    return tuple(out)


def tone(phones: tuple[TimedUnit, ...], *, sample_rate: int = 16000) -> Float32:
    """A buzz while something is spoken: vowels loud, consonants quiet, (n,) float32."""
    times = np.arange(round(phones[-1].end_s * sample_rate)) / sample_rate
    buzz = sum(np.sin(2 * np.pi * f * times) / (1 + k) for k, f in enumerate((130, 260, 700, 1300)))
    loud = np.zeros(len(times))
    for unit in phones:
        level = 0.0 if unit.text == "SIL" else 0.3 if unit.text[0] in "AEIOU" else 0.08
        loud[(times >= unit.start_s) & (times < unit.end_s)] = level
    return (0.5 * loud * buzz).astype(np.float32)
