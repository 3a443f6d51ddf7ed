"""Which voice fits a brief: rules and embeddings over the bank, in named dimensions.

The bank is data, the score a sum of named terms, and the best voice may get a second one blended in, so that
two characters with the same brief do not share one voice (a mixture of voices, as ChatAnything calls it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.seeds import generator
from chatanything.types import Gender, VoiceBrief, VoiceChoice
from chatanything.voice.bank import BACKEND, BANK, ENGLISH, VOICES, BankVoice
from chatanything.voice.effects import EFFECTS
from chatanything.voice.mixture import Weights, mixed, nearer

_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "gender": 6.0, "accent": 5.0, "age": 2.4, "pitch": 1.6, "texture": 1.8, "pace": 0.4, "words": 2.4,
        "quality": 1.0, "clear": 1.5, "set": 0.5,
    }
)  # fmt: skip
"""Points for a perfect fit in each dimension."""
TOO_CLOSE: Final = 0.85
"""Cosine of speaker embeddings above which two voices pass for one."""
_JITTER: Final = 0.25
"""Standard deviation of the seed's say, in points: it decides between voices that fit as well."""
_AGES: Final = ("child", "young", "adult", "old")
_RANGE_HZ: Final[Mapping[Gender, tuple[float, float]]] = MappingProxyType(
    {"male": (80.0, 150.0), "female": (145.0, 225.0), "neutral": (80.0, 225.0)}
)
"""Deep and high voices of the bank."""
_CREATURE_HZ: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"child": (235.0, 330.0), "creature-high": (270.0, 380.0), "creature-low": (68.0, 115.0)}
)
"""Where a class speaks, whatever voice it is made from; pitch 0 .. 1 of the brief spans it."""
_BASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "child": (
            "af_nova",
            "af_heart",
            "am_michael",
            "bf_isabella",
            "bf_lily",
            "bm_fable",
            "zm_yunxia",
        ),
        "creature-high": ("af_nova", "af_river", "bf_isabella", "bm_fable"),
        "creature-low": ("am_fenrir", "am_michael", "bm_george", "am_santa", "af_alloy", "bf_emma"),
        "robot": ("am_michael", "am_echo", "af_alloy", "bm_george", "bf_emma"),
        "ghost": ("bf_lily", "af_river", "af_sarah", "am_michael", "bm_daniel", "bf_emma", "am_echo"),
    }
)
"""Voices that stay intelligible under the effect; with a foreign accent every voice of that accent may do."""
_MOST_MISHEARD: Final = 0.08
"""Of an English voice's words: one that is less clear is there for who names it, and never offered."""
_CLEARLY: Final = 0.7
"""Impression of a gender from which it is not doubted."""
_CRONE_WORDS: Final = frozenset({"witch", "crone", "hag"})
_BLEND_MARGIN: Final = 1.6
_ACCENT_SHARE: Final = 0.4
"""Weight of a voice of the other gender that lends its accent."""
_WHISPER: Final = 0.45
"""Voices with a smaller share of voiced time whisper; they never take part in blends."""
_WHISPERED: Final = re.compile(
    r"\b(?:whisper|breath[iy]|hush|murmur|asmr|soft(?:ly)?[- ]spoken|(?:speak|talk)\w* (?:\w+ )?softly)",
    re.IGNORECASE,
)
"""Asks for one of them; a rough voice, which has as low a texture, does not."""
_SHIFT_LIMIT: Final = 12.0
_HUMAN_SHIFT: Final = 3.5
_LEAST_SHIFT: Final = 1.0
"""Semitones: less is hardly heard in a person's voice, and every shift costs some clarity and time."""
_ROBOT_HZ: Final = (85.0, 260.0)
_MEAN_SECONDS: Final = 4.19
_NEARER: Final[Mapping[str, float]] = MappingProxyType(
    {
        "imp": 0.20, "giant": 0.13, "child": 0.12, "boy": 0.12, "robot": 0.07, "robot_f": 0.09,
        "ghost": 0.07, "crone": 0.13,
    }
)  # fmt: skip
"""By so much an effect on two voices raises the cosine of what is heard, mean and a deviation over pairs."""
_SPEAKER_KEPT: Final = frozenset({"none", "robot", "robot_f"})
"""Through these the speaker can still be told; of other effects that was not measured."""
_MASKED: Final = 0.1
"""By so much two of them on one voice lower the cosine: a man and the robot made of him stay at .89."""
_PITCH_APART: Final = 0.02
"""By so much a semitone between them lowers it: a voice that is shifted by three stays at .93."""


