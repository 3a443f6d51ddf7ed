"""`evaluate delivery`: does the same sentence look and sound different when another temperament says it?

One character says a sentence at five extraversions, and with emotions of low, middle and high arousal. Rate
and loudness are heard in the finished sound, head motion is seen in the finished pictures; nothing that drove
them is read. The figure is Spearman's rank correlation of what was asked with what came out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.bundle import Persona
from chatanything.evaluation.mouth import watch
from chatanything.evaluation.rows import Row
from chatanything.evaluation.suite import PERSONAS, SENTENCES
from chatanything.face.landmarks import FaceDetector
from chatanything.media.audio import read_audio
from chatanything.persona.parse import words_of
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.studio import Studio
from chatanything.types import Emotion, Float32

EXTRAVERSIONS: Final = (0.05, 0.3, 0.5, 0.7, 0.95)
"""From timid to bold."""
AROUSALS: Final[Mapping[Emotion, int]] = {"sad": -1, "tender": -1, "neutral": 0, "happy": 1, "angry": 1}
_SAID: Final = (SENTENCES[10], SENTENCES[7], SENTENCES[12])
"""Without a word of emotion in them."""
_FRAME_S: Final = 0.05
_HOP_S: Final = 0.01
_SILENT_DB: Final = 35.0
"""So far under the loudest moment nobody speaks."""
_SMOOTHED: Final = 5
_SHUFFLES: Final = 500
_STAGE: Final = "delivery"
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Performed:
    """What a finished performance sounds and looks like."""

    rate: float
    """Words a minute between the first and the last sound."""
    loudness: float
    """Level of the speech in dB, its power averaged over all that is louder than silence."""
    loudness_range: float
    """Decibels between the quiet (10 %) and the loud (95 %) moments of the speech."""
    head_motion: float
    """Speed of the eyes' middle in inter-ocular distances a second; 0 where nobody is seen."""


@dataclass(frozen=True, slots=True)
class Take:
    """One sentence, performed as somebody was asked to."""

    asked: float
    sentence: int
    """Takes of the same sentence by the same character are compared."""
    found: Performed


def run_delivery(
    *, folder: Path, count: int = 2, renderer: str | None = None, progress: Progress = silent
) -> list[Row]:
    """Figures for extraversion and for arousal.

    Args:
        folder: Takes the videos.
        count: Characters, each with a sentence of its own, 1..3.
        renderer: Who draws; None takes the setting.
        progress: Told about every character.

    Raises:
        WeightsError: Weights are missing or damaged.
    """
    studio = Studio(llm="rules", renderer=renderer)
    outward: list[Take] = []
    aroused: list[Take] = []
    with FaceDetector() as detector:
        for number, text in enumerate(_SAID[:count]):
            progress(_STAGE, number, count, PERSONAS[number])
            persona = studio.create(PERSONAS[number], seed=_SEED)
            for asked in EXTRAVERSIONS:
                video = folder / f"{number}-extraversion-{asked:.2f}.mp4"
                studio.say(with_extraversion(persona, asked), text, out=video)
                outward.append(Take(asked, number, performed(video, text, detector)))
            for emotion, arousal in AROUSALS.items():
                video = folder / f"{number}-{emotion}.mp4"
                studio.say(with_extraversion(persona, 0.5), text, out=video, style=emotion)
                aroused.append(Take(arousal, number, performed(video, text, detector)))
        progress(_STAGE, count, count)
    return [*order_rows("extraversion", outward), *order_rows("arousal", aroused)]


def with_extraversion(persona: Persona, value: float) -> Persona:
    """The same character, bolder or more timid, in a calm mood.

    Args:
        persona: Voice and face stay.
        value: 0..1.
    """
    card = persona.card
    big5 = card.personal.big5.model_copy(update={"extraversion": value})
    personal = card.personal.model_copy(update={"big5": big5, "mood": "neutral"})
    return replace(persona, card=card.model_copy(update={"personal": personal}))


def performed(video: Path, text: str, detector: FaceDetector | None = None) -> Performed:
    """Measure a finished video, or a sound file alone.

    Args:
        video: With sound.
        text: What is said in it.
        detector: Finds the face; None leaves the pictures out.

    Raises:
        InputFileError: The file cannot be read.
        SpeechError: There is no sound in it.
    """
    samples, rate = read_audio(video)
    moved = 0.0
    if detector is not None:
        film = watch(video, detector)
        seen = [one[[33, 263], :2] for one in film.landmarks if one is not None]
        moved = head_speed(np.array(seen, np.float32), film.fps)
    return heard(samples, rate, text, head_motion=moved)


