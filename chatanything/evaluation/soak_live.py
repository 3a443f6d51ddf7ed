"""The live half of the soak test: visitors who talk, videos that are ordered, a server that may be killed."""

from __future__ import annotations

import signal
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final

from chatanything.errors import BackendError
from chatanything.evaluation.live_client import LiveClient
from chatanything.evaluation.live_server import Running, free_port, start

MODULE: Final = "chatanything.evaluation.faulty"
DESCRIPTION: Final = "a grumpy old lighthouse keeper who loves jazz"
QUESTIONS: Final = ("How was your day?", "What do you love most?", "Tell me about the sea.")
PATIENCE_S: Final = 300.0
"""A visitor who has heard neither an answer nor an excuse after this time is counted as forgotten."""
_ORDER_S: Final = 4.0
_MOST_ORDERED: Final = 2
SAMPLE_S: Final = 2.0
_RETRY_S: Final = 1.0


@dataclass(slots=True)
class Life:
    """Resident memory of one server process, from its start to its end."""

    samples: list[tuple[float, float]] = field(default_factory=list)
    """(seconds of `time.monotonic`, megabytes)."""


class Supervised:
    """A server that is started again on the same port whenever it was killed.

    Args:
        llm: As `--llm`.
        environment: More variables for it.
    """

    def __init__(self, llm: str, environment: Mapping[str, str]) -> None:
        self._llm, self._environment, self._port = llm, environment, free_port()
        self.lives: list[Life] = []
        self.running: Running
        self._process: subprocess.Popen[str]
        self._closing = Event()
        self.start()
        self._sampler = Thread(target=self._sample, name="soak: memory", daemon=True)
        self._sampler.start()

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            BackendError: It does not become ready.
        """
        self.running, self._process = start(self._llm, port=self._port, module=MODULE, more=self._environment)
        self.lives.append(Life())

    def kill(self) -> None:
        """Kill it as a machine that loses power would, and start it again."""
        self._process.kill()
        self._process.wait()
        self.start()

    def close(self) -> None:
        """Stop it as a user would."""
        self._closing.set()
        self._sampler.join()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _sample(self) -> None:
        while not self._closing.wait(SAMPLE_S):
            life, running = self.lives[-1], self.running
            try:
                life.samples.append((time.monotonic(), running.memory_mb))
            except (OSError, StopIteration):  # it was killed at this moment
                continue


@dataclass(slots=True)
class Tally:
    """What became of questions; shared by all visitors."""

    ends: Counter[str] = field(default_factory=Counter)
    """"answered", "failed" (and said so), "cut" (the connection broke), "silent" (nobody said anything)."""
    answers_s: list[float] = field(default_factory=list)
    """When answers were over."""
    failures: list[tuple[float, str]] = field(default_factory=list)
    """When answers failed, and why."""
    lock: Lock = field(default_factory=Lock)

    def add(self, end: str, why: str = "") -> None:
        """One question came to its end."""
        with self.lock:
            self.ends[end] += 1
            if end == "answered":
                self.answers_s.append(time.monotonic())
            elif end != "cut":
                self.failures.append((time.monotonic(), why))


def visit(url: str, persona: str, tally: Tally, stop: Event, *, number: int) -> None:
    """Talk until it is time to stop; every few questions leave without a word and come again.

    Args:
        url: The server's.
        persona: Who is talked to.
        tally: Where to count.
        stop: Ends the visit.
        number: Of the visitor; they leave at different times.
    """
    asked = number
    while not stop.is_set():
        try:
            visitor = LiveClient(url, persona)
        except BackendError:  # the server is being killed or started
            stop.wait(_RETRY_S)
            continue
        with visitor:
            while not (stop.is_set() or visitor.is_cut):
                asked += 1
                _ask(visitor, QUESTIONS[asked % len(QUESTIONS)], tally)
                if asked % 5 == 4:
                    visitor.drop()


def _ask(visitor: LiveClient, question: str, tally: Tally) -> None:
    try:
        reply, _ = visitor.ask(question)
        visitor.finish(reply, PATIENCE_S)
    except BackendError as exc:
        tally.add("cut" if visitor.is_cut else "silent", str(exc))
        return
    failed = visitor.of("failed", reply)
    if failed:
        tally.add("failed", str(failed[0][1]["message"]))
    else:
        tally.add("answered")
    del visitor.sounds[:], visitor.pictures[:], visitor.messages[:]


@dataclass(slots=True)
class Orders:
    """Videos that the server accepted, and what became of them."""

    waiting: set[str] = field(default_factory=set)
    ends: Counter[str] = field(default_factory=Counter)
    """"completed", "failed" (and said why), "lost" (the server does not know it any more, or it never came),
    "wrong" (its file is not what was signed), "refused" (never accepted)."""


class Customer:
    """Orders videos one after the other and fetches them.

    Args:
        server: Of whom.
        persona: Who speaks in them.
        folder: Where they are kept.
        is_valid: Judges a fetched file.
    """

    def __init__(
        self, server: Supervised, persona: str, folder: Path, is_valid: Callable[[Path], bool]
    ) -> None:
        self._server, self._persona, self._folder, self._is_valid = server, persona, folder, is_valid
        self.orders = Orders()
        self.files: list[Path] = []
        self._number = 0
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, stop: Event) -> None:
        """Order and fetch until it is time to stop."""
        while not stop.wait(_ORDER_S):
            if len(self.orders.waiting) < _MOST_ORDERED:
                self.order()
            self.fetch()

    def settle(self, seconds: float) -> None:
        """Fetch what is still waiting; what does not come in this time is lost."""
        end = time.monotonic() + seconds
        while self.orders.waiting and time.monotonic() < end:
            self.fetch()
            time.sleep(_RETRY_S)
        self.orders.ends["lost"] += len(self.orders.waiting)

    def order(self) -> None:
        """Order one more video."""
        self._number += 1
        body = {"model": self._persona, "prompt": f"This is number {self._number}.", "seed": self._number}
        try:
            self.orders.waiting.add(self._server.running.request("POST", "/v1/videos", body)["id"])
        except (BackendError, OSError):
            self.orders.ends["refused"] += 1

    def fetch(self) -> None:
        """Look after everything that was ordered."""
        for name in sorted(self.orders.waiting):
            end = self._look(name)
            if end:
                self.orders.waiting.discard(name)
                self.orders.ends[end] += 1

    def _look(self, name: str) -> str:
        running = self._server.running
        try:
            job: dict[str, Any] = running.request("GET", f"/v1/videos/{name}")
            if job["status"] != "completed":
                return "failed" if job["status"] == "failed" and job["error"]["message"] else ""
            with urllib.request.urlopen(  # noqa: S310 - ours
                f"{running.url}/v1/videos/{name}/content", timeout=60
            ) as answer:
                data = answer.read()
        except BackendError as exc:
            return "lost" if "no such video" in str(exc) else ""
        except OSError:
            return ""
        path = self._folder / f"{name}.mp4"
        path.write_bytes(data)
        self.files.append(path)
        return "completed" if self._is_valid(path) else "wrong"
