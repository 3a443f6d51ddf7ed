"""Forgetting a persona: everything that is kept of it, and what it knew; finished videos only on request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatanything.errors import NotFoundError, OutputError
from chatanything.library import Kept, PersonaLibrary
from chatanything.persona.memory.store import forget_file
from chatanything.persona.memory.store import kept as kept_memories
from chatanything.provenance.manifest import digest_of, sidecar_path
from chatanything.provenance.sidecars import sidecars_in
from chatanything.types import VoiceChoice
from chatanything.voice.clones import CLONE, forget_clone


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is to be forgotten."""

    name: str
    description: str
    ids: tuple[str, ...]
    """Under which memories know it: that of its card, and those of libraries."""
    voice: VoiceChoice | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed, or would be."""

    name: str
    personas: tuple[Path, ...] = ()
    """Card files, and folders of libraries with card, face, portrait and clip."""
    memories: tuple[str, ...] = ()
    """Names of the users whose conversations it knew."""
    voices: tuple[str, ...] = ()
    """Recordings of cloned voices that nobody else of the library speaks with."""
    voices_in_use: tuple[str, ...] = ()
    """Those that somebody else speaks with, which are kept."""
    videos: tuple[Path, ...] = ()
    """Finished videos in which it is seen or heard."""
    videos_removed: bool = False


def same_personas(library: PersonaLibrary, name: str, description: str) -> tuple[Kept, ...]:
    """Everybody of a library who has this name and was made of these words."""
    return tuple(one for one in library.all() if (one.name, one.description) == (name, description))


def videos_of(who: Identity, folders: Sequence[Path]) -> tuple[Path, ...]:
    """Finished videos with a persona, by their sidecars.

    Args:
        who: The persona.
        folders: Searched with all that is in them.
    """
    wanted = (who.name, digest_of(who.description))
    found = {
        sidecar.video
        for folder in folders
        for sidecar in sidecars_in(folder, deep=True)
        if wanted in sidecar.cast and sidecar.video.is_file()
    }
    return tuple(sorted(found))


def forget(
    who: Identity,
    *,
    library: PersonaLibrary,
    memories: Path,
    others: Iterable[Kept],
    cards: Sequence[Path] = (),
    videos: Sequence[Path] = (),
    remove_videos: bool = False,
    dry_run: bool = False,
) -> Forgotten:
    """Remove a persona: card, face, portrait, clip, all memories, and its cloned voice if nobody else has it.

    Args:
        who: The persona; those of its ids that are in the library are removed from it.
        library: Where it may be kept.
        memories: Folder of the memories.
        others: Everybody else, whose voices stay.
        cards: Files of it elsewhere.
        videos: In which it is seen, from `videos_of`; listed, and kept unless `remove_videos`.
        remove_videos: Delete those, too, with their sidecars.
        dry_run: Only say what would be removed.

    Raises:
        OutputError: Something cannot be deleted.
    """
    kept = [one for one in library.all() if one.id in who.ids and one.name == who.name]
    known = [one for one in kept_memories(memories) if one.persona_id in who.ids]
    mine = set(_clones(who.voice))
    shared = mine & {name for one in others for name in _clones(one.voice)}
    done = Forgotten(
        who.name,
        (*cards, *(one.folder for one in kept)),
        tuple(one.user for one in known),
        tuple(sorted(CLONE + name for name in mine - shared)),
        tuple(sorted(CLONE + name for name in shared)),
        tuple(videos),
        remove_videos,
    )
    if dry_run:
        return done
    for one in known:
        forget_file(one.path)
    for name in mine - shared:
        try:
            forget_clone(name)
        except NotFoundError:
            continue  # a voice of another computer
    for video in videos if remove_videos else ():
        _delete(sidecar_path(video))
        _delete(video)
    for persona in kept:
        library.remove(persona.id)
    # Whoever talked to it at this moment may have begun a memory anew before it was gone.
    for one in kept_memories(memories):
        if one.persona_id in who.ids:
            forget_file(one.path)
    for card in cards:
        _delete(card)
    return done


def _clones(voice: VoiceChoice | None) -> tuple[str, ...]:
    names = [name for name, _ in voice.weights] if voice else []
    return tuple(name.removeprefix(CLONE) for name in names if name.startswith(CLONE))


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise OutputError(f"{path} cannot be deleted", got=exc.strerror or str(exc)) from exc
