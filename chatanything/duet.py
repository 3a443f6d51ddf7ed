"""Two characters talk with each other about a topic, as text and as one video in which both are seen."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.bundle import Persona
from chatanything.errors import ConsentError, UsageError
from chatanything.lipsync import RENDERERS
from chatanything.lipsync.moving import maker_for, move
from chatanything.live.stance import Stance, continued, stance_at, waiting
from chatanything.persona.backends import LLM, Message
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import Said
from chatanything.persona.delivery import delivery_for
from chatanything.persona.ranking import answer
from chatanything.progress import Progress, silent
from chatanything.publish import Performance, publish_video
from chatanything.seeds import derive
from chatanything.stopwatch import Stopwatch
from chatanything.studio import Studio
from chatanything.types import Frame, Motion, Speech, TalkingVideo
from chatanything.voice.backends import VOICE_BACKENDS
from chatanything.voice.speech import Speaker

MOST_TURNS: Final = 40
MOST_TOPIC: Final = 200
"""Characters of a topic."""
_FAREWELL: Final = re.compile(r"\b(?:goodbye|good-bye|good night|farewell|bye|see you)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """What one of them says."""

    speaker: int
    """0 or 1."""
    text: str


def converse(
    cards: tuple[PersonaCard, PersonaCard],
    topic: str,
    *,
    turns: int,
    llm: LLM | None,
    seed: int,
    candidates: int = 1,
    progress: Progress = silent,
) -> Iterator[Line]:
    """Let two characters talk; each knows only what was said, and answers as itself.

    It ends after `turns` lines, when both have said goodbye, or when somebody has nothing new to say.

    Args:
        cards: Who talks; the first one begins.
        topic: What about, at most `MOST_TOPIC` characters.
        turns: Lines at most, 1 to `MOST_TURNS`.
        llm: Speaks for both; None takes lines of their cards.
        seed: Of everything said.
        candidates: So many answers are thought of for every line, and the best one is said; see `ranking`.
        progress: Told about every line.

    Raises:
        UsageError: There is no topic, it is too long, or the number of lines cannot be used.
        BackendError: The model broke down.
    """
    topic = " ".join(topic.split())
    if not topic or len(topic) > MOST_TOPIC:
        raise UsageError(
            "the topic cannot be used", expected=f"1 to {MOST_TOPIC} characters", got=str(len(topic))
        )
    if not 1 <= turns <= MOST_TURNS:
        raise UsageError("the number of lines cannot be used", expected=f"1 to {MOST_TURNS}", got=str(turns))
    return _lines(cards, topic, turns, llm, seed, candidates, progress)


def _lines(
    cards: tuple[PersonaCard, PersonaCard],
    topic: str,
    turns: int,
    llm: LLM | None,
    seed: int,
    candidates: int,
    progress: Progress,
) -> Iterator[Line]:
    lines: list[Line] = []
    for number in range(turns):
        speaker = number % 2
        card, other = cards[speaker], cards[1 - speaker]
        progress("talk", number, turns, card.name)
        said = lines[-1].text if lines else f"I am {other.name}. Let us talk about {topic}."
        before = [_heard_by(speaker, line) for line in lines[:-1]]
        own_seed = derive(seed, "duet", number)
        alone = _Alone(llm, other.name) if llm and other.name != card.name else llm
        text = answer(card, before, said, llm=alone, seed=own_seed, candidates=candidates).strip()
        if not text or any(text == line.text for line in lines):
            return
        lines.append(Line(speaker, text))
        yield lines[-1]
        if len(lines) > 1 and all(_FAREWELL.search(line.text) for line in lines[-2:]):
            return


def _heard_by(speaker: int, line: Line) -> Said:
    return Said("assistant" if line.speaker == speaker else "user", line.text)


class _Alone:
    """A model whose answers end where it goes on for the other one ("Hm. Pippa: And then?").

    Args:
        llm: That model.
        other: The other one's name.
    """

    def __init__(self, llm: LLM, other: str) -> None:
        self._llm, self.name, self.is_exclusive = llm, llm.name, llm.is_exclusive
        # "I told Pippa: never again" is told, not said by her.
        self._turn = re.compile(rf"(?:^|(?<=[.!?…\n\"”*]))\s*{re.escape(other)}\s*:")

    def stream(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """See `LLM.stream`; as nobody waits for a line of a duet, it comes whole."""
        text = ""
        for piece in self._llm.stream(messages, seed=seed, max_tokens=max_tokens, stop=stop):
            text += piece
            if self._turn.search(text):
                break
        yield self._turn.split(text)[0]

    def complete(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """See `LLM.complete`."""
        whole = self._llm.complete(messages, seed=seed, max_tokens=max_tokens, stop=stop)
        return self._turn.split(whole)[0]

    def complete_json(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seed: int, max_tokens: int
    ) -> dict[str, Any]:
        """See `LLM.complete_json`."""
        return self._llm.complete_json(messages, schema, seed=seed, max_tokens=max_tokens)

    def close(self) -> None:
        """Nothing: the model is somebody else's."""


