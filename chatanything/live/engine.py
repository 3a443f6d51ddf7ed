"""What all live sessions share: the voice, the language model, the renderers, and their turns at them."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from threading import Lock
from types import TracebackType
from typing import Final, Self

from chatanything.bundle import Persona
from chatanything.errors import UsageError
from chatanything.lipsync import RENDERERS
from chatanything.lipsync.geometry import Pose
from chatanything.live.drawing import DrawingTable
from chatanything.live.pacing import Pacer
from chatanything.live.parts import LiveRenderer
from chatanything.live.session import LiveSession
from chatanything.live.thinking import Thinker
from chatanything.live.turnstile import Turnstile
from chatanything.persona.backends import LLM, open_llm
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said
from chatanything.persona.memory.memory import Memory
from chatanything.progress import Progress, silent
from chatanything.settings import Settings, load_settings
from chatanything.types import Delivery, Float32, Speech, UInt8, VoiceChoice
from chatanything.voice.speech import LEAD_S, Speaker

MAX_SESSIONS: Final = 16
_TICK_S: Final = 0.02


class LiveEngine:
    """Opens live sessions; use it as a context manager, or call `close`.

    Args:
        llm: As for `open_llm`; an LLM object is used as it is and not closed. None takes the setting.
        renderer: Name of the renderer; None takes the setting.
        fps: Pictures a second while a character talks; None takes the setting.
        max_sessions: More are refused.
        config: Settings; None loads them.
        progress: Told while models load, and when a bank voice stands in for another.

    Raises:
        BackendError: A backend is unknown or cannot be loaded.
    """

    def __init__(
        self,
        *,
        llm: str | LLM | None = None,
        renderer: str | None = None,
        fps: float | None = None,
        max_sessions: int = MAX_SESSIONS,
        config: Settings | None = None,
        progress: Progress = silent,
    ) -> None:
        self.config = config or load_settings()
        self.fps = fps or self.config.fps
        self._renderer = RENDERERS.choose(renderer or self.config.renderer, "still")
        self._max = max_sessions
        self._stack = ExitStack()
        given = self.config.llm if llm is None else llm
        if isinstance(given, str):
            self._thinker = Thinker(self._stack.enter_context(open_llm(given, progress=progress)))
        else:
            self._thinker = Thinker(given)
        self._table = DrawingTable()
        self._progress = progress
        self._speaker, self._speaking, self.pacer = Speaker(), Turnstile(), Pacer()
        self._lock = Lock()
        self._sessions: list[LiveSession] = []

    @property
    def is_pressed(self) -> bool:
        """Whether somebody waits for the voice, so that everything else should give way."""
        return self._speaking.crowded

    def open(self, persona: Persona, *, seed: int | None = None, memory: Memory | None = None) -> LiveSession:
        """Start a session with a character; it breathes and blinks until it is spoken to.

        Args:
            persona: Who it is.
            seed: Of everything that it does; None takes the card's.
            memory: Of the user who will talk to it, closed with the session; None remembers nothing.

        Raises:
            UsageError: There are too many sessions, or the engine is closed.
        """
        renderer: LiveRenderer = RENDERERS.factory(self._renderer)(persona.portrait, persona.references)
        with self._lock:
            self._sessions = [one for one in self._sessions if not one.closed]
            if len(self._sessions) >= self._max:
                raise UsageError(
                    "too many conversations at once",
                    expected=f"at most {self._max}",
                    got=str(len(self._sessions) + 1),
                    hint="Try again when one has ended.",
                )
            session = LiveSession(
                persona,
                self,
                renderer,
                motion=self.config.motion,
                fps=self.fps,
                seed=persona.card.seed if seed is None else seed,
                memory=memory,
            )
            self._sessions.append(session)
        session.start()
        return session

    def prepare(
        self,
        card: PersonaCard,
        history: Sequence[Said] = (),
        *,
        memory: Recollection = NOTHING,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """See `Thinker.prepare`."""
        self._thinker.prepare(card, history, memory=memory, wanted=wanted)

    def answer(
        self,
        card: PersonaCard,
        history: Sequence[Said],
        said: str,
        *,
        memory: Recollection = NOTHING,
        seed: int,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Generator[str, None, None]:
        """See `Thinker.answer`."""
        return self._thinker.answer(card, history, said, memory=memory, seed=seed, wanted=wanted)

    def speak(
        self,
        text: str,
        voice: VoiceChoice,
        delivery: Delivery,
        seed: int,
        *,
        lead_s: float = LEAD_S,
        due_s: float = 0.0,
        begun: bool = False,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Speech | None:
        """One sentence as sound; one is made at a time.

        Args:
            text: What is said.
            voice: The character's.
            delivery: How it is said.
            seed: Of noise in the voice.
            lead_s: Silence before it.
            due_s: When it should be heard, on the clock of `time.monotonic`.
            begun: Whether something of its reply is heard already; otherwise those who are heard come first.
            wanted: Asked while it waits.

        Returns:
            The sound; None if `wanted` says at its turn that nobody waits for it any more.

        Raises:
            SpeechError: Nothing in it can be spoken.
            VoiceUnavailableError: As for `Speaker.speak`.
        """
        while not begun and wanted() and not self.pacer.has_time():
            time.sleep(_TICK_S)
        with self._speaking.turn(urgency=(not begun, due_s), wanted=wanted) as granted:
            if not granted:
                return None
            began = time.monotonic()
            speech = self._speaker.speak(text, voice, delivery, seed, self._progress, lead_s=lead_s)
            self.pacer.spoke(len(speech.samples) / speech.sample_rate, time.monotonic() - began)
            return speech

    def stream(
        self, text: str, voice: VoiceChoice, delivery: Delivery, seed: int
    ) -> Generator[Speech, None, None]:
        """A text of any length sentence by sentence, each as soon as it is made; see `Speaker.stream`.

        Sentences of others may be made between two of its own.

        Args:
            text: What is said.
            voice: The character's.
            delivery: How it is said.
            seed: Of noise in the voice.

        Raises:
            ChatAnythingError: As for `speak`.
        """
        pieces = self._speaker.stream(text, voice, delivery, seed, self._progress)
        while True:
            with self._speaking.turn(urgency=(1, 0.0)):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def draw(self, renderer: LiveRenderer, pose: Pose, head: Float32) -> UInt8:
        """One picture; those of several sessions are drawn together."""
        return self._table.draw(renderer, pose, head)

    def close(self) -> None:
        """End all sessions and free the models."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._max = 0
        for session in sessions:  # before what they need, and one that fails keeps no other from it
            self._stack.callback(session.close)
        self._stack.close()

    def __enter__(self) -> Self:
        """The engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
