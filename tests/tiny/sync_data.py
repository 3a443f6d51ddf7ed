"""A tiny corpus for the sync judge: noise whose loudness is how far a made-up mouth is open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from chatanything.lipsync.sync_features import LENGTHS
from chatanything.seeds import generator

FPS, SECONDS, RATE = 25, 3.0, 16_000
IDS = sorted({33, 263, *(point for pair in LENGTHS for point in pair)})


def envelope(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Openness 0..1 of every frame, and of every sample."""
    rng = generator(seed, "envelope")
    fine = np.convolve(rng.random(int(SECONDS * 100)) > 0.6, np.hanning(15) / 7, mode="same")
    times = np.arange(len(fine)) / 100
    frames = np.interp(np.arange(round(SECONDS * FPS)) / FPS, times, fine)
    return frames, np.interp(np.arange(int(SECONDS * RATE)) / RATE, times, fine)


def mouth(openness: np.ndarray) -> np.ndarray:
    """(T, len(IDS), 3) in eye distances; upper lips above the middle, lower ones below."""
    points = np.zeros((len(openness), len(IDS), 3))
    upper = {0: 0.08, 13: 0.0, 81: 0.0, 311: 0.0}
    lower = {17: -0.1, 14: 0.0, 178: 0.0, 402: 0.0}
    for i, point in enumerate(IDS):
        if point in upper:
            points[:, i, 1] = upper[point] + 0.1 * openness
        if point in lower:
            points[:, i, 1] = lower[point] - 0.15 * openness
    for point, x in ((33, -0.5), (263, 0.5), (78, -0.2), (308, 0.2), (61, -0.25), (291, 0.25)):
        points[:, IDS.index(point), 0] = x
    return points


def make_corpus(folder: Path, *, clips: int = 12) -> Path:
    """Splits of `clips` train, 4 validation and 4 test clips; the first has frames without a face."""
    (folder / "motion").mkdir(parents=True)
    (folder / "audio").mkdir()
    first = 0
    for split, count in (("train", clips), ("validation", 4), ("test", 4)):
        names, steps = [], []
        for seed in range(first, first + count):
            frames, samples = envelope(seed)
            sound = 0.3 * samples * generator(seed, "noise").uniform(-1, 1, len(samples))
            soundfile.write(folder / "audio" / f"clip{seed}.flac", sound, RATE)
            names.append(f"clip{seed}")
            steps.append(np.diff(np.rint(mouth(frames) / 0.0005), axis=0, prepend=0).astype(np.int16))
        first += count
        frames = len(steps[0])
        face = np.ones(count * frames, bool)
        face[10:13] = split != "train"
        turn = np.tile(np.array([[70.0, 0, 0, 190], [0, -70, 0, 140], [0, 0, 70, 0]]), (len(face), 1, 1))
        turn[~face] = np.nan
        np.savez_compressed(
            folder / "motion" / f"{split}-00.npz",
            clips=names, fps=np.float32(FPS), face=face, frame_start=np.arange(count + 1) * frames,
            landmarks_delta=np.concatenate(steps), landmark_step=np.float32(0.0005),
            landmark_ids=np.array(IDS, np.int16), image_from_face=turn.astype(np.float32),
        )  # fmt: skip
    return folder
