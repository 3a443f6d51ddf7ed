"""A worker process that makes sound, and what can go wrong with it: missing, broken, crashed, silent."""

from __future__ import annotations

import contextlib
import subprocess
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any, Final, cast

import numpy as np

from chatanything.errors import SpeechError, VoiceUnavailableError
from chatanything.types import Float32
from chatanything.voice.backends.coqui_worker import PROTOCOL, read_frame, write_frame

_LAST_LINES: Final = 6
_STOP_S: Final = 2.0

_Frame = tuple[dict[str, Any], bytes]


class Worker:
    """A running worker; one request at a time.

    Args:
        command: Program and arguments.
        wait_s: The longest wait for its greeting, and for every answer.
        hint: What mends a worker that does not work.
        environment: Variables of the process; None takes this one's.

    Raises:
        VoiceUnavailableError: It cannot be started, or does not greet as it should.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        wait_s: float,
        hint: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._wait_s, self._hint = wait_s, hint
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment) if environment is not None else None,
                start_new_session=True,  # Ctrl-C is for chatanything, which then closes the worker's input
            )
        except OSError as exc:
            raise self._trouble("cannot be started", exc.strerror or str(exc)) from exc
        self._frames: Queue[_Frame | Exception] = Queue()
        self._said: deque[str] = deque(maxlen=_LAST_LINES)
        self._finalizer = weakref.finalize(self, _stop, self._process)
        for work in (
            Thread(target=_collect, args=(self._process.stdout, self._frames), daemon=True),
            Thread(target=_listen, args=(self._process.stderr, self._said), daemon=True),
        ):
            work.start()
        self._greeted()

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def _greeted(self) -> None:
        hello, _ = self._answer("did not start")
        if hello.get("protocol") != PROTOCOL:
            self.close()
            raise self._trouble(
                "speaks another language", f"protocol {hello.get('protocol')}, not {PROTOCOL}"
            )
        self.version = str(hello.get("version", ""))

    def ask(self, request: Mapping[str, Any]) -> _Frame:
        """Send a request and wait for its answer.

        Raises:
            SpeechError: The worker says that the request cannot be right.
            VoiceUnavailableError: It broke down, or does not answer in time; it is then stopped.
        """
        with contextlib.suppress(OSError):  # a worker that died is found out about by its missing answer
            write_frame(cast("Any", self._process.stdin), dict(request))
        return self._answer("broke down")

    def samples(self, request: Mapping[str, Any]) -> tuple[Float32, int]:
        """As `ask`; the answer's samples, (n,) float32, and their rate in hertz."""
        header, sound = self.ask(request)
        rate = header.get("sample_rate")
        made = np.frombuffer(sound, "<f4").astype(np.float32)
        if not isinstance(rate, int) or not 8000 <= rate <= 96_000 or not np.isfinite(made).all():
            self.close()
            raise self._trouble("gave a broken answer", "no sound in it")
        return made, rate

    def _answer(self, trouble: str) -> _Frame:
        try:
            frame = self._frames.get(timeout=self._wait_s)
        except Empty:
            self.close()
            raise self._trouble("does not answer", f"nothing for {self._wait_s:g} s") from None
        if isinstance(frame, ValueError):
            self.close()
            raise self._trouble("gave a broken answer", str(frame)) from frame
        if isinstance(frame, Exception):
            self.close()
            raise self._trouble(trouble, self._last_words()) from frame
        header, sound = frame
        if "error" in header:
            words = str(header["error"])
            if header.get("blame") == "request":
                raise SpeechError(f"the voice cannot do this: {words}")
            raise self._trouble("has failed", words)
        return header, sound

    def _last_words(self) -> str:
        code = self._process.poll()
        how = f"exit code {code}" if code is not None and code >= 0 else f"signal {-(code or 0)}"
        return "; ".join([how, *list(self._said)[-1:]])

    def _trouble(self, what: str, got: str) -> VoiceUnavailableError:
        return VoiceUnavailableError(f"the voice worker {what}", got=got, hint=self._hint)

    def close(self) -> None:
        """Stop it; returns when it is gone."""
        self._finalizer()


def _collect(stream: IO[bytes], frames: Queue[_Frame | Exception]) -> None:
    """Everything that a worker says, up to its end or the first thing that is no frame."""
    while True:
        try:
            frames.put(read_frame(cast("Any", stream)))
        except (EOFError, ValueError, OSError) as exc:
            frames.put(exc if isinstance(exc, ValueError) else EOFError())
            return


def _listen(stream: IO[bytes], said: deque[str]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in stream:
            words = line.decode(errors="replace").strip()
            if words:
                said.append(words[:300])


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_S)
    for stream in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(OSError, ValueError):
            if stream is not None:
                stream.close()