@dataclass(frozen=True, slots=True)
class Match:
    """A chosen voice and why."""

    wanted: Mapping[str, str]
    """gender, age, class, accent."""
    choice: VoiceChoice
    scores: tuple[tuple[str, float], ...]
    """The five best voices with their points, best first."""
    terms: Mapping[str, Mapping[str, float]]
    """How well each of those five fits, 0..1 in every dimension."""

    @property
    def reason(self) -> tuple[str, ...]:
        """One line a dimension."""
        return self.choice.reason


def _near(got: float, wanted: float, width: float) -> float:
    """1 where equal, falling to 0 at `width`; near 0.5 throughout where nothing special is wanted."""
    fit = max(0.0, 1.0 - abs(got - wanted) / width)
    say = min(1.0, 0.3 + 3.0 * abs(wanted - 0.5))
    return 0.5 + say * (fit - 0.5)


def _pitch_of(voice: BankVoice) -> float:
    """0 deep .. 1 high among its gender."""
    low, high = _RANGE_HZ[voice.gender]
    return float(np.clip(np.log(voice.f0_hz / low) / np.log(high / low), 0.0, 1.0))


def _texture_of(voice: BankVoice) -> float:
    """0 whispery or rough .. 1 clear, from the share of voiced time and the melody's jumps."""
    rough = {"am_santa": 0.2, "em_santa": 0.2, "pm_santa": 0.2, "bm_lewis": 0.2, "am_onyx": 0.3}
    return rough.get(voice.name, float(np.clip((voice.voiced - 0.3) / 0.55, 0.0, 0.9)))


def _wanted_pitch(brief: VoiceBrief) -> float:
    """The brief's pitch, lower for the old and higher for the young."""
    return float(np.clip(brief.pitch + {"old": -0.2, "young": 0.1}.get(brief.age, 0.0), 0.0, 1.0))


def _terms(voice: BankVoice, brief: VoiceBrief, likeness: float) -> dict[str, float]:
    """How well a voice fits, 0..1 in each dimension."""
    gender = 0.5
    if brief.gender != "neutral":
        heard = voice.female if brief.gender == "female" else 1.0 - voice.female
        gender = float(voice.gender == brief.gender) * min(1.0, heard / _CLEARLY)
    age = max(0.0, 1.0 - abs(_AGES.index(voice.age) - _AGES.index(brief.age)) / 2)
    age = 0.0 if voice.age == "old" and brief.age != "old" else age
    pitch = _near(_pitch_of(voice), _wanted_pitch(brief), 0.7)
    if brief.voice_class in _CREATURE_HZ:
        pitch = 1.0 - abs(_shift(brief, voice, _effect(brief, voice))) / _SHIFT_LIMIT
    return {
        "gender": gender,
        "accent": float(voice.accent == brief.accent),
        "age": age,
        "pitch": pitch,
        "texture": _near(_texture_of(voice), brief.texture, 0.6),
        "pace": _near(0.5 + (_MEAN_SECONDS - voice.seconds) / 2, brief.pace, 0.8),
        "words": likeness,
        "quality": voice.quality,
        "clear": max(0.0, 1.0 - voice.word_error / _MOST_MISHEARD) if voice.accent in ENGLISH else 0.5,
        "set": float(voice.recommended),
    }


