"""When each word and phone of a recording is spoken: forced alignment with pocketsphinx.

Two passes (words, then phones) with the acoustic model and dictionary that ship inside the package;
words that it does not know get a pronunciation from our own g2p. 10 ms steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from chatanything.errors import SpeechError
from chatanything.media.audio import resampled_blocks
from chatanything.seeds import generator
from chatanything.types import Float32, TimedUnit
from chatanything.visemes import PHONE_TO_VISEME
from chatanything.voice.g2p import phonemise
from chatanything.voice.phones import to_arpabet
from chatanything.voice.text import normalise_text

_RATE: Final = 16_000
_STEP_S: Final = 0.01
_PIECE_S: Final = 60.0
"""Sound of unknown words that is listened to at once."""
_STEPS: Final = 4096
"""Steps whose loudness is computed at once."""
_PAD_S: Final = 0.3
"""Silence around the recording; without it one clip in ten fails in the phone pass."""
_DITHER: Final = 2e-4
_LEVEL: Final = 0.5
"""Peak that the recogniser gets, so that quiet recordings align as well."""
_SILENCE_DB: Final = -38.0
"""Below the loudest 30 ms of the recording: silent."""
_FLOOR: Final = 1e-4
"""A recording whose loudest 30 ms have a smaller RMS than this is silent altogether."""
_SHORTEST_GAP_S: Final = 0.08
_NOISY_GAP_S: Final = 0.2
_OVER_NOISE_DB: Final = 14.0
_LOUDEST_NOISE_DB: Final = -20.0
_SHORTEST_PHONE_S: Final = 0.03
_WORD_GAP_S: Final = 0.1
"""A pause between words; shorter quiet stretches are closures of stops."""

_Segment = tuple[str, int, int]
"""Name, first 10 ms step, number of steps."""


_FAILURES: Final = (RuntimeError, TypeError, ValueError)
"""What pocketsphinx raises, one way or another, when words and sound do not meet."""
_WIDER: Final = 1e-90
"""Beam of the second attempt; the usual 1e-48 loses the thread of one clear clip in some hundreds."""


def _prepare(samples: Float32, sample_rate: int) -> bytes:
    """Mono float at any rate to padded, dithered 16-bit at 16 kHz, block by block."""
    peak = max(
        (float(np.abs(block).max()) for block in resampled_blocks(samples, sample_rate, _RATE) if block.size),
        default=0.0,
    )
    gain, noise = _LEVEL / max(peak, _FLOOR), generator(0, "align", "dither")
    silence = np.zeros(int(_PAD_S * _RATE), np.float32)
    sound = bytearray()
    for block in chain((silence,), resampled_blocks(samples, sample_rate, _RATE), (silence,)):
        dithered = block * gain + noise.normal(0, _DITHER, len(block))
        sound += np.asarray(np.clip(dithered, -1, 1) * 32767, np.int16).tobytes()
    return bytes(sound)


def _decode(decoder: Any, audio: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(audio, full_utt=True)
    decoder.end_utt()


def _aligner(*, wide: bool) -> Any:
    """A decoder of its own for every recording: a used one remembers levels and words of the last."""
    from pocketsphinx import Decoder

    beams = {"beam": _WIDER, "pbeam": _WIDER, "wbeam": _WIDER} if wide else {}
    # The lattice search fails on one clip in ten and does not change the boundaries.
    return Decoder(lm=None, bestpath=False, loglevel="FATAL", samprate=_RATE, **beams)


def _phone_decoder() -> Any:
    from pocketsphinx import Decoder, get_model_path

    model = get_model_path("en-us/en-us-phone.lm.bin")
    return Decoder(allphone=model, lm=None, dict=None, bestpath=False, loglevel="FATAL", samprate=_RATE,
                   lw=2.0, beam=1e-20, pbeam=1e-20)  # fmt: skip


def _words(decoder: Any, text: str) -> list[str]:
    """Words of the text, all of them known to the decoder afterwards."""
    words = []
    for piece in phonemise(normalise_text(text)):
        word = piece.text.lower().strip("'") if piece.word else ""
        if not word:
            continue
        if decoder.lookup_word(word) is None:
            phones = " ".join(phone for phone, _, _ in to_arpabet(piece.phonemes))
            if not phones:
                continue
            decoder.add_word(word, phones, True)
        words.append(word)
    return words


def _unit(name: str, kind: Any, start: float, frames: int, limit: float) -> TimedUnit:
    begin = min(max(start * _STEP_S - _PAD_S, 0.0), limit)
    end = min(max((start + frames) * _STEP_S - _PAD_S, 0.0), limit)
    return TimedUnit(name, kind, begin, end)


def _segments(alignment: Any) -> list[tuple[str, list[_Segment]]]:
    """Words with their phones.

    Both are read level by level: asking a word for its own phones reads memory that the library may have
    freed (its iterator ends with the last word), which now and then kills the process.
    """
    phones = [_copied(phone) for phone in alignment.phones()]
    words = []
    for name, start, frames in [_copied(word) for word in alignment.words()]:
        own = [phone for phone in phones if start <= phone[1] < start + frames]
        if own and not name.startswith(("<", "[", "+")):
            words.append((name, own))
    return words


def _copied(entry: Any) -> _Segment:
    return str(entry.name), int(entry.start), int(entry.duration)


def _found(audio: bytes, text: str, *, wide: bool) -> tuple[list[str], list[tuple[str, list[_Segment]]]]:
    """The words of the text as they are written, and what the two passes found of each."""
    decoder = _aligner(wide=wide)
    words = _words(decoder, text)
    decoder.set_align_text(" ".join(words))
    _decode(decoder, audio)
    decoder.set_alignment()
    _decode(decoder, audio)
    return words, _segments(decoder.get_alignment())


def align(samples: Float32, sample_rate: int, text: str) -> tuple[TimedUnit, ...]:
    """Words and phones of a recording whose words are known.

    Args:
        samples: (n,) float32 in [-1, 1], mono.
        sample_rate: Hertz.
        text: What is said, as people write it.

    Returns:
        Words and ARPAbet phones in order of time; SIL phones fill every gap from 0 to the end.

    Raises:
        SpeechError: The words do not fit the recording, or the text cannot be spoken.
    """
    audio, duration = _prepare(samples, sample_rate), len(samples) / sample_rate
    try:
        words, found = _found(audio, text, wide=False)
    except _FAILURES:
        try:
            words, found = _found(audio, text, wide=True)
        except _FAILURES as exc:
            raise SpeechError(
                "the words do not fit this recording",
                expected=f"speech that says {text[:60]!r}",
                got=f"{duration:.1f} s of other sound",
                hint="Give the words that are really spoken, or no words at all.",
            ) from exc
    spoken = iter(words)
    units: list[TimedUnit] = []
    gaps = silences(samples, sample_rate)
    for heard, segments in found:
        name = next(spoken, re.sub(r"\(\d+\)$", "", heard))
        phones = [_unit(_bare(phone), "phone", start, frames, duration) for phone, start, frames in segments]
        units += word_units(name, phones, gaps)
    return fill_gaps(units, duration)


def _bare(name: str) -> str:
    bare = name.rstrip("012").upper()
    return bare if bare in PHONE_TO_VISEME else "SIL"


def word_units(
    name: str, phones: Sequence[TimedUnit], gaps: Sequence[tuple[float, float]]
) -> list[TimedUnit]:
    """A word and its phones, first and last one cut where the sound pauses.

    Aligners and speech models alike let a word's last phone run on into the silence behind it.

    Args:
        name: The word.
        phones: At least one, in order of time.
        gaps: From `silences`.
    """
    first, last = phones[0].start_s, phones[-1].end_s
    for a, b in gaps:
        # A pause that was taken for a part of one phone: the phone is on its longer side.
        if b - a >= _WORD_GAP_S and _holds(phones[0], a, b) and a - first < phones[0].end_s - b:
            first = b
        if b - a >= _WORD_GAP_S and _holds(phones[-1], a, b) and a - phones[-1].start_s > last - b:
            last = a
        if b - a >= _WORD_GAP_S and a < last <= b + _STEP_S and a > first:
            last = a
        if b - a >= _WORD_GAP_S and a - _STEP_S <= first < b < last:
            first = b
    out: list[TimedUnit] = []
    ceiling = last
    for i, phone in reversed(list(enumerate(phones))):
        end = min(phone.end_s, ceiling)
        # What lies in the pause altogether is squeezed in before it.
        start = max(min(phone.start_s, end - _SHORTEST_PHONE_S), first)
        ceiling = start
        out.append(TimedUnit(phone.text, "phone", first if i == 0 else start, end))
    out = [phone for phone in reversed(out) if phone.end_s > phone.start_s]
    return [TimedUnit(name, "word", first, last), *out]


def _holds(phone: TimedUnit, start_s: float, end_s: float) -> bool:
    return phone.start_s < start_s and end_s < phone.end_s


def fill_gaps(units: Iterable[TimedUnit], duration_s: float) -> tuple[TimedUnit, ...]:
    """Add SIL phones wherever no phone is, and sort by time; a word comes before its phones."""
    units = [u for u in units if u.end_s > u.start_s and not (u.kind == "phone" and u.text == "SIL")]
    phones = sorted((u for u in units if u.kind == "phone"), key=lambda u: u.start_s)
    edges = [(0.0, 0.0), *((p.start_s, p.end_s) for p in phones), (duration_s, duration_s)]
    for (_, end), (start, _) in pairwise(edges):
        if start - end > 1e-6:
            units.append(TimedUnit("SIL", "phone", end, start))
    return tuple(sorted(units, key=lambda u: (u.start_s, u.kind == "phone", u.end_s)))


def _energy(samples: Float32, sample_rate: int) -> tuple[npt.NDArray[np.float64], float]:
    """Mean square in steps of about 10 ms, smoothed over 30 ms, and the length of a step in seconds.

    A step is a whole number of samples: at 22,050 Hz 9.977 ms, which adds up over minutes.
    """
    hop = max(1, int(_STEP_S * sample_rate))
    count = max(1, -(-len(samples) // hop))
    energy = np.zeros(count)
    for at in range(0, count, _STEPS):
        part = np.asarray(samples[at * hop : (at + _STEPS) * hop], np.float64)
        part = np.pad(part, (0, -len(part) % hop)) if len(part) else np.zeros(hop)
        energy[at : at + _STEPS] = (part**2).reshape(-1, hop).mean(axis=1)
    return np.convolve(energy, np.ones(3) / 3, mode="same"), hop / sample_rate


def _below(
    energy: npt.NDArray[np.float64], step_s: float, threshold: float, least_s: float, duration_s: float
) -> list[tuple[float, float]]:
    quiet = np.concatenate(([False], energy < threshold, [False]))
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8))).reshape(-1, 2)
    least = round(least_s / step_s)
    return [(float(a * step_s), min(float(b * step_s), duration_s)) for a, b in edges if b - a >= least]


def silences(samples: Float32, sample_rate: int) -> list[tuple[float, float]]:
    """Silent stretches of at least 80 ms in clean speech, (start, end) in seconds.

    Args:
        samples: (n,) float32, mono.
        sample_rate: Hertz.
    """
    energy, step_s = _energy(samples, sample_rate)
    threshold = max(float(energy.max(initial=0.0)) * 10 ** (_SILENCE_DB / 10), _FLOOR**2)
    return _below(energy, step_s, threshold, _SHORTEST_GAP_S, len(samples) / sample_rate)


def _noisy_pauses(samples: Float32, sample_rate: int) -> list[tuple[float, float]]:
    """Longer stretches not much louder than the quietest tenth: pauses over the noise of a room."""
    energy, step_s = _energy(samples, sample_rate)
    floor, peak = float(np.quantile(energy, 0.1)), float(energy.max(initial=0.0))
    threshold = np.clip(floor * 10 ** (_OVER_NOISE_DB / 10), 0.0, peak * 10 ** (_LOUDEST_NOISE_DB / 10))
    return _below(energy, step_s, float(threshold), _NOISY_GAP_S, len(samples) / sample_rate)


def _outside(unit: TimedUnit, gaps: Sequence[tuple[float, float]]) -> TimedUnit | None:
    """The part of a phone that is not silent, if at least 20 ms are left."""
    start, end = unit.start_s, unit.end_s
    for a, b in gaps:
        if a <= start < b:
            start = b
        if a < end <= b:
            end = a
    return TimedUnit(unit.text, unit.kind, start, end) if end - start >= 2 * _STEP_S else None


def align_unknown(samples: Float32, sample_rate: int) -> tuple[TimedUnit, ...]:
    """Phones of a recording of unknown words: a phone loop, cut by the pauses in the sound.

    Args:
        samples: (n,) float32 in [-1, 1], mono.
        sample_rate: Hertz.

    Returns:
        ARPAbet phones with SIL in all gaps; empty only when the recording is silent.
    """
    duration = len(samples) / sample_rate
    gaps = silences(samples, sample_rate)
    if sum(b - a for a, b in gaps) >= duration - 2 * _STEP_S:
        return ()
    gaps += _noisy_pauses(samples, sample_rate)
    heard = []
    for start, end in _pieces(gaps, duration):
        piece = samples[round(start * sample_rate) : round(end * sample_rate)]
        for unit in _phone_loop(piece, sample_rate):
            moved = replace(unit, start_s=unit.start_s + start, end_s=unit.end_s + start)
            kept = _outside(moved, gaps)
            if kept is not None and kept.text != "SIL":
                heard.append(kept)
    return fill_gaps(_voice_the_rest(heard, gaps, duration), duration)


def _pieces(gaps: Sequence[tuple[float, float]], duration_s: float) -> Iterator[tuple[float, float]]:
    """Stretches of at most `_PIECE_S`, (start, end) in seconds, cut in a pause of their second half.

    The recogniser keeps everything that it ever thought of until the end of what it is given.
    """
    start = 0.0
    while duration_s - start > _PIECE_S:
        pauses = [(b - a, (a + b) / 2) for a, b in gaps]
        near = [one for one in pauses if start + _PIECE_S / 2 <= one[1] <= start + _PIECE_S]
        cut = max(near)[1] if near else start + _PIECE_S
        yield start, cut
        start = cut
    yield start, duration_s


def _phone_loop(samples: Float32, sample_rate: int) -> Iterator[TimedUnit]:
    decoder = _phone_decoder()
    _decode(decoder, _prepare(samples, sample_rate))
    duration = len(samples) / sample_rate
    for segment in decoder.seg() or ():
        frames = segment.end_frame - segment.start_frame + 1
        yield _unit(_bare(segment.word), "phone", segment.start_frame, frames, duration)


def _voice_the_rest(
    heard: Sequence[TimedUnit], gaps: Sequence[tuple[float, float]], duration_s: float
) -> list[TimedUnit]:
    """Loud stretches in which the phone loop heard nothing count as a neutral vowel."""
    taken = sorted([*gaps, *((u.start_s, u.end_s) for u in heard), (duration_s, duration_s)])
    out, last = list(heard), 0.0
    for start, end in taken:
        if start - last >= _SHORTEST_GAP_S:
            out.append(TimedUnit("AH", "phone", last, start))
        last = max(last, end)
    return out