def heard(samples: Float32, rate: int, text: str, *, head_motion: float = 0.0) -> Performed:
    """Rate and loudness of a finished sound.

    Args:
        samples: (n,) mono, with speech in it.
        rate: Hertz.
        text: What is said.
        head_motion: From the pictures.
    """
    hop, frame = round(_HOP_S * rate), round(_FRAME_S * rate)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(samples, (0, frame)), frame)[::hop]
    power = np.mean(windows.astype(np.float64) ** 2, axis=1) + 1e-12
    level = 10 * np.log10(power)
    spoken = np.flatnonzero(level > level.max() - _SILENT_DB)
    seconds = (spoken[-1] - spoken[0]) * _HOP_S + _FRAME_S
    low, high = np.percentile(level[spoken], [10, 95])
    return Performed(
        rate=60 * len(words_of(text)) / seconds,
        loudness=float(10 * np.log10(power[spoken].mean())),
        loudness_range=float(high - low),
        head_motion=head_motion,
    )


def order_rows(axis: str, takes: Sequence[Take]) -> list[Row]:
    """How well what was asked orders what was measured, and what a shuffled order would reach.

    Args:
        axis: What was asked: "extraversion", "arousal".
        takes: At least three of every sentence.
    """
    groups = [[one for one in takes if one.sentence == number] for number in {one.sentence for one in takes}]
    rows = []
    for measure in asdict(takes[0].found):
        pairs = [
            (
                np.array([one.asked for one in group]),
                np.array([getattr(one.found, measure) for one in group]),
            )
            for group in groups
        ]
        lowest, highest = zip(*[_ends(*pair) for pair in pairs], strict=True)
        control = {
            "shuffled_p95": _shuffled(pairs),
            "at_lowest": round(float(np.mean(lowest)), 3),
            "at_highest": round(float(np.mean(highest)), 3),
        }
        value = float(np.mean([spearman(*pair) for pair in pairs]))
        rows.append(Row(f"delivery.{axis}_{measure}", round(value, 3), "rho", len(takes), control))
    return rows


def spearman(asked: Float32, found: Float32) -> float:
    """Spearman's rank correlation, ties at their mean rank; 0 where one of both is the same everywhere.

    Args:
        asked: (n,)
        found: (n,)
    """
    first, second = _ranks(asked), _ranks(found)
    if min(float(first.std()), float(second.std())) < 1e-9:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: Float32) -> Float32:
    order, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[inverse.reshape(-1)], np.float32) if order.size else values


def _ends(asked: Float32, found: Float32) -> tuple[float, float]:
    """Means at the lowest and at the highest that was asked."""
    return float(found[asked == asked.min()].mean()), float(found[asked == asked.max()].mean())


def _shuffled(pairs: Sequence[tuple[Float32, Float32]]) -> float:
    """The correlation that one in twenty random orders reaches."""
    rng = generator(_SEED, "shuffled")
    reached = [
        np.mean([spearman(rng.permutation(asked), found) for asked, found in pairs]) for _ in range(_SHUFFLES)
    ]
    return round(float(np.percentile(reached, 95)), 3)


def head_speed(eyes: Float32, fps: float) -> float:
    """Speed of the eyes' middle, smoothed over five pictures against the detector's noise.

    How far it wanders would depend on how long the sentence takes, which differs with its rate.

    Args:
        eyes: (T, 2, 2) px, both eyes of every picture.
        fps: Pictures a second.

    Returns:
        Inter-ocular distances a second; 0 for fewer than seven pictures.
    """
    if len(eyes) < _SMOOTHED + 2:
        return 0.0
    apart = np.median(np.linalg.norm(eyes[:, 0] - eyes[:, 1], axis=1))
    middle = eyes.mean(axis=1) / apart
    box = np.full(_SMOOTHED, 1 / _SMOOTHED)
    path = np.stack([np.convolve(middle[:, axis], box, "valid") for axis in (0, 1)], axis=1)
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).mean() * fps)
