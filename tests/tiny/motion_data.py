"""A tiny corpus for the motion network: tones whose phones say how far a made-up face's mouth is open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from chatanything.lipsync.coarticulation import mouth_shapes
from chatanything.lipsync.sync_features import LENGTHS
from chatanything.lipsync.topology import INNER_LIPS, OUTER_LIPS
from chatanything.seeds import generator
from chatanything.training.motion_speech import RATE
from chatanything.types import Speech
from chatanything.visemes import BLENDSHAPES, INDEX
from tests.tiny.lipsync_face import tone, units

FPS = 25
IDS = sorted({33, 263, *INNER_LIPS, *OUTER_LIPS, *(point for pair in LENGTHS for point in pair)})
_PHONES = ("AA", "M", "IY", "B", "OW", "S", "P", "EH", "UW", "T")


def spoken(seed: int, count: int = 22) -> Speech:
    """About 2.6 s of made-up speech between silences."""
    rng = generator(seed, "phones")
    timing = units(" ".join([".", ".", *rng.choice(_PHONES, count), ".", "."]), step_s=0.1)
    return Speech(tone(timing).astype(np.float32), RATE, tuple(timing), f"clip {seed}")


def _face(shapes: np.ndarray) -> np.ndarray:
    """(T, len(IDS), 3) in eye distances: a ring of lips that the jaw opens and the pucker narrows."""
    jaw, pucker = shapes[:, INDEX["jawOpen"]], shapes[:, INDEX["mouthPucker"]]
    points = np.zeros((len(shapes), len(IDS), 3))
    for ring, size in ((INNER_LIPS, 0.2), (OUTER_LIPS, 0.25)):
        for number, landmark in enumerate(ring):
            angle = 2 * np.pi * number / len(ring)
            points[:, IDS.index(landmark), 0] = -size * np.cos(angle) * (1 - 0.3 * pucker)
            points[:, IDS.index(landmark), 1] = -0.5 + np.sin(angle) * (size - 0.2 + 0.1 * jaw)
    points[:, IDS.index(33), 0], points[:, IDS.index(263), 0] = -0.5, 0.5
    return points


def make_faces(folder: Path, *, clips: int = 8) -> Path:
    """Recordings laid out as the derived GRID corpus; the others have some frames without a face."""
    (folder / "motion").mkdir(parents=True)
    (folder / "audio").mkdir()
    first = 0
    for split, count in (("train", clips), ("validation", 2), ("test", 3)):
        speeches = [spoken(seed) for seed in range(first, first + count)]
        first += count
        moved = [
            mouth_shapes(s, frames=int(s.duration_s * FPS), fps=FPS, gain=0.8).astype(np.float16)
            for s in speeches
        ]
        names = [f"clip{s.text.split()[1]}" for s in speeches]
        for name, speech in zip(names, speeches, strict=True):
            soundfile.write(folder / "audio" / f"{name}.flac", speech.samples, RATE)
        steps = [np.diff(np.rint(_face(m) / 0.0005), axis=0, prepend=0).astype(np.int16) for m in moved]
        face = np.ones(sum(len(m) for m in moved), bool)
        face[10:13] = split != "train"
        pose = np.tile(np.eye(4, dtype=np.float32), (len(face), 1, 1))
        pose[:, 0, 3] = np.linspace(0, 1, len(face))
        phones = [s.phones() for s in speeches]
        np.savez_compressed(
            folder / "motion" / f"{split}-00.npz",
            clips=names, transcripts=[s.text for s in speeches], fps=np.float32(FPS), face=face,
            frame_start=np.cumsum([0, *map(len, moved)]), blendshapes=np.concatenate(moved),
            blendshape_names=BLENDSHAPES, head_pose=pose,
            landmarks_delta=np.concatenate(steps), landmark_step=np.float32(0.0005),
            landmark_ids=np.array(IDS, np.int16), phone_start=np.cumsum([0, *map(len, phones)]),
            phones=[u.text for units_ in phones for u in units_],
            phone_times=[(u.start_s, u.end_s) for units_ in phones for u in units_],
        )  # fmt: skip
    return folder


def make_spoken(folder: Path, *, clips: int = 11) -> Path:
    """Timed speech as `train motion-data` leaves it; the tenth clip is held out."""
    (folder / "speech").mkdir(parents=True)
    for number in range(clips):
        speech = spoken(100 + number)
        np.savez_compressed(
            folder / "speech" / f"{number:05d}.npz",
            samples=np.rint(32767 * speech.samples).astype(np.int16),
            phones=np.array([u.text for u in speech.phones()]),
            times=np.array([(u.start_s, u.end_s) for u in speech.phones()]),
            text=speech.text,
        )
    return folder
