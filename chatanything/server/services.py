"""Everything that the routes share: models, libraries, jobs, tickets, figures."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Final, Self

from chatanything.errors import ChatAnythingError, NotFoundError
from chatanything.forgetting import Forgotten, Identity, forget
from chatanything.hearing.recognizer import Recognizer, open_recognizer
from chatanything.library import Kept, PersonaLibrary
from chatanything.live.engine import LiveEngine
from chatanything.persona.backends import LLM
from chatanything.persona.memory.memory import Memory
from chatanything.provenance.sidecars import Sidecar, sidecars_in
from chatanything.server.access import LOCAL, Keys, Places, RateLimit, Tickets
from chatanything.server.ear import Ear
from chatanything.server.jobs import VideoJobs
from chatanything.server.metrics import Metrics
from chatanything.server.visitor_space import VisitorSpace, is_visitor
from chatanything.settings import Settings, load_settings
from chatanything.studio import Studio

log = logging.getLogger(__name__)
OWNERS: Final = "owners"
"""Folder of all owners but this machine's own."""


class Libraries:
    """One library an owner, each in a folder of its own.

    Args:
        cache: Where all of them are.
        studio: Draws what a persona file lacks.
        space: Bounds what visitors keep.
    """

    def __init__(self, cache: Path, studio: Studio, space: VisitorSpace) -> None:
        self._cache, self._studio, self.space = cache, studio, space
        self._lock = Lock()
        self._open: dict[str, PersonaLibrary] = {}

    def folder(self, owner: str) -> Path:
        """Everything that is kept of an owner."""
        return self._cache if owner == LOCAL else self._cache / OWNERS / owner

    def of(self, owner: str) -> PersonaLibrary:
        """The library of an owner."""
        if is_visitor(owner):
            self.space.visit(owner, now_s=time.time())
        with self._lock:
            if owner not in self._open:
                self._open[owner] = PersonaLibrary(
                    self.folder(owner) / "personas", self._studio, partial(self.make_room, owner)
                )
            return self._open[owner]

    def everybody(self) -> Iterator[Kept]:
        """The personas of all owners that this server knows."""
        owners = self._cache / OWNERS
        folders = [self._cache, *(owners.iterdir() if owners.is_dir() else ())]
        for folder in folders:
            yield from PersonaLibrary(folder / "personas", self._studio).all()

    def make_room(self, owner: str) -> None:
        """See to it that a visitor finds room for more; others have no bound.

        Raises:
            UsageError: There is none.
        """
        if is_visitor(owner):
            self.space.make_room(now_s=time.time())


class Services:
    """What a server consists of besides its routes; `close` it, or use it as a context manager.

    Args:
        config: Settings; None loads them.
        llm: As for `LiveEngine`; None takes the setting.
        size: Edge of new portraits; None takes the setting.

    Raises:
        UsageError: A setting of the server cannot be used.
    """

    def __init__(
        self, config: Settings | None = None, *, llm: str | LLM | None = None, size: int | None = None
    ) -> None:
        self.config = config or load_settings()
        self.keys = Keys(self.config.api_keys)
        self.tickets = Tickets()
        self.rate = RateLimit(self.config.requests_per_minute)
        self.places = Places(self.config.live_sessions, "conversations")
        self.metrics = Metrics()
        self.studio = Studio(config=self.config, llm=llm if isinstance(llm, str) else None, size=size)
        space = VisitorSpace(
            self.config.cache / OWNERS, days=self.config.visitor_days, megabytes=self.config.visitor_mb
        )
        self.libraries = Libraries(self.config.cache, self.studio, space)
        self.jobs = VideoJobs(
            self.config.cache / "videos",
            self.studio,
            self.libraries.of,
            self.config.video_hours,
            self.metrics,
        )
        self._llm = llm
        self._loading = Lock()
        self._engine: LiveEngine | None = None
        self._failure: ChatAnythingError | None = None
        self._recognizer: Recognizer | None = None
        self._heard = False

    @property
    def engine(self) -> LiveEngine:
        """The live engine; the first use loads its models.

        Raises:
            BackendError: They cannot be loaded.
        """
        with self._loading:
            if self._engine is None:
                self._engine = LiveEngine(llm=self._llm, config=self.config)
            return self._engine

    def ear(self) -> Ear | None:
        """What understands one session's microphone; None if nothing here can.

        Raises:
            BackendError: The recogniser that is asked for cannot be loaded.
        """
        with self._loading:
            if not self._heard:
                self._recognizer, self._heard = open_recognizer(self.config.hearing), True
        return Ear(self._recognizer) if self._recognizer is not None else None

    def memory(self, owner: str, persona_id: str, name: str, user: str) -> Memory:
        """What a persona of an owner knows of one of his users; closed by the caller.

        A persona that is forgotten while somebody talks to it begins no memory anew.

        Raises:
            OutputError: It cannot be used.
        """

        def is_kept() -> bool:
            try:
                self.libraries.of(owner).find(persona_id)
            except NotFoundError:
                return False
            return True

        return Memory(persona_id, name, user, self.memories(owner), may_begin=is_kept)

    def memories(self, owner: str) -> Path:
        """Where the memories of an owner's personas are kept."""
        return self.libraries.folder(owner) / "memory"

    def sidecars(self, owner: str) -> list[Sidecar]:
        """Descriptions of an owner's videos: those of jobs, and those in which personas greet."""
        folders = [self.jobs.folder(job) for job in self.jobs.all(owner)]
        folders += [kept.folder for kept in self.libraries.of(owner).all()]
        return [sidecar for folder in folders for sidecar in sidecars_in(folder)]

    def forget(self, owner: str, persona_id: str, *, videos: bool = False) -> Forgotten:
        """Remove a persona of an owner, and what it knew of anybody; its videos only on request.

        Raises:
            NotFoundError: There is none.
            OutputError: Something cannot be deleted.
        """
        library = self.libraries.of(owner)
        kept = library.find(persona_id)
        jobs = [job for job in self.jobs.all(owner) if job.persona == persona_id]
        done = forget(
            Identity(kept.name, kept.description, (persona_id,), kept.voice),
            library=library,
            memories=self.memories(owner),
            others=[one for one in self.libraries.everybody() if one.folder != kept.folder],
            videos=[self.jobs.video(owner, job.id) for job in jobs if job.status == "completed"],
            remove_videos=videos,
        )
        for job in jobs:
            if videos or job.status in ("queued", "in_progress"):
                self.jobs.remove(owner, job.id)
        return done

    @property
    def ready(self) -> bool:
        """Whether the models are loaded."""
        return self._engine is not None

    @property
    def failure(self) -> ChatAnythingError | None:
        """Why the models could not be loaded."""
        return self._failure

    def start(self) -> None:
        """Begin to load models and to work on jobs, in the background."""
        self.jobs.start()
        Thread(target=self._load, name="server: load", daemon=True).start()

    def close(self) -> None:
        """End all sessions and jobs, and free the models."""
        self.jobs.close()
        with self._loading:
            if self._engine is not None:
                self._engine.close()

    def _load(self) -> None:
        try:
            _ = self.engine
            self.ear()
        except ChatAnythingError as exc:
            self._failure = exc
            log.error("the models cannot be loaded: %s", exc)  # noqa: TRY400 - the line says it all

    def __enter__(self) -> Self:
        """The services themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        self.close()