def _blend_fit(voice: BankVoice, brief: VoiceBrief) -> float:
    """How near a voice is in what a blend can change, 0..1; what the brief does not ask for counts little."""
    misses = [
        (1.8, _texture_of(voice), brief.texture),
        (0.4, 0.5 + (_MEAN_SECONDS - voice.seconds) / 2, brief.pace),
    ]
    # Creatures and robots are shifted to their pitch, whatever they are made of.
    if brief.voice_class in ("human", "ghost"):
        misses.append((1.6, _pitch_of(voice), _wanted_pitch(brief)))
    missed = sum(
        weight * min(1.0, 0.3 + 3.0 * abs(wanted - 0.5)) * min(1.0, abs(got - wanted) / 0.7)
        for weight, got, wanted in misses
    )
    return float(1.0 - missed / sum(weight for weight, _, _ in misses))


def _likeness(text: str) -> dict[str, float]:
    """Meaning of the brief against the voices' descriptions, 0..1 over the bank."""
    vectors = embed([text, *(voice.description for voice in BANK)])
    cosine = vectors[1:] @ vectors[0]
    spread = (cosine - cosine.min()) / max(float(np.ptp(cosine)), 1e-6)
    return {voice.name: float(value) for voice, value in zip(BANK, spread, strict=True)}


def _allowed(brief: VoiceBrief) -> list[BankVoice]:
    """The voices that may be chosen: of the right accent and gender, fit for the effect.

    Where no voice has both, gender goes first and the accent is blended in (`_blend`). Whispering
    voices are for those who ask for one.
    """
    bases = _BASES.get(brief.voice_class, ())
    clear = [v for v in BANK if v.accent not in ENGLISH or v.word_error <= _MOST_MISHEARD]
    pool = [v for v in clear if v.voiced >= _WHISPER or _WHISPERED.search(brief.text)]
    pool = [v for v in pool if brief.gender in ("neutral", v.gender)]
    pool = [v for v in pool if v.accent == brief.accent] or [v for v in pool if v.accent == "us"]
    return [v for v in pool if v.name in bases] or pool


def _effect(brief: VoiceBrief, voice: BankVoice) -> str:
    """The effect that turns a voice into the wanted class."""
    match brief.voice_class:
        case "robot":
            return "robot_f" if voice.gender == "female" else "robot"
        case "ghost":
            return "ghost"
        case "creature-high":
            return "imp"
        case "creature-low":
            return "giant"
        case "child":
            return "none" if voice.age == "child" else "boy" if voice.gender == "male" else "child"
    words = set(re.findall(r"[a-z]+", brief.text.lower()))
    crone = voice.gender == "female" and brief.age != "young" and words & _CRONE_WORDS
    return "crone" if crone else "none"


def _shift(brief: VoiceBrief, voice: BankVoice, effect: str) -> float:
    """Semitones that bring the voice to where its class and brief want it."""
    place = _wanted_pitch(brief)
    if brief.voice_class == "robot":
        note = EFFECTS[effect].monotone_hz
        octaves = (brief.pitch - 0.5) + (0.5 if brief.age == "child" else 0.0)
        aim = float(np.clip(note * 2**octaves, *_ROBOT_HZ))
        return round(12 * float(np.log2(aim / note)), 2)
    if brief.voice_class in _CREATURE_HZ:
        low, high = _CREATURE_HZ[brief.voice_class]
        if brief.gender == "female" and brief.voice_class == "creature-low":
            low, high = 1.35 * low, 1.35 * high
        aim = low * (high / low) ** place
        shift = 12 * float(np.log2(aim / (voice.f0_hz * EFFECTS[effect].f0)))
        return round(float(np.clip(shift, -_SHIFT_LIMIT, _SHIFT_LIMIT)), 2)
    # Only towards what is asked for: a voice that is deeper than a deep one asked for stays so.
    missing = place - _pitch_of(voice) if place != 0.5 else 0.0
    shift = 5.0 * (min(missing, 0.0) if place < 0.5 else max(missing, 0.0))
    if brief.age == "child":
        shift += 4.0
    elif brief.age == "old" and voice.age != "old":
        shift -= 0.6
    shift = float(np.clip(shift, -_HUMAN_SHIFT, 2 * _HUMAN_SHIFT))
    return round(shift, 2) if abs(shift) >= _LEAST_SHIFT else 0.0


