"""`evaluate motion`: the network that moves a face, against recorded faces and on voices never heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from chatanything.errors import UsageError
from chatanything.evaluation.rows import Row
from chatanything.evaluation.style import borrowed_rows, recorded_row
from chatanything.evaluation.suite import SENTENCES
from chatanything.lipsync.motion import RuleMotion
from chatanything.lipsync.motion_measures import Carrier, correlation, figures
from chatanything.lipsync.motion_net import MotionNet
from chatanything.lipsync.motion_style import MotionStyle
from chatanything.lipsync.net_motion import RECORDED, NetMotion
from chatanything.lipsync.recorded_faces import MOUTH, FaceRecording, read_faces
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import Delivery, Float32, Motion, Speech, Temperament, VoiceChoice
from chatanything.visemes import BILABIALS, INDEX
from chatanything.voice.bank import BACKEND, BANK
from chatanything.voice.speech import Speaker

STAGE: Final = "motion"
VOICES: Final = tuple(voice.name for voice in BANK[4::9])
"""Voices that no training clip is spoken by (`training.motion_speech`)."""
_FPS: Final = 25.0
_FITTED_TO: Final = 100
"""Training clips to which each method's map onto the recorded lips is fitted."""
_UNITS: Final = {
    "jaw_r": "r", "gap_r": "r", "best_r": "r", "lmd": "% eyes", "speed": "ratio", "jitter": "ratio",
}  # fmt: skip
_JAW: Final = INDEX["jawOpen"]
_TIMID: Final = (Delivery(mouth_gain=0.7, head_motion=0.4), Temperament(extraversion=0.1))
_BOLD: Final = (Delivery(mouth_gain=1.3, head_motion=1.6), Temperament(extraversion=0.9))
Method = Callable[[Speech], Motion]


