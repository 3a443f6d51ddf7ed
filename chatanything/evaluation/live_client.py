"""One visitor of a live session, over the real WebSocket, who writes down what came and when."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Final, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from chatanything.errors import BackendError
from chatanything.media.pcm import from_pcm
from chatanything.server.wire import HEADER, PICTURE
from chatanything.types import Float32

_LOOK_S: Final = 1.0
DELAY_S: Final = 0.15
"""A player's own delay: what comes so long after its time is still in time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture or a piece of sound that came; times are on this process's clock."""

    came_s: float
    due_s: float
    reply: int
    data: bytes
    sample_rate: int = 0
    """0 for a picture."""

    @property
    def seconds(self) -> float:
        """Length of sound."""
        return len(self.data) / 2 / self.sample_rate if self.sample_rate else 0.0

    @property
    def played_s(self) -> float:
        """When a player shows or plays it."""
        return max(self.due_s + DELAY_S, self.came_s)

    @property
    def samples(self) -> Float32:
        """(n,) float32 of sound."""
        return from_pcm(self.data)


class LiveClient:
    """A visitor; use it as a context manager.

    Args:
        url: The server's, as http://127.0.0.1:8000.
        persona: Id of who is talked to.

    Raises:
        BackendError: The server does not let it in.
    """

    def __init__(self, url: str, persona: str) -> None:
        address = f"{url.replace('http', 'ws', 1)}/v1/live?persona={persona}"
        self._stack = ExitStack()
        try:
            self._socket = self._stack.enter_context(
                connect(address, max_size=None, compression=None, open_timeout=60)
            )
        except Exception as exc:
            raise BackendError("the server refuses the conversation", got=str(exc)) from exc
        self.sounds: list[Piece] = []
        self.pictures: list[Piece] = []
        self.messages: list[tuple[float, dict[str, Any]]] = []
        self._changed = Condition()
        self._offset = 0.0
        self._thread = Thread(target=self._take, name="visitor", daemon=True)
        self._thread.start()
        self.wait(lambda: self.of("ready"), 60)

    def send(self, kind: str, **fields: Any) -> float:
        """Send a message; returns when, in seconds of this process's clock.

        Raises:
            BackendError: The connection is gone.
        """
        try:
            self._socket.send(json.dumps({"type": kind, **fields}))
        except (ConnectionClosed, OSError) as exc:
            self._thread.join(_LOOK_S)
            raise BackendError("the live session was cut", got=str(exc)) from exc
        return time.monotonic()

    def send_sound(self, data: bytes) -> None:
        """Send a piece of microphone sound, PCM16."""
        self._socket.send(data)

    def ask(self, text: str) -> tuple[int, float]:
        """Talk to the character; its reply's number, and when it was asked for."""
        before = len(self.of("accepted"))
        asked = self.send("say", text=text)
        self.wait(lambda: len(self.of("accepted")) > before, 30)
        return int(self.of("accepted")[-1][1]["reply"]), asked

    def of(self, kind: str, reply: int | None = None) -> list[tuple[float, dict[str, Any]]]:
        """Messages of a kind so far."""
        return [
            (at, said)
            for at, said in list(self.messages)
            if said["type"] == kind and reply in (None, said.get("reply"))
        ]

    @property
    def is_cut(self) -> bool:
        """Whether the connection is gone."""
        return not self._thread.is_alive()

    def wait(self, test: Callable[[], object], seconds: float) -> None:
        """Wait until something has come.

        Raises:
            BackendError: It does not come.
        """
        waited = 0.0
        with self._changed:
            while not test():
                if waited >= seconds or self.is_cut:
                    last = self.messages[-1][1] if self.messages else "nothing"
                    what = "was cut" if self.is_cut else f"is silent for {seconds:.0f} s"
                    raise BackendError(f"the live session {what}", got=str(last))
                began = time.monotonic()
                self._changed.wait(min(seconds - waited, _LOOK_S))
                # A machine that sleeps meanwhile keeps nobody waiting.
                waited += min(time.monotonic() - began, 2 * _LOOK_S)

    def finish(self, reply: int, seconds: float = 120.0) -> None:
        """Wait until a reply is over and was played."""
        self.wait(lambda: self.of("done", reply) or self.of("failed", reply), seconds)
        ends = [piece.played_s + piece.seconds for piece in list(self.sounds) if piece.reply == reply]
        time.sleep(max(0.0, max(ends, default=0.0) - time.monotonic()))

    def drop(self) -> None:
        """Vanish without a word, as a phone in a tunnel does."""
        with suppress(OSError):  # a server that was killed cut the connection first
            self._socket.socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    def _take(self) -> None:
        try:
            for data in self._socket:
                came = time.monotonic()
                with self._changed:
                    self._sort(came, data)
                    self._changed.notify_all()
        except (ConnectionClosed, OSError):
            return

    def _sort(self, came: float, data: str | bytes) -> None:
        if isinstance(data, str):
            said = json.loads(data)
            if said["type"] == "ready":
                self._offset = came - said["clock_s"]
            self.messages.append((came, said))
            return
        kind, _, _, reply, at_s, rate = HEADER.unpack_from(data)
        piece = Piece(came, self._offset + at_s, reply, data[HEADER.size :], rate)
        (self.pictures if kind == PICTURE else self.sounds).append(piece)

    def due_s(self, at_s: float) -> float:
        """A time of the session on this process's clock."""
        return self._offset + at_s

    def __enter__(self) -> Self:
        """The visitor itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave politely."""
        self._stack.close()
        self._thread.join(10)