def _rate(brief: VoiceBrief, weights: Weights) -> float:
    """Speed factor: the brief's pace, with slow and fast voices evened out halfway."""
    seconds = {v.name: v.seconds for v in BANK}
    own = sum(weight * seconds[name] for name, weight in weights) / _MEAN_SECONDS
    slow = {"old": 0.94, "child": 0.98}.get(brief.age, 1.0)
    # A fast robot is hard to follow: at 1.17 .086 of the words were misheard, at 1.0 .057.
    kind = {"creature-low": 0.92, "creature-high": 1.05, "ghost": 0.9, "robot": 0.88}.get(
        brief.voice_class, 1.0
    )
    return round(float(np.clip(own**0.5 * (0.78 + 0.44 * brief.pace) * slow * kind, 0.6, 1.6)), 3)


def _blend(ranked: list[tuple[BankVoice, float]], brief: VoiceBrief, seed: int) -> Weights:
    """The best voice, or a blend that is nearer to the brief, or one with a voice that fits as well mixed in.

    All blends are skewed, or they would sound alike.
    """
    best, points = ranked[0]
    if best.accent != brief.accent and (native := [v for v in BANK if v.accent == brief.accent]):
        return ((best.name, 1.0 - _ACCENT_SHARE), (native[0].name, _ACCENT_SHARE))
    partners = [
        v
        for v, p in ranked[1:4]
        if points - p <= _BLEND_MARGIN
        and v.gender == best.gender
        and v.accent == best.accent
        and v.voiced >= _WHISPER
    ]
    if brief.voice_class == "robot" or best.voiced < _WHISPER:
        return ((best.name, 1.0),)
    kin = [
        v for v, _ in ranked if (v.gender, v.accent) == (best.gender, best.accent) and v.voiced >= _WHISPER
    ]
    if found := nearer(kin, lambda voice: _blend_fit(voice, brief)):
        return found
    if not partners:
        return ((best.name, 1.0),)
    random = generator(seed, "voice", "blend")
    partner = partners[int(random.integers(len(partners)))]
    share = round(float(random.uniform(0.1, 0.32)), 3)
    return ((best.name, round(1.0 - share, 3)), (partner.name, share))


def _reasons(brief: VoiceBrief, voice: BankVoice, terms: Mapping[str, float]) -> tuple[str, ...]:
    got = {
        "gender": (brief.gender, voice.gender),
        "accent": (brief.accent, voice.accent),
        "age": (brief.age, voice.age),
        "pitch": (f"{_wanted_pitch(brief):.2f}", f"{_pitch_of(voice):.2f} ({voice.f0_hz:.0f} Hz)"),
        "texture": (f"{brief.texture:.2f}", f"{_texture_of(voice):.2f}"),
        "pace": (f"{brief.pace:.2f}", f"{voice.seconds:.1f} s a sentence"),
        "words": ("the description", voice.description),
        "quality": ("best", voice.grade or "not graded"),
        "clear": (f"under {_MOST_MISHEARD:.0%} of the words misheard", f"{voice.word_error:.1%}"),
        "set": ("distinct voices", "in the set" if voice.recommended else "not in the set"),
    }
    return tuple(f"{k}: wanted {a}, got {b}, score {terms[k]:.2f}" for k, (a, b) in got.items())


def _blend_reason(brief: VoiceBrief, choice: VoiceChoice) -> tuple[str, ...]:
    """A line about a blend; none for a single voice."""
    if len(choice.weights) == 1:
        return ()
    parts = [VOICES[name] for name, _ in choice.weights]
    alone, blended = (_blend_fit(v, brief) for v in (parts[0], mixed(parts, [s for _, s in choice.weights])))
    said = " + ".join(f"{share:.2f} {name}" for name, share in choice.weights)
    return (f"blend: {said}; in pitch, texture and pace {alone:.2f} alone, {blended:.2f} blended",)


