"""Does a style that is taken from one clip show in another? Judged on the pictures of finished videos.

Two references are made with known sizes of movement, a mumbler and an over-actor, and measured as any clip
is. Then a character says the same sentence in both styles: the sound is the same, the mouth must not be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.bundle import Persona
from chatanything.evaluation.mouth import MouthClip, measure_clip, watch
from chatanything.evaluation.phones import spoken
from chatanything.evaluation.rows import Row
from chatanything.evaluation.suite import PERSONAS, SENTENCES
from chatanything.evaluation.sync import closures
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync import MOTIONS
from chatanything.lipsync.idle import envelope
from chatanything.lipsync.manner import ORDINARY, Manner
from chatanything.lipsync.recorded_faces import FaceRecording
from chatanything.lipsync.style_from import TYPICAL, opening_size
from chatanything.progress import Progress, silent
from chatanything.speaking_style import read_manner
from chatanything.studio import Studio
from chatanything.types import Bool, Float32

PLANTED: Final[Mapping[str, Manner]] = {
    "mumbled": Manner(opening=0.5, brows=0.5, head=0.5, gaze=0.5),
    "plain": ORDINARY,
    "wide": Manner(opening=1.3, brows=1.6, head=1.6, gaze=1.6),
}
"""What the references are made with."""
_REFERENCE_TEXTS: Final = (
    f"{SENTENCES[11]} {SENTENCES[13]}",
    f"{SENTENCES[7]} {SENTENCES[16]}",
)
"""Said in the references; the second is only for the control."""
_SAID: Final = SENTENCES[1]
_STAGE: Final = "style"
_SEED: Final = 7
_GROUP: Final = 3
"""Recordings of 3 s that are judged together, as one clip."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A finished video in a borrowed style."""

    manner: Manner
    """What was measured on its reference."""
    mouth: MouthClip
    size: float
    """How far the mouth opens in speech, in inter-ocular distances."""
    sway: float
    """How far the middle of the eyes wanders, in inter-ocular distances."""


def borrowed_rows(
    folder: Path, *, count: int = 2, renderer: str | None = None, progress: Progress = silent
) -> list[Row]:
    """Figures of borrowed styles for every way of making motion.

    Args:
        folder: Takes the videos.
        count: The first so many characters of the lip-sync suite, 1..10.
        renderer: Who draws; None takes the setting.
        progress: Told about every video.

    Raises:
        WeightsError: Weights are missing or damaged.
    """
    rows: list[Row] = []
    shown: dict[tuple[str, str], list[_Shown]] = {}
    with FaceDetector() as detector:
        for number, description in enumerate(PERSONAS[:count]):
            progress(_STAGE, number, count, description)
            place = folder / f"{number}"
            place.mkdir(parents=True, exist_ok=True)
            studio = Studio(llm="rules", renderer=renderer)
            persona = studio.create(description, seed=_SEED)
            found = _references(studio, persona, place)
            for maker in MOTIONS.names():
                speaker = Studio(llm="rules", renderer=renderer, motion=maker)
                for name, manner in found.items():
                    video = place / f"{maker}-{name}.mp4"
                    speaker.say(persona, _SAID, out=video, style_from=manner)
                    shown.setdefault((maker, name), []).append(_look(video, manner, detector))
    for maker in MOTIONS.names():
        rows += _rows(maker, {name: shown[maker, name] for name in (*PLANTED, "wide_again")})
    return rows


def recorded_row(clips: Sequence[FaceRecording]) -> Row:
    """A recorded speaker's opening as a ratio to the ordinary one: 1 if the scale for recordings holds.

    Args:
        clips: Of 3 s each.
    """
    whole = range(0, max(1, len(clips) - _GROUP + 1), _GROUP)
    groups = [clips[at : at + _GROUP] for at in whole]
    sizes = []
    for group in groups:
        voiced = np.concatenate([_heard(clip) for clip in group])
        sizes.append(opening_size(np.concatenate([clip.opening for clip in group]), voiced))
    ratios = np.array(sizes) / TYPICAL["recorded"].opening
    control = {
        "p10": round(float(np.percentile(ratios, 10)), 3),
        "p90": round(float(np.percentile(ratios, 90)), 3),
    }
    return Row("style.recorded_opening", round(float(np.mean(ratios)), 3), "ratio", len(groups), control)


