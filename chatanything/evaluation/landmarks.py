"""`evaluate landmarks`: is there a face, and is it where it was asked to be?

The question of ChatAnything (2023, table 1), on descriptions of our own: 8 categories, fixed seeds. "One
shot" is a face engine's first picture as it comes; "pipeline" is what a user gets after checks and retries.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.errors import FaceError
from chatanything.evaluation.judges import Judge, judges
from chatanything.evaluation.prompts import PROMPTS
from chatanything.evaluation.rows import Row
from chatanything.face.backends.template import TemplateEngine
from chatanything.face.generate import Draft
from chatanything.face.landmarks import FaceDetector
from chatanything.face.sheet import contact_sheet
from chatanything.measures import inter_ocular
from chatanything.media.image import write_png
from chatanything.persona.writer import write_card
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import UInt8

GOOD_ERROR: Final = 0.12
"""Largest mean landmark error, over the inter-ocular distance, of a face that is where it was asked to be."""
SEED: Final = 11
_Z: Final = 1.96
"""Standard score of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One description judged."""

    category: str
    image: UInt8
    found: bool
    """FaceLandmarker sees one face at least in the first picture."""
    error: float
    """Mean distance of requested and found landmarks over the inter-ocular distance; NaN if not found."""
    judged: Mapping[str, bool]
    """Judge -> whether it sees a face."""
    finished: bool
    """The whole pipeline makes a face of the description."""


def run_landmarks(
    *,
    per_category: int = 50,
    size: int = 256,
    yunet: Path | None = None,
    failures: Path | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Detection figures of the face engine over the fixed descriptions.

    Args:
        per_category: The first so many of each category, 1..50.
        size: Edge of the pictures in pixels.
        yunet: An ONNX file of YuNet as one more judge.
        failures: Takes a contact sheet (PNG) of every picture that somebody did not see a face in.
        progress: Told about every description.

    Raises:
        InputFileError: The YuNet file is none.
        OutputError: The sheet cannot be written.
    """
    engine, bench = TemplateEngine(), judges(yunet)
    asked = [(name, prompt) for name, prompts in PROMPTS.items() for prompt in prompts[:per_category]]
    shots: list[Shot] = []
    with FaceDetector() as detector:
        for i, (category, prompt) in enumerate(asked):
            progress("landmarks", i, len(asked), prompt)
            shots.append(_shoot(engine, category, prompt, size, detector, bench))
    progress("landmarks", len(asked), len(asked), f"{len(asked)} descriptions drawn and judged")
    missed = [shot.image for shot in shots if not (shot.found and all(shot.judged.values()))]
    if failures is not None and missed:
        write_png(failures, contact_sheet(missed))
    return _rows(shots)


def _shoot(
    engine: TemplateEngine,
    category: str,
    prompt: str,
    size: int,
    detector: FaceDetector,
    bench: Mapping[str, Judge],
) -> Shot:
    seed = derive(SEED, prompt)
    look = write_card(prompt, llm=None, seed=seed).look_brief()
    draft = engine.draft(look, size=size, seed=seed)
    found, error = _compare(draft, detector)
    try:
        engine.preview(look, size=size, seed=seed)
        finished = True
    except FaceError:
        finished = False
    judged = {name: judge(draft.image) for name, judge in bench.items()}
    return Shot(category, draft.image, found, error, judged, finished)


def _compare(draft: Draft, detector: FaceDetector) -> tuple[bool, float]:
    faces = detector.detect(draft.image)
    if not faces:
        return False, math.nan
    numbers = list(draft.requested)
    wanted = np.stack([draft.requested[number] for number in numbers])
    errors = [
        float(np.linalg.norm(face.landmarks[numbers, :2] - wanted, axis=1).mean())
        / inter_ocular(face.landmarks)
        for face in faces
    ]
    return True, min(errors)


def _rows(shots: Sequence[Shot]) -> list[Row]:
    rows = [
        share("landmarks.one_shot.found", [shot.found for shot in shots]),
        share("landmarks.one_shot.placed", [shot.found and shot.error < GOOD_ERROR for shot in shots]),
    ]
    errors = [shot.error for shot in shots if shot.found]
    if errors:
        spread = {"p95": float(np.quantile(errors, 0.95))}
        rows.append(Row("landmarks.one_shot.error", float(np.mean(errors)), "eyes", len(errors), spread))
    for judge in shots[0].judged:
        seen = [shot.judged[judge] for shot in shots]
        rows.append(share(f"landmarks.one_shot.{judge}", seen))
        agree = [shot.judged[judge] == shot.found for shot in shots]
        rows.append(share(f"landmarks.agreement.{judge}", agree))
    rows.append(share("landmarks.pipeline.found", [shot.finished for shot in shots]))
    for category in dict.fromkeys(shot.category for shot in shots):
        own = [shot for shot in shots if shot.category == category]
        rows.append(share(f"landmarks.one_shot.found.{category}", [shot.found for shot in own]))
        rows.extend(
            share(f"landmarks.one_shot.{judge}.{category}", [shot.judged[judge] for shot in own])
            for judge in own[0].judged
        )
    return rows


def share(metric: str, outcomes: Sequence[bool]) -> Row:
    """A share with its 95 % interval by Wilson's score (1927), which holds near 0 and 1 too."""
    n, p = len(outcomes), sum(outcomes) / len(outcomes)
    center = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return Row(metric, p, "share", n, {"low": max(0.0, center - half), "high": min(1.0, center + half)})