def closeness(one: VoiceChoice, other: VoiceChoice) -> float:
    """How alike two choices sound, 0..1, from the measured speaker embeddings of what they are made of.

    The embedding of a blend is taken to be the weighted mean of its parts, which is more alike to them than
    the blend itself sounds: errors are on the careful side. The same effect brings two voices nearer, another
    pitch hardly parts them; another effect makes another voice, 0, but robots stay like who they are made of.
    """
    if one.effect != other.effect and not {one.effect, other.effect} <= _SPEAKER_KEPT:
        return 0.0
    a, b = (
        sum((w * VOICES[n].vector for n, w in choice.weights if n in VOICES), np.zeros(256, np.float32))
        for choice in (one, other)
    )
    cosine = float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))
    if one.effect == other.effect:
        moved = _NEARER.get(one.effect, 0.0) - _PITCH_APART * abs(one.pitch - other.pitch)
    else:
        moved = -_MASKED
    return min(1.0, max(0.0, cosine + moved))


def _choice(brief: VoiceBrief, weights: Weights) -> VoiceChoice:
    best = mixed([VOICES[name] for name, _ in weights], [share for _, share in weights])
    effect = _effect(brief, best)
    shift = _shift(brief, best, effect)
    return VoiceChoice(BACKEND, weights, rate=_rate(brief, weights), pitch=shift, effect=effect)


def _apart(choices: Sequence[VoiceChoice], unlike: Sequence[VoiceChoice]) -> tuple[VoiceChoice, str]:
    """The first choice that no other persona sounds like, or the least alike, and a line about it."""
    near = [max((closeness(choice, other) for other in unlike), default=0.0) for choice in choices]
    at = next((i for i, value in enumerate(near) if value <= TOO_CLOSE), int(np.argmin(near)))
    moved = f", moved away from a voice at {near[0]:.2f}" if at else ""
    return choices[at], f"others: wanted at most {TOO_CLOSE:.2f} alike, got {near[at]:.2f}{moved}"


def match_voice(brief: VoiceBrief, seed: int, *, unlike: Sequence[VoiceChoice] = ()) -> Match:
    """Choose voices, rate, pitch and effect for a brief; always finds one.

    Args:
        brief: What is wanted.
        seed: Decides between voices that fit about as well, and the blend.
        unlike: Voices of other personas, to keep away from; the next best that is no more than `TOO_CLOSE`
            alike to any of them is taken.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    likeness = _likeness(brief.text)
    random = generator(seed, "voice", "taste")
    taste = {voice.name: float(random.normal(0, _JITTER)) for voice in BANK}
    terms = {v.name: _terms(v, brief, likeness[v.name]) for v in _allowed(brief)}
    points = {n: sum(_WEIGHTS[k] * x for k, x in t.items()) + taste[n] for n, t in terms.items()}
    ranked = sorted(((v, points[v.name]) for v in BANK if v.name in points), key=lambda p: (-p[1], p[0].name))
    singles = [((voice.name, 1.0),) for voice, _ in ranked[1:]]
    choices = [_choice(brief, weights) for weights in (_blend(ranked, brief, seed), *singles)]
    choice, distance = _apart(choices, unlike)
    best = VOICES[choice.weights[0][0]]
    kind = f"class: wanted {brief.voice_class}, got effect {choice.effect} at {choice.pitch:+g} semitones"
    lines = (
        *_reasons(brief, best, terms[best.name]), *_blend_reason(brief, choice), kind,
        *([distance] if unlike else ()),
    )  # fmt: skip
    choice = replace(choice, reason=lines)
    wanted = {
        "gender": brief.gender,
        "age": brief.age,
        "class": brief.voice_class,
        "accent": brief.accent,
    }
    scores = tuple((v.name, round(p, 3)) for v, p in ranked[:5])
    return Match(wanted, choice, scores, {name: terms[name] for name, _ in scores})