def perform_duet(
    studio: Studio,
    personas: tuple[Persona, Persona],
    lines: Sequence[Line],
    *,
    out: Path,
    seed: int,
    progress: Progress = silent,
) -> TalkingVideo:
    """A video of a talk, the two side by side; who listens looks attentive.

    Args:
        studio: Renderer, motion and frame rate.
        personas: Who talks, portraits of one size.
        lines: From `converse`.
        out: The mp4.
        seed: Of the performance.
        progress: Told about every stage.

    Raises:
        UsageError: Nothing is said, or the portraits differ in size.
        ConsentError: Both are pictures of real people: their consents cannot be kept in one file.
        SpeechError: A line cannot be spoken.
        OutputError: The video cannot be written.
    """
    _check(personas, lines)
    watch = Stopwatch(seed)
    start = time.perf_counter()
    speeches = _speeches(personas, lines, seed, progress)
    heard = list(dict.fromkeys(one.backend for one in speeches))
    weights = [weight for name in heard for weight in VOICE_BACKENDS.spec(name).weights]
    watch.add("speech", ", ".join(heard), tuple(weights), time.perf_counter() - start)
    sound = Speech(
        np.concatenate([one.samples for one in speeches]),
        speeches[0].sample_rate,
        (),
        " ".join(line.text for line in lines),
    )
    total = round(sound.duration_s * studio.fps)
    with watch.stage("motion", maker_for(studio.motion, speeches[0]), ()):
        tracks = [_track(studio, personas[side], side, lines, speeches, seed) for side in (0, 1)]
    renderers = [RENDERERS.factory(studio.renderer)(one.portrait, one.references) for one in personas]
    pairs = zip(*(one.frames(track) for one, track in zip(renderers, tracks, strict=True)), strict=True)
    performance = Performance(
        persona=personas[0],
        others=personas[1:],
        speech=sound,
        frames=(Frame(np.hstack([left.image, right.image]), left.pts) for left, right in pairs),
        total=total,
        fps=studio.fps,
        seed=seed,
        renderer=studio.renderer,
        records=(*personas[0].records, *personas[1].records, *watch.records),
    )
    return publish_video(out, performance, config=studio.config, progress=progress)


def _check(personas: tuple[Persona, Persona], lines: Sequence[Line]) -> None:
    if not lines:
        raise UsageError("nothing is said", expected="at least one line")
    sizes = [one.portrait.image.shape[0] for one in personas]
    if sizes[0] != sizes[1]:
        raise UsageError("the portraits differ in size", got=f"{sizes[0]} and {sizes[1]} pixels")
    if all(one.consent for one in personas):
        raise ConsentError("two pictures of real people cannot speak in one video", expected="one at most")


def _speeches(
    personas: tuple[Persona, Persona], lines: Sequence[Line], seed: int, progress: Progress
) -> list[Speech]:
    speaker, made = Speaker(), []
    for number, line in enumerate(lines):
        progress("speech", number, len(lines), line.text[:60])
        who = personas[line.speaker]
        delivery = delivery_for(who.card, line.text)
        made.append(speaker.speak(line.text, who.voice, delivery, derive(seed, "speech", line.text)))
    progress("speech", len(lines), len(lines))
    return made


def _track(
    studio: Studio,
    persona: Persona,
    side: int,
    lines: Sequence[Line],
    speeches: Sequence[Speech],
    seed: int,
) -> Motion:
    """Everything that one of them does: its own lines, and listening to the other's."""
    parts: list[Motion] = []
    end_s, last = 0.0, None
    done = 0
    for number, (line, speech) in enumerate(zip(lines, speeches, strict=True)):
        end_s += speech.duration_s
        frames = round(end_s * studio.fps) - done
        own_seed = derive(seed, "motion", side, number)
        if line.speaker == side:
            motion = move(
                maker_for(studio.motion, speech),
                speech,
                delivery=delivery_for(persona.card, line.text),
                temperament=persona.card.temperament(),
                fps=studio.fps,
                seed=own_seed,
            )
        else:
            motion = waiting(
                persona.card.temperament(),
                seconds=speech.duration_s + 1 / studio.fps,
                fps=studio.fps,
                seed=own_seed,
                listening=True,
            )
        parts.append(_of_length(continued(motion, last), frames))
        last = _last(parts[-1], last)
        done += frames
    return Motion(
        studio.fps,
        np.concatenate([one.blendshapes for one in parts]),
        np.concatenate([one.head for one in parts]),
        np.concatenate([one.gaze for one in parts]),
    )


def _last(motion: Motion, before: Stance | None) -> Stance | None:
    return stance_at(motion, len(motion) - 1) if len(motion) else before


def _of_length(motion: Motion, frames: int) -> Motion:
    """The motion with so many frames: cut, or its last one held."""
    rows = np.minimum(np.arange(frames), len(motion) - 1)
    return replace(
        motion, blendshapes=motion.blendshapes[rows], head=motion.head[rows], gaze=motion.gaze[rows]
    )
