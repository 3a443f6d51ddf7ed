"""What the caller's personas know of his users: read, correct, forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query

from chatanything.errors import NotFoundError
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.store import forget_file, path_for
from chatanything.server.depends import Library, Owner, Shared
from chatanything.server.failures import documented
from chatanything.server.schemas import (
    ChangeStatement,
    Deleted,
    MemoryEpisode,
    MemoryStatement,
    MemoryTurn,
    UserMemory,
)
from chatanything.server.services import Services

router = APIRouter(prefix="/v1/personas/{persona_id}/memory", tags=["memory"])
User = Annotated[str, Query(min_length=1, max_length=80, description="Whose memory.")]
Number = Annotated[int, Path(ge=1, le=2**53)]


@router.get("", responses=documented(404, 507))
def show(persona_id: str, user: User, services: Shared, library: Library, owner: Owner) -> UserMemory:
    """Everything that a persona knows of a user."""
    library.find(persona_id)
    with _opened(services, owner, persona_id, user) as memory:
        return _shown(memory, user)


@router.patch("/{number}", responses=documented(404, 507))
def edit(
    persona_id: str,
    number: Number,
    user: User,
    asked: ChangeStatement,
    services: Shared,
    library: Library,
    owner: Owner,
) -> UserMemory:
    """Correct a statement; what the user says later will not change it."""
    library.find(persona_id)
    with _opened(services, owner, persona_id, user) as memory:
        memory.edit(number, asked.text)
        return _shown(memory, user)


@router.delete("/{number}", responses=documented(404, 507))
def forget(
    persona_id: str, number: Number, user: User, services: Shared, library: Library, owner: Owner
) -> Deleted:
    """Remove a statement, and what was said about it."""
    library.find(persona_id)
    with _opened(services, owner, persona_id, user) as memory:
        memory.forget(number)
    return Deleted(id=str(number), object="memory.statement.deleted")


@router.delete("", responses=documented(404, 507))
def forget_all(persona_id: str, user: User, services: Shared, library: Library, owner: Owner) -> Deleted:
    """Remove everything that a persona knows of a user, and the file."""
    library.find(persona_id)
    forget_file(path_for(user, persona_id, services.memories(owner)))
    return Deleted(id=persona_id, object="memory.deleted")


@contextmanager
def _opened(services: Services, owner: str, persona_id: str, user: str) -> Iterator[Memory]:
    """A memory that exists.

    Raises:
        NotFoundError: The persona knows nothing of the user.
    """
    if not path_for(user, persona_id, services.memories(owner)).exists():
        raise NotFoundError(f"{persona_id} knows nothing of {user!r}")
    memory = services.memory(owner, persona_id, "", user)
    try:
        yield memory
    finally:
        memory.close()


def _shown(memory: Memory, user: str) -> UserMemory:
    return UserMemory(
        user=user,
        statements=[MemoryStatement(**asdict(one)) for one in memory.statements],
        episodes=[MemoryEpisode(**asdict(one)) for one in memory.episodes],
        turns=[MemoryTurn(at_s=one.at_s, role=one.role, text=one.text) for one in memory.turns],
    )
