"""`evaluate landmarks`: is there a face, and is it where it was asked to be?

The question of ChatAnything (2023, table 1), on descriptions of our own: 8 categories, fixed seeds. "Plain"
is diffusion from words alone, "one shot" an engine's first guided picture as it comes, "pipeline" what a
user gets after checks and retries.
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
from chatanything.face.backends import FACE_ENGINES
from chatanything.face.generate import Draft, FaceEngine
from chatanything.face.guide import MAX_ERROR, landmark_error
from chatanything.face.landmarks import FaceDetector
from chatanything.face.sheet import contact_sheet
from chatanything.media.image import write_png
from chatanything.persona.writer import write_card
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import UInt8

SEED: Final = 11
_Z: Final = 1.96
"""Standard score of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One picture judged."""

    image: UInt8
    found: bool
    """FaceLandmarker sees one face at least."""
    error: float
    """Mean distance of requested and found landmarks over the inter-ocular distance; NaN if not found."""
    judged: Mapping[str, bool]
    """Judge -> whether it sees a face."""

    @property
    def missed(self) -> bool:
        """Whether anybody did not see a face."""
        return not (self.found and all(self.judged.values()))


@dataclass(frozen=True, slots=True)
class Shot:
    """One description: its pictures by name of the row, and whether the whole pipeline made a face of it."""

    category: str
    sights: Mapping[str, Sight]
    finished: bool
    tries: int
    """Tries of the pipeline; 0 if it failed."""


def run_landmarks(
    *,
    engine: str = "auto",
    per_category: int = 50,
    size: int = 256,
    yunet: Path | None = None,
    failures: Path | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Detection figures of a face engine over the fixed descriptions.

    Args:
        engine: Name of the face engine; "auto" takes the preferred one.
        per_category: The first so many of each category, 1..50.
        size: Edge of the pictures in pixels.
        yunet: An ONNX file of YuNet as one more judge.
        failures: Takes a contact sheet (PNG) of every guided picture that somebody saw no face in.
        progress: Told about every description.

    Raises:
        BackendError: There is no such engine.
        InputFileError: The YuNet file is none.
        OutputError: The sheet cannot be written.
    """
    name = FACE_ENGINES.first_with("text").name if engine == "auto" else engine
    drawer, bench = FACE_ENGINES.factory(name)(), judges(yunet)
    plain = "plain" in FACE_ENGINES.spec(name).capabilities
    asked = [(category, prompt) for category, prompts in PROMPTS.items() for prompt in prompts[:per_category]]
    shots: list[Shot] = []
    with FaceDetector() as detector:
        for i, (category, prompt) in enumerate(asked):
            progress("landmarks", i, len(asked), prompt)
            shots.append(_shoot(drawer, category, prompt, size, detector, bench, plain=plain))
    progress("landmarks", len(asked), len(asked), f"{len(asked)} descriptions drawn and judged")
    missed = [shot.sights["one_shot"].image for shot in shots if shot.sights["one_shot"].missed]
    if failures is not None and missed:
        write_png(failures, contact_sheet(missed))
    return _rows(shots)


def _shoot(
    engine: FaceEngine,
    category: str,
    prompt: str,
    size: int,
    detector: FaceDetector,
    bench: Mapping[str, Judge],
    *,
    plain: bool,
) -> Shot:
    seed = derive(SEED, prompt)
    look = write_card(prompt, llm=None, seed=seed).look_brief()
    drafts = {"one_shot": engine.draft(look, size=size, seed=seed)}
    if plain:
        drafts = {"plain": engine.draft(look, size=size, seed=seed, plain=True), **drafts}
    try:
        portrait = engine.preview(look, size=size, seed=seed)
        tries = portrait.attempts
    except FaceError:
        tries = 0
    sights = {name: _look_at(draft, detector, bench) for name, draft in drafts.items()}
    return Shot(category, sights, tries > 0, tries)


def _look_at(draft: Draft, detector: FaceDetector, bench: Mapping[str, Judge]) -> Sight:
    faces = detector.detect(draft.image)
    errors = [landmark_error(face.landmarks, draft.requested) for face in faces]
    judged = {name: judge(draft.image) for name, judge in bench.items()}
    return Sight(draft.image, bool(faces), min(errors, default=math.nan), judged)


def _rows(shots: Sequence[Shot]) -> list[Row]:
    rows: list[Row] = []
    for name in shots[0].sights:
        rows += _sight_rows(f"landmarks.{name}", [shot.sights[name] for shot in shots])
    rows.append(share("landmarks.pipeline.found", [shot.finished for shot in shots]))
    rows.append(share("landmarks.pipeline.first_try", [shot.tries == 1 for shot in shots]))
    for category in dict.fromkeys(shot.category for shot in shots):
        own = [shot.sights for shot in shots if shot.category == category]
        for name in own[0]:
            seen = [sights[name] for sights in own]
            rows.append(share(f"landmarks.{name}.found.{category}", [sight.found for sight in seen]))
            rows.extend(
                share(f"landmarks.{name}.{judge}.{category}", [sight.judged[judge] for sight in seen])
                for judge in seen[0].judged
            )
    return rows


def _sight_rows(prefix: str, sights: Sequence[Sight]) -> list[Row]:
    rows = [
        share(f"{prefix}.found", [sight.found for sight in sights]),
        share(f"{prefix}.placed", [sight.found and sight.error < MAX_ERROR for sight in sights]),
    ]
    errors = [sight.error for sight in sights if sight.found]
    if errors:
        spread = {"p95": float(np.quantile(errors, 0.95))}
        rows.append(Row(f"{prefix}.error", float(np.mean(errors)), "eyes", len(errors), spread))
    for judge in sights[0].judged:
        rows.append(share(f"{prefix}.{judge}", [sight.judged[judge] for sight in sights]))
        agree = [sight.judged[judge] == sight.found for sight in sights]
        rows.append(share(f"{prefix}.agreement.{judge}", agree))
    return rows


def share(metric: str, outcomes: Sequence[bool]) -> Row:
    """A share with its 95 % interval by Wilson's score (1927), which holds near 0 and 1 too."""
    n, p = len(outcomes), sum(outcomes) / len(outcomes)
    center = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return Row(metric, p, "share", n, {"low": max(0.0, center - half), "high": min(1.0, center + half)})
