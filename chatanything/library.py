"""Personas that are kept: one folder each, found again by id."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

from chatanything.bundle import Persona
from chatanything.errors import ConsentError, NotFoundError, OutputError, UsageError
from chatanything.media.atomic import write_bytes
from chatanything.paths import make_folder
from chatanything.provenance.manifest import sidecar_path
from chatanything.publish import publish_picture
from chatanything.studio import Studio
from chatanything.types import VoiceChoice
from chatanything.voice.stored import voice_fields, voice_from

MAX_PERSONAS: Final = 500
"""Personas in one library; a shelf, not a data base."""
_CACHED: Final = 8
_FILE, _PORTRAIT, _ABOUT, _CLIP = "persona.charx", "portrait.png", "about.json", "hello.mp4"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,71}")
_STAGING: Final = ".new-"


@dataclass(frozen=True, slots=True)
class Kept:
    """One persona of a library, without its pictures in memory."""

    id: str
    name: str
    description: str
    species: str
    greeting: str
    created_s: float
    """Unix time."""
    folder: Path
    voice: VoiceChoice | None = None
    """None for one that was kept before voices were noted."""

    @property
    def file(self) -> Path:
        """The whole persona."""
        return self.folder / _FILE

    @property
    def portrait(self) -> Path:
        """Its face, a PNG picture."""
        return self.folder / _PORTRAIT

    @property
    def clip(self) -> Path | None:
        """A video in which it greets; None until one was made."""
        path = self.folder / _CLIP
        return path if path.is_file() else None


@dataclass(slots=True)
class _Turns:
    """Who changes one persona, one after another."""

    lock: Lock = field(default_factory=Lock)
    wanted: int = 0
    """Threads that hold the lock or wait for it."""


class PersonaLibrary:
    """A folder of personas; safe to use from several threads.

    Args:
        folder: Where they are kept; made when the first one comes.
        studio: Draws what a persona file lacks.
        make_room: Called before anything is kept; it raises where there is no room.
    """

    def __init__(self, folder: Path, studio: Studio, make_room: Callable[[], None] | None = None) -> None:
        self._folder, self._studio, self._make_room = folder, studio, make_room
        self._lock = Lock()
        self._changing: dict[str, _Turns] = {}
        self._cache: OrderedDict[str, Persona] = OrderedDict()

    def add(self, persona: Persona, *, now_s: float) -> Kept:
        """Keep a persona; one that has an id which is taken gets a number behind it.

        Args:
            persona: Who.
            now_s: Unix time.

        Raises:
            UsageError: The library is full, or the disk that it may use.
            OutputError: It cannot be written.
        """
        with self._staged(persona, now_s) as staging, self._lock:
            kept_id = self._free_id(persona.card.id)
            staging.replace(self._folder / kept_id)
            self._remember(kept_id, persona)
        return self.find(kept_id)

    def change(self, persona_id: str, how: Callable[[Persona], Persona]) -> Kept:
        """Change a persona and keep it; changes of one persona wait for each other, so that none is lost.

        Args:
            persona_id: Who.
            how: Makes the changed persona of the one that is kept.

        Raises:
            NotFoundError: There is none.
            PersonaError: Its file is damaged.
            OutputError: It cannot be written.
        """
        with self._turn(persona_id):
            return self.replace(persona_id, how(self.load(persona_id)))

    def replace(self, persona_id: str, persona: Persona) -> Kept:
        """Keep a changed persona under its old id, without the clip, which shows how it was.

        Raises:
            NotFoundError: There is none.
            OutputError: It cannot be written.
        """
        kept = self.find(persona_id)
        with self._staged(persona, kept.created_s) as staging, self._lock:
            old = staging.with_name(staging.name + "-old")
            kept.folder.replace(old)
            staging.replace(kept.folder)
            shutil.rmtree(old, ignore_errors=True)
            self._remember(persona_id, persona)
        return self.find(persona_id)

    def add_file(self, path: Path, *, now_s: float) -> Kept:
        """Keep a persona from its file, or from anybody's character card.

        Raises:
            PersonaError: The file is no card.
            UsageError: The library is full.
            OutputError: It cannot be written.
        """
        return self.add(self._studio.load(path), now_s=now_s)

    def all(self) -> tuple[Kept, ...]:
        """Everybody, the newest first."""
        if not self._folder.is_dir():
            return ()
        found = (self._read(folder) for folder in self._folder.iterdir() if _ID.fullmatch(folder.name))
        return tuple(sorted((kept for kept in found if kept), key=lambda kept: (-kept.created_s, kept.id)))

    def voices(self, *, besides: str = "") -> tuple[VoiceChoice, ...]:
        """The voices of everybody, for somebody new to sound unlike them.

        Args:
            besides: A description whose personas do not count: one made again keeps its voice.
        """
        return tuple(kept.voice for kept in self.all() if kept.voice and kept.description != besides)

    def find(self, persona_id: str) -> Kept:
        """One persona by id.

        Raises:
            NotFoundError: There is none.
        """
        kept = self._read(self._folder / persona_id) if _ID.fullmatch(persona_id) else None
        if kept is None:
            raise NotFoundError("there is no such persona", got=repr(persona_id[:80]))
        return kept

    def load(self, persona_id: str) -> Persona:
        """A persona, ready to speak; the ones asked for lately stay in memory.

        Raises:
            NotFoundError: There is none.
            PersonaError: Its file is damaged.
        """
        kept = self.find(persona_id)
        with self._lock:
            if persona_id in self._cache:
                self._cache.move_to_end(persona_id)
                return self._cache[persona_id]
        persona = self._studio.load(kept.file)
        with self._lock:
            # Somebody may have changed it while the file was read: what they kept is newer.
            self._remember(persona_id, self._cache.get(persona_id, persona))
            return self._cache[persona_id]

    def put_clip(self, persona_id: str, video: Path) -> Kept:
        """Keep a copy of a video as the one in which a persona greets.

        Raises:
            NotFoundError: There is no such persona.
            OutputError: It cannot be written.
        """
        kept = self.find(persona_id)
        try:
            write_bytes(kept.folder / _CLIP, video.read_bytes())
            if sidecar_path(video).is_file():
                write_bytes(sidecar_path(kept.folder / _CLIP), sidecar_path(video).read_bytes())
        except OSError as exc:
            raise OutputError("the clip cannot be kept", got=exc.strerror or str(exc)) from exc
        return kept

    def remove(self, persona_id: str) -> None:
        """Forget a persona and delete its files.

        Raises:
            NotFoundError: There is none.
            OutputError: It cannot be deleted.
        """
        kept = self.find(persona_id)
        with self._lock:
            self._cache.pop(persona_id, None)
            try:
                shutil.rmtree(kept.folder)
            except OSError as exc:
                raise OutputError("the persona cannot be deleted", got=exc.strerror or str(exc)) from exc

    @contextmanager
    def _turn(self, persona_id: str) -> Iterator[None]:
        """Hold what one persona is changed under; it goes when nobody waits for it any more."""
        with self._lock:
            turns = self._changing.setdefault(persona_id, _Turns())
            turns.wanted += 1
        try:
            with turns.lock:
                yield
        finally:
            with self._lock:
                turns.wanted -= 1
                if not turns.wanted:
                    del self._changing[persona_id]

    @contextmanager
    def _staged(self, persona: Persona, created_s: float) -> Iterator[Path]:
        """A folder with everything of a persona, beside the others; gone afterwards unless it was moved."""
        if self._make_room is not None:
            self._make_room()
        make_folder(self._folder)
        staging = self._folder / f"{_STAGING}{secrets.token_hex(6)}"
        make_folder(staging)
        card = persona.card
        about = {
            "name": card.name,
            "description": card.description,
            "species": card.species,
            "greeting": card.greeting,
            "created_s": created_s,
            "voice": voice_fields(persona.voice),
        }
        try:
            config = self._studio.config
            persona.save(staging / _FILE, config=config)
            publish_picture(staging / _PORTRAIT, persona.portrait.image, persona.run(), config=config)
            write_bytes(staging / _ABOUT, json.dumps(about, ensure_ascii=False).encode())
            yield staging
        except OSError as exc:
            raise OutputError("the persona cannot be kept", got=exc.strerror or str(exc)) from exc
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _free_id(self, wanted: str) -> str:
        taken = {folder.name for folder in self._folder.iterdir() if _ID.fullmatch(folder.name)}
        if len(taken) >= MAX_PERSONAS:
            raise UsageError(
                "the library is full", expected=f"at most {MAX_PERSONAS} personas", hint="Delete some first."
            )
        number, free = 1, wanted
        while free in taken:
            number += 1
            free = f"{wanted}-{number}"
        return free

    def _remember(self, persona_id: str, persona: Persona) -> None:
        self._cache[persona_id] = persona
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)

    @staticmethod
    def _read(folder: Path) -> Kept | None:
        """What a folder holds; None for one that is not whole."""
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            return Kept(
                folder.name,
                str(about["name"]),
                str(about["description"]),
                str(about["species"]),
                str(about["greeting"]),
                float(about["created_s"]),
                folder,
                voice_from(about["voice"]) if "voice" in about else None,
            )
        except (OSError, ValueError, KeyError, TypeError, ConsentError):
            return None
