"""Every object that crosses a stage border, grouped by border.

Plain frozen dataclasses with numpy arrays inside, so that a later stage never needs to import an
earlier one. Arrays are treated as read-only by everybody who receives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]
UInt8 = npt.NDArray[np.uint8]
Int16 = npt.NDArray[np.int16]
Bool = npt.NDArray[np.bool_]

Gender = Literal["male", "female", "neutral"]
AgeBand = Literal["child", "young", "adult", "old"]
VoiceClass = Literal["human", "child", "robot", "ghost", "creature-high", "creature-low"]
Emotion = Literal["neutral", "happy", "sad", "angry", "afraid", "surprised", "disgusted", "tender"]

# ---------------------------------------------------------------- persona -> everybody


@dataclass(frozen=True, slots=True)
class Temperament:
    """Big Five, each 0 (low) to 1 (high)."""

    openness: float = 0.5
    conscientiousness: float = 0.5
    extraversion: float = 0.5
    agreeableness: float = 0.5
    neuroticism: float = 0.5


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one reply is performed; the one object through which a persona reaches voice and face."""

    emotion: Emotion = "neutral"
    intensity: float = 0.3
    """0..1, strength of `emotion`."""
    rate: float = 1.0
    """Speed factor of the speech, 0.5..2."""
    pitch: float = 0.0
    """Semitones added to the chosen voice, -12..12."""
    energy: float = 1.0
    """Loudness factor, 0.5..1.5."""
    pauses: float = 1.0
    """Factor on pause lengths, 0.5..2."""
    head_motion: float = 1.0
    """Factor on head movement, 0..2."""
    blink_rate: float = 15.0
    """Blinks a minute, 0..40."""
    mouth_gain: float = 1.0
    """Factor on mouth opening, 0.5..1.5; closures stay closed."""


# ---------------------------------------------------------------- persona -> voice


@dataclass(frozen=True, slots=True)
class VoiceBrief:
    """What the persona wants to sound like."""

    text: str
    """Free words, in English ("gravelly old sailor")."""
    gender: Gender = "neutral"
    age: AgeBand = "adult"
    voice_class: VoiceClass = "human"
    accent: str = "us"
    """us, gb, or the accent of another language: es, fr, hi, it, ja, pt, zh."""
    pitch: float = 0.5
    """0 deep .. 1 high, among voices of that gender and age."""
    pace: float = 0.5
    """0 slow .. 1 fast."""
    texture: float = 0.5
    """0 rough or whispery .. 1 clear and bright."""


@dataclass(frozen=True, slots=True)
class VoiceConsent:
    """Who allowed that a voice is made after a recording; checked by `provenance.consent`."""

    statement: str
    """What was allowed, in the words of `who`."""
    who: str
    """Who gave it: the person heard, or who answers for the recording."""
    when: str
    """When it was given, ISO 8601 with a time zone."""
    clip_sha256: str
    """Of the recording."""


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice of the bank, or a blend, or a voice of another backend, with rate, pitch and effect."""

    backend: str
    weights: tuple[tuple[str, float], ...]
    """(voice, weight); weights are positive and sum to 1. Only the bank's voices blend."""
    rate: float = 1.0
    """Speed factor, 0.5..2."""
    pitch: float = 0.0
    """Semitones, -12..12."""
    effect: str = "none"
    """Name of a creature effect, or "none"."""
    reason: tuple[str, ...] = ()
    """One line a named dimension: wanted, got, score."""
    consent: VoiceConsent | None = None
    """For a voice made after a recording."""
    stand_in: VoiceChoice | None = None
    """The bank voice that may speak where this one cannot."""


# ---------------------------------------------------------------- persona -> face


@dataclass(frozen=True, slots=True)
class LookBrief:
    """What the persona wants to look like."""

    text: str
    """Free words, in English: description plus the writer's face text."""
    species: str = "human"
    """A noun: "human", "apple", "teapot", ..."""
    gender: Gender = "neutral"
    age: AgeBand = "adult"
    mood: Emotion = "neutral"


