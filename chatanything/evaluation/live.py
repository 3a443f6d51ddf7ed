"""`evaluate live`: how soon a character answers, how steady it talks, how quickly it stops.

Everything goes through the real WebSocket of `chatanything serve` in a process of its own. A visitor notes
when each piece of sound and each picture came, and a player is assumed that shows and plays them 0.15 s after
their time. Lips against sound are judged on the pictures that came.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Final

import numpy as np
from PIL import Image

from chatanything.errors import BackendError, SpeechError
from chatanything.evaluation.live_client import DELAY_S, LiveClient, Piece
from chatanything.evaluation.live_server import Running, scripted_model, server
from chatanything.evaluation.mouth import MouthClip, opening_of
from chatanything.evaluation.rows import Row
from chatanything.evaluation.sync import lag_ms
from chatanything.face.landmarks import FaceDetector
from chatanything.progress import Progress, silent
from chatanything.voice.align import align

PARTS: Final = ("answers", "interrupts", "crowd", "disconnects", "talk")
DESCRIPTION: Final = "a grumpy old lighthouse keeper who loves jazz"
QUESTIONS: Final = (
    "Good evening! How was your day?",
    "What do you love most?",
    "Who lives here with you?",
    "Tell me about the sea.",
    "What makes you angry?",
    "Have you ever been afraid?",
    "What music do you play at night?",
    "Will you come to town with me?",
)
IN_TIME_S: Final = 2.5
AUDIBLE: Final = 0.01
"""Amplitude from which a sample can be heard."""
AUDIBLE_S: Final = 0.35
"""A pause between sentences that is longer than people make."""
LONG_TEXT: Final = (
    "The big boat came by before morning, and nobody but me saw it pass. "
    "I put the lamp out, made a pot of black coffee, and wrote the time into my book. "
    "Some people believe that a lighthouse is a lonely place to be. "
    "They may be right, but I have my music, my cat, and more weather than anybody needs. "
) * 4
SESSIONS: Final = 4
DISCONNECTS: Final = 50
_SETTLE_S: Final = 15.0
_REST_S: Final = 4.0
"""Time that a visitor leaves the character after the first answer, as somebody who reads or thinks does."""
_SAME_S: Final = 1e-3


def run_live(
    *,
    llm: str | None = None,
    questions: int = 8,
    minutes: float = 1.0,
    parts: Sequence[str] = PARTS,
    progress: Progress = silent,
) -> Iterator[tuple[str, list[Row]]]:
    """Figures of live sessions, part by part.

    Args:
        llm: For part answers, as `--llm`; None takes the setting. The rest is asked of a scripted model.
        questions: How many are asked.
        minutes: Length of the talk whose lips are judged.
        parts: Some of `PARTS`.
        progress: Told about every part.

    Yields:
        A part and its rows.

    Raises:
        BackendError: The server does not start, or a session breaks down.
    """
    if "answers" in parts:
        progress("live", 0, len(parts), "answers")
        with server(llm) as running, _somebody(running) as persona:
            yield "answers", answering(running.url, persona, QUESTIONS[:questions])
    scripted = [part for part in PARTS if part in parts and part != "answers"]
    if not scripted:
        return
    with scripted_model() as script, server(script.url) as running, _somebody(running) as persona:
        measures: dict[str, Callable[[], list[Row]]] = {
            "interrupts": lambda: interrupting(running.url, persona),
            "crowd": lambda: crowded(running.url, persona),
            "disconnects": lambda: disconnecting(running, persona),
            "talk": lambda: talking(running.url, persona, minutes),
        }
        for part in scripted:
            progress("live", len(parts) - len(scripted) + scripted.index(part), len(parts), part)
            yield part, measures[part]()


@contextmanager
def _somebody(running: Running) -> Iterator[str]:
    """A new persona's id; it is deleted afterwards."""
    made = running.request("POST", "/v1/personas", {"description": DESCRIPTION, "seed": 7})
    try:
        yield made["id"]
    finally:
        running.request("DELETE", f"/v1/personas/{made['id']}")


def answering(url: str, persona: str, questions: Sequence[str]) -> list[Row]:
    """From the end of a typed question to sound and moving lips, and to the first word; one visitor, warm.

    A late answer is announced by a sound of the character, which counts as its first sound.
    """
    with LiveClient(url, persona) as visitor:
        reply, _ = visitor.ask("Hello!")  # the first answer also reads who the character is
        visitor.finish(reply)
        time.sleep(_REST_S)
        waits, words = [], []
        replies = []
        for question in questions:
            reply, asked = visitor.ask(question)
            visitor.finish(reply)
            waits.append(_first(visitor, reply) - asked)
            words.append(_first_word(visitor, reply) - asked)
            replies.append(reply)
        steady = _steadiness("live", [(visitor, replies)])
    spread = {"lowest": min(waits), "highest": max(waits)}
    spoken = {"lowest": min(words), "highest": max(words)}
    return [
        Row("live.first_answer", float(np.median(waits)), "s", len(waits), spread),
        Row("live.first_word", float(np.median(words)), "s", len(words), spoken),
        Row("live.answered_in_time", float(np.mean(np.array(waits) <= IN_TIME_S)), "share", len(waits)),
        *steady,
    ]