def _heard(clip: FaceRecording) -> Bool:
    level = envelope(clip.speech.samples, clip.speech.sample_rate, len(clip.opening), 25.0)
    return np.asarray(level > 0.05)


def _references(studio: Studio, persona: Persona, place: Path) -> dict[str, Manner]:
    """Make the references and measure them."""
    found = {}
    asked = [*((name, name, 0) for name in PLANTED), ("wide_again", "wide", 1)]
    for name, planted, text in asked:
        clip = place / f"reference-{name}.mp4"
        studio.say(persona, _REFERENCE_TEXTS[text], out=clip, style_from=PLANTED[planted])
        found[name] = read_manner(clip, config=studio.config)
    return found


def _look(video: Path, manner: Manner, detector: FaceDetector) -> _Shown:
    film = watch(video, detector)
    mouth = measure_clip(film, _SAID)
    seen = np.isfinite(mouth.opening)
    voiced = np.zeros(len(seen), bool)
    for phone in spoken(mouth.phones):
        voiced |= (mouth.times >= phone.start_s) & (mouth.times < phone.end_s)
    size = opening_size(mouth.opening[seen], voiced[seen])
    eyes = np.array([one[[33, 263], :2] for one in film.landmarks if one is not None], np.float32)
    return _Shown(manner, mouth, size, _sway(eyes))


def _sway(eyes: Float32) -> float:
    apart = np.median(np.linalg.norm(eyes[:, 0] - eyes[:, 1], axis=1))
    return float((eyes.mean(axis=1) / apart).std(axis=0).mean())


def _rows(maker: str, shown: Mapping[str, Sequence[_Shown]]) -> list[Row]:
    """Ratios over the mumbler and over the plain speaker, and closures."""
    rows = []
    pairs = (("opening", "wide", "mumbled"), ("opening", "mumbled", "plain"), ("opening", "wide", "plain"))
    for trait, over, under in (*pairs, ("head", "wide", "mumbled")):
        planted = getattr(PLANTED[over], trait) / getattr(PLANTED[under], trait)
        control = {"asked": _asked(shown[over], shown[under], trait), "planted": round(planted, 3)}
        if (over, under) == ("wide", "mumbled"):
            control["same_style"] = _seen(shown["wide_again"], shown["wide"], trait)
            control["same_style_asked"] = _asked(shown["wide_again"], shown["wide"], trait)
        value = _seen(shown[over], shown[under], trait)
        rows.append(Row(f"style.{maker}_{trait}_{over}_{under}", value, "ratio", len(shown[over]), control))
    recall = {name: _closed([one.mouth for one in shown[name]]) for name in PLANTED}
    control = {name: share for name, (share, _) in recall.items() if name != "mumbled"}
    share, count = recall["mumbled"]
    rows.append(Row(f"style.{maker}_closure_mumbled", share, "share", count, control))
    return rows


def _closed(mouths: Sequence[MouthClip]) -> tuple[float, int]:
    """Share of the bilabials that close, and how many there are."""
    parts = [part for part in map(closures, mouths) if part is not None]
    total = sum(count for _, count in parts)
    return round(sum(share * count for share, count in parts) / max(total, 1), 3), total


def _seen(over: Sequence[_Shown], under: Sequence[_Shown], trait: str) -> float:
    """Ratio in the pictures, the geometric mean over characters."""
    field = "size" if trait == "opening" else "sway"
    return _mean_ratio([(getattr(a, field), getattr(b, field)) for a, b in zip(over, under, strict=True)])


def _asked(over: Sequence[_Shown], under: Sequence[_Shown], trait: str) -> float:
    """The same of what was measured on the references."""
    pairs = [(getattr(a.manner, trait), getattr(b.manner, trait)) for a, b in zip(over, under, strict=True)]
    return _mean_ratio(pairs)


def _mean_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    return round(float(np.exp(np.mean([np.log(a / b) for a, b in pairs]))), 3)