def run_motion(
    *,
    grid: Path,
    clips: int = 50,
    spoken: int = 12,
    borrowed: int = 2,
    net: MotionNet | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Figures of the network with the rules and an unmoving mean as controls.

    Args:
        grid: Folder of recorded faces with "train" and "test" clips.
        clips: The first so many test clips.
        spoken: Sentences spoken by voices that were kept from training; 0 leaves this part out.
        borrowed: Characters that speak in styles taken from clips, in finished videos made by the shipped
            network and by the rules; 0 leaves this part out.
        net: Another network than the shipped one.
        progress: Told about every part.

    Raises:
        UsageError: There are no recordings.
        InputFileError: A recording cannot be read.
        WeightsError: The network or the voices are missing or damaged.
    """
    maker = NetMotion(net)
    fitted, held = read_faces(grid, "train")[:_FITTED_TO], read_faces(grid, "test")[:clips]
    rows = recorded_rows(maker, fitted, held, progress)
    if spoken:
        speeches = _spoken(spoken, progress)
        rows += [*spoken_rows(maker, speeches), *style_rows(maker, speeches)]
    if borrowed:
        with TemporaryDirectory() as folder:
            rows += [recorded_row(held), *borrowed_rows(Path(folder), count=borrowed, progress=progress)]
    return rows


def recorded_rows(
    maker: NetMotion,
    fitted: Sequence[FaceRecording],
    held: Sequence[FaceRecording],
    progress: Progress = silent,
) -> list[Row]:
    """The network on recorded sound, alone and with phones.

    Args:
        maker: The network's.
        fitted: Recordings for the linear maps.
        held: Recordings that nothing was fitted to.
        progress: Told about every method.

    Raises:
        UsageError: There is no clip.
    """
    if not held:
        raise UsageError("no test recordings", expected="at least one clip")
    real = maker.style(1.0)
    ours = maker.style(RECORDED)
    methods: dict[str, Method] = {
        "net_sound": lambda speech: _net(maker, _stripped(speech), real),
        "net_phones": lambda speech: _net(maker, speech, real),
        "persona_sound": lambda speech: _net(maker, _stripped(speech), ours),
        "rules_sound": lambda speech: _rules(_stripped(speech)),
        "rules_phones": _rules,
    }
    found: dict[str, dict[str, float]] = {}
    for number, (name, method) in enumerate(methods.items()):
        progress(STAGE, number, len(methods), name)
        carrier = Carrier.fitted([method(clip.speech) for clip in fitted], fitted)
        found[name] = figures([method(clip.speech) for clip in held], held, carrier)
        if name == "net_sound":
            other = [method(held[(i + 1) % len(held)].speech) for i in range(len(held))]
            found["other_clip"] = figures(other, held, carrier)
    found["mean"] = _mean_control(fitted, held)
    rows = []
    for way in ("sound", "phones"):
        others = (f"rules_{way}", "rules_phones", "persona_sound", "other_clip", "mean")
        for name, unit in _UNITS.items():
            control = {other: found[other][name] for other in others if name in found[other]}
            rows.append(
                Row(f"motion.recorded_{way}_{name}", found[f"net_{way}"][name], unit, len(held), control)
            )
    return rows


def spoken_rows(maker: NetMotion, speeches: Sequence[Speech]) -> list[Row]:
    """The network on unheard voices: how near its mouth is to the phones' shapes, from the sound alone.

    Args:
        maker: The network's.
        speeches: With phones.
    """
    ruled = maker.style(0.0)
    truths = [_rules(speech) for speech in speeches]
    methods: dict[str, Method] = {
        "net_sound": lambda speech: _net(maker, _stripped(speech), ruled),
        "net_phones": lambda speech: _net(maker, speech, ruled),
        "rules_sound": lambda speech: _rules(_stripped(speech)),
    }
    made = {name: [method(speech) for speech in speeches] for name, method in methods.items()}
    rows = []
    for metric, unit, measure in (("jaw_r", "r", _jaw_r), ("error", "0..1", _error)):
        values = {
            name: float(np.mean([measure(one, truth) for one, truth in zip(motions, truths, strict=True)]))
            for name, motions in made.items()
        }
        control = {name: round(values[name], 4) for name in ("net_phones", "rules_sound")}
        rows.append(
            Row(f"motion.spoken_{metric}", round(values["net_sound"], 4), unit, len(speeches), control)
        )
    return rows


def style_rows(maker: NetMotion, speeches: Sequence[Speech]) -> list[Row]:
    """The same sound by a bold and by a timid character.

    Args:
        maker: The network's.
        speeches: With phones.
    """
    motions = {
        name: [
            maker.motion(speech, delivery=delivery, temperament=temperament, fps=_FPS, seed=0)
            for speech in speeches
        ]
        for name, (delivery, temperament) in {"timid": _TIMID, "bold": _BOLD}.items()
    }
    sizes = {
        name: float(np.mean([np.percentile(m.blendshapes[:, _JAW], 90) for m in made]))
        for name, made in motions.items()
    }
    shut = {
        name: np.concatenate([_at_bilabials(m, s) for m, s in zip(made, speeches, strict=True)])
        for name, made in motions.items()
    }
    asked = (1.3 * (0.85 + 0.3 * 0.9)) / (0.7 * (0.85 + 0.3 * 0.1))
    count = len(shut["bold"])
    closed = {name: float(np.mean(values < 0.05)) for name, values in shut.items()}
    return [
        Row("motion.style_ratio", round(sizes["bold"] / max(sizes["timid"], 1e-6), 3), "ratio",
            len(speeches), {"asked": round(asked, 3)}),
        Row("motion.style_closed", round(closed["bold"], 3), "share", count,
            {"timid": round(closed["timid"], 3)}),
    ]  # fmt: skip


def _net(maker: NetMotion, speech: Speech, style: MotionStyle) -> Motion:
    return maker.spoken(speech, style, frames=_frames(speech), fps=_FPS)


def _rules(speech: Speech) -> Motion:
    frames = _frames(speech)
    mouth = RuleMotion.mouth(speech, frames, _FPS, 1.0)
    return Motion(_FPS, mouth, np.zeros((frames, 6), np.float32), np.zeros((frames, 2), np.float32))


def _stripped(speech: Speech) -> Speech:
    return Speech(speech.samples, speech.sample_rate)


def _frames(speech: Speech) -> int:
    return max(1, int(np.ceil(speech.duration_s * _FPS)))


def _mean_control(fitted: Sequence[FaceRecording], held: Sequence[FaceRecording]) -> dict[str, float]:
    """The lips' mean place over the training clips, unmoving."""
    moved = np.concatenate([clip.lips - clip.closed for clip in fitted]).mean(axis=0)
    distance = [np.linalg.norm(clip.closed + moved - clip.lips, axis=2).mean() for clip in held]
    return {"jaw_r": 0.0, "gap_r": 0.0, "best_r": 0.0, "lmd": round(100 * float(np.mean(distance)), 3)}


def _jaw_r(made: Motion, truth: Motion) -> float:
    return correlation(made.blendshapes[:, _JAW], truth.blendshapes[:, _JAW])


def _error(made: Motion, truth: Motion) -> float:
    mouth = list(MOUTH)
    return float(np.abs(made.blendshapes[:, mouth] - truth.blendshapes[:, mouth]).mean())


def _at_bilabials(motion: Motion, speech: Speech) -> Float32:
    """Narrowest `jawOpen` within each P, B and M."""
    times = (np.arange(len(motion)) + 0.5) / motion.fps
    found = []
    for unit in speech.phones():
        if unit.text in BILABIALS:
            near = np.abs(times - (unit.start_s + unit.end_s) / 2) <= 1 / motion.fps
            found.append(float(motion.blendshapes[near, _JAW].min()))
    return np.array(found, np.float32)


def _spoken(count: int, progress: Progress) -> list[Speech]:
    speaker, made = Speaker(), []
    for number in range(count):
        progress(STAGE, number, count, f"speaking sentence {number + 1}")
        choice = VoiceChoice(BACKEND, ((VOICES[number % len(VOICES)], 1.0),))
        text = SENTENCES[number % len(SENTENCES)]
        made.append(speaker.speak(text, choice, Delivery(), seed=derive(0, "motion", number)))
    return made