def _first(visitor: LiveClient, reply: int) -> float:
    """When a player has begun to show pictures of a reply and to play sound that can be heard."""
    seen = next(piece.played_s for piece in visitor.pictures if piece.reply == reply)
    for piece in (piece for piece in visitor.sounds if piece.reply == reply):
        loud = np.flatnonzero(np.abs(piece.samples) > AUDIBLE)
        if loud.size:
            return max(seen, piece.played_s + float(loud[0]) / piece.sample_rate)
    raise BackendError("an answer was silent", got=str(visitor.of("done", reply)))


def _first_word(visitor: LiveClient, reply: int) -> float:
    """When a player has begun to play the first sentence of a reply."""
    return visitor.due_s(float(visitor.of("caption", reply)[0][1]["at_s"])) + DELAY_S


def _steadiness(name: str, visits: Sequence[tuple[LiveClient, Sequence[int]]]) -> list[Row]:
    """Gaps, late sound and frame rate of some replies; the worst visitor counts.

    The pause between the sound that announces an answer and its first word is a wait and no gap.
    """
    gaps, late, rates = [0.0], [], []
    for visitor, replies in visits:
        for reply in replies:
            sounds = [piece for piece in visitor.sounds if piece.reply == reply]
            pictures = [piece for piece in visitor.pictures if piece.reply == reply]
            first = min((said["at_s"] for _, said in visitor.of("caption", reply)), default=0.0)
            words = [piece for piece in sounds if piece.due_s > visitor.due_s(first) - _SAME_S]
            gaps += [after.due_s - before.due_s - before.seconds for before, after in pairwise(words)]
            late += [piece.came_s > piece.due_s + DELAY_S for piece in sounds]
            spoken = sum(piece.seconds for piece in sounds)
            rates.append(len(pictures) / spoken if spoken else 0.0)
    breaks = sum(gap > AUDIBLE_S for gap in gaps)
    return [
        Row(f"{name}.longest_gap", max(gaps), "s", len(gaps), {"audible": float(breaks)}),
        Row(f"{name}.late_sound", float(np.mean(late)) if late else 0.0, "share", len(late)),
        Row(f"{name}.fps", float(np.median(rates)), "frames/s", len(rates), {"lowest": min(rates)}),
    ]


def interrupting(url: str, persona: str, times: int = 8) -> list[Row]:
    """From the interruption to the word that it was heard, and what still comes of the reply."""
    waits, after = [], 0
    with LiveClient(url, persona) as visitor:
        for number in range(times):
            reply, _ = visitor.ask(QUESTIONS[number % len(QUESTIONS)])
            visitor.wait(lambda: any(piece.reply == reply for piece in visitor.sounds), 60)  # noqa: B023
            time.sleep(0.3 * (number % 3))
            sent = visitor.send("interrupt")
            visitor.wait(lambda: visitor.of("interrupted", reply), 10)  # noqa: B023
            stopped = visitor.of("interrupted", reply)[0][0]
            waits.append(1000 * (stopped - sent))
            time.sleep(1.0)
            pieces = [*visitor.sounds, *visitor.pictures]
            after += sum(piece.reply == reply and piece.came_s > stopped for piece in pieces)
    return [
        Row("live.interrupt", max(waits), "ms", len(waits), {"median": float(np.median(waits))}),
        Row("live.after_interrupt", after, "pieces", len(waits)),
    ]


def crowded(url: str, persona: str, rounds: int = 3) -> list[Row]:
    """Several visitors who ask at the same moment."""
    with ExitStack() as stack:
        visitors = [stack.enter_context(LiveClient(url, persona)) for _ in range(SESSIONS)]
        waits: list[float] = []
        replies: dict[int, list[int]] = {index: [] for index in range(SESSIONS)}

        def ask(index: int) -> None:
            visitor = visitors[index]
            reply, asked = visitor.ask(QUESTIONS[index])
            visitor.finish(reply)
            waits.append(_first(visitor, reply) - asked)
            replies[index].append(reply)

        with ThreadPoolExecutor(SESSIONS) as crowd:
            for _ in range(rounds):
                list(crowd.map(ask, range(SESSIONS)))
        steady = _steadiness("live.crowd", [(visitors[index], replies[index]) for index in range(SESSIONS)])
    spread = {"lowest": min(waits), "highest": max(waits)}
    return [Row("live.crowd.first_answer", float(np.median(waits)), "s", len(waits), spread), *steady]