@dataclass(frozen=True, slots=True)
class Portrait:
    """A face that the animator can drive."""

    image: UInt8
    """(H, W, 3) uint8 RGB, square."""
    landmarks: Float32
    """(478, 3) float32, MediaPipe's order; x, y in pixels, z in pixels with the head centre near 0."""
    face_box: tuple[float, float, float, float]
    """x0, y0, x1, y1 in pixels."""
    masks: Mapping[str, Bool] = field(default_factory=dict)
    """Name ("head": everything that moves with the head) -> (H, W) bool; empty when not known."""
    guide: str = ""
    """Template or guidance that was used."""
    expert: str = ""
    """Which generator drew it: "template", "photo", ..."""
    attempts: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """One picture of the persona with a known face shape."""

    name: str
    """Viseme ("aa", "PP", ...) or "blink"."""
    image: UInt8
    """(H, W, 3) uint8 RGB, aligned with the portrait: same head, same light, same size."""
    landmarks: Float32
    """(478, 3) float32 px."""
    opening: float
    """Gap between the inner lips over the inter-ocular distance, 0 = closed."""


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """Appearance references of a persona, made once at creation and kept with it."""

    lips: tuple[Reference, ...]
    """Closed to wide."""
    face: tuple[Reference, ...]
    """The portrait itself first, then closed eyes."""


# ---------------------------------------------------------------- voice -> lipsync


@dataclass(frozen=True, slots=True)
class TimedUnit:
    """A word, or a phone in ARPAbet without stress ("AA", "M", "SIL")."""

    text: str
    kind: Literal["word", "phone"]
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken audio with timings."""

    samples: Float32
    """(n,) float32 in [-1, 1], mono."""
    sample_rate: int
    """Hertz."""
    units: tuple[TimedUnit, ...] = ()
    """Words and phones in order of time; empty when only the sound is known."""
    text: str = ""
    backend: str = ""
    """Voice backend that spoke, which may have stood in for another; empty for a recording."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate

    def phones(self) -> tuple[TimedUnit, ...]:
        """The phone units only."""
        return tuple(u for u in self.units if u.kind == "phone")

    def words(self) -> tuple[TimedUnit, ...]:
        """The word units only."""
        return tuple(u for u in self.units if u.kind == "word")


# ---------------------------------------------------------------- lipsync -> media


@dataclass(frozen=True, slots=True)
class Motion:
    """How the face moves; T = ceil(duration * fps) frames."""

    fps: float
    blendshapes: Float32
    """(T, 52) float32 in 0..1, MediaPipe's order (index 0 is `_neutral`)."""
    head: Float32
    """(T, 6) float32: pitch, yaw, roll in radians; x, y, z in inter-ocular distances."""
    gaze: Float32
    """(T, 2) float32 in -1..1: right, up, as the viewer sees it."""

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.blendshapes)


@dataclass(frozen=True, slots=True)
class Frame:
    """One finished picture."""

    image: UInt8
    """(H, W, 3) uint8 RGB."""
    pts: int
    """Frame number, from 0."""


# ---------------------------------------------------------------- media -> user


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What one stage did."""

    stage: str
    """persona, voice, face, speech, motion, render, write."""
    backend: str
    weights: tuple[str, ...]
    """Ids of weights.lock."""
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TalkingVideo:
    """A finished video file."""

    path: Path
    duration_s: float
    fps: float
    size: int
    """Edge in pixels."""
    sha256: str
    records: tuple[RunRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class DubbedVideo(TalkingVideo):
    """A finished clip with a new mouth; `size` is its width."""

    height: int = 0
    """Pixels."""
    frames: int = 0
    """How many there are."""
    without_face: int = 0
    """Those that stayed as they were, since no face that could be dubbed is in them."""