def disconnecting(running: Running, persona: str) -> list[Row]:
    """What is left behind by visitors who vanish in the middle of an answer.

    The first fifty also fill caches and the allocator's pools; what a second fifty add is what leaks.
    """
    with LiveClient(running.url, persona) as visitor:
        reply, _ = visitor.ask(QUESTIONS[0])
        visitor.finish(reply)
    time.sleep(_SETTLE_S)
    threads, memory = running.threads, [running.memory_mb]
    for _ in range(2):
        _vanish(running, persona)
        memory.append(running.memory_mb)
    figures = str(running.request("GET", "/metrics")).splitlines()
    open_now = next(
        float(line.split()[1]) for line in figures if line.startswith("chatanything_live_sessions ")
    )
    count = 2 * DISCONNECTS
    filled = {"before": memory[0], "first_50": memory[1] - memory[0]}
    return [
        Row("live.left_sessions", open_now, "sessions", count),
        Row("live.left_threads", running.threads - threads, "threads", count, {"before": threads}),
        Row("live.left_memory", memory[2] - memory[1], "MB", DISCONNECTS, filled),
    ]


def _vanish(running: Running, persona: str) -> None:
    """Visitors come, ask and are gone without a word; returns when the server had time to notice."""
    for number in range(DISCONNECTS):
        visitor = LiveClient(running.url, persona)
        visitor.ask(QUESTIONS[number % len(QUESTIONS)])
        time.sleep(0.1 * (number % 4))
        visitor.drop()
    time.sleep(_SETTLE_S)


def talking(url: str, persona: str, minutes: float) -> list[Row]:
    """Lips behind sound at the beginning and at the end of a long talk, in ms."""
    with LiveClient(url, persona) as visitor:
        replies: list[int] = []
        end = time.monotonic() + 60 * minutes
        while not replies or time.monotonic() < end:
            visitor.send("perform", text=LONG_TEXT)
            count = len(replies) + 1
            visitor.wait(lambda: len(visitor.of("accepted")) >= count, 30)  # noqa: B023
            replies.append(int(visitor.of("accepted")[-1][1]["reply"]))
            visitor.finish(replies[-1], 600)
            if len(replies) > 2:
                _forget(visitor, replies[1:-1])
        with FaceDetector() as detector:
            clips = [_clips(visitor, reply, detector) for reply in (replies[0], replies[-1])]
        # Pieces in the middle were dropped, so steadiness is that of the first and last reply.
        steady = _steadiness("live.talk", [(visitor, sorted({replies[0], replies[-1]}))])
    first, last = lag_ms(clips[0]), lag_ms(clips[1])
    return [
        Row("live.talk.lag", last, "ms", len(clips[1]), {"at_first": first, "minutes": minutes}),
        *steady,
    ]


def _forget(visitor: LiveClient, replies: Sequence[int]) -> None:
    """Throw pictures and sound away that no figure needs: ten minutes of them fill the memory."""
    gone = set(replies)
    for pieces in (visitor.sounds, visitor.pictures):
        pieces[:] = [piece for piece in pieces if piece.reply not in gone]


def _clips(visitor: LiveClient, reply: int, detector: FaceDetector, most: int = 12) -> list[MouthClip]:
    """The sentences of a reply as clips for the judge of finished videos."""
    captions = [said for _, said in visitor.of("caption", reply)][:most]
    starts = [visitor.due_s(said["at_s"]) for said in captions]
    clips = []
    for said, start, end in zip(captions, starts, [*starts[1:], float("inf")], strict=True):
        sounds = [piece for piece in visitor.sounds if start - 1e-3 <= piece.due_s < end - 1e-3]
        sounds = [piece for piece in sounds if piece.reply == reply]
        if not sounds:
            continue
        fps = float(visitor.of("ready")[0][1]["fps"])
        samples = np.concatenate([piece.samples for piece in sounds])
        try:
            phones = align(samples, sounds[0].sample_rate, said["text"])
        except SpeechError:
            continue
        pictures = [
            piece for piece in visitor.pictures if piece.reply == reply and start <= piece.due_s < end
        ]
        opening = _opening(detector, pictures, start, fps, round(len(samples) / sounds[0].sample_rate * fps))
        clips.append(MouthClip(said["text"], said["text"], fps, opening, tuple(phones)))
    return clips


def _opening(
    detector: FaceDetector, pictures: Sequence[Piece], start: float, fps: float, frames: int
) -> np.ndarray:
    """Mouth opening on the grid of the sound as a player shows it; NaN where no picture was."""
    points: list[np.ndarray | None] = [None] * frames
    for piece in pictures:
        index = round((piece.played_s - DELAY_S - start) * fps)
        if 0 <= index < frames:
            image = np.asarray(Image.open(io.BytesIO(piece.data)).convert("RGB"))
            found = detector.detect(image)
            points[index] = found[0].landmarks if found else None
    return opening_of(points)
