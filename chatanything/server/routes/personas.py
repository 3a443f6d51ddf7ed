"""The caller's personas: make, read, change, forget, import, export."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from fastapi.responses import FileResponse

from chatanything.bundle import Persona
from chatanything.editing import changed
from chatanything.errors import UsageError
from chatanything.library import Kept, PersonaLibrary
from chatanything.persona.cards_io import SUFFIXES
from chatanything.server.depends import Library, Owner, Shared
from chatanything.server.failures import documented
from chatanything.server.schemas import (
    ChangePersona,
    CreatePersona,
    PersonaDetail,
    PersonaForgotten,
    PersonaInfo,
    PersonaList,
)
from chatanything.voice.names import check_public

router = APIRouter(prefix="/v1/personas", tags=["personas"])
_MIME: Final = {"charx": "application/zip", "png": "image/png", "json": "application/json"}
Format = Literal["charx", "png", "json"]


@router.get("", responses=documented())
def listed(library: Library) -> PersonaList:
    """Everybody, the newest first."""
    return PersonaList(data=[PersonaInfo.of(kept) for kept in library.all()])


@router.post("", status_code=201, responses=documented(503, 507))
def create(asked: CreatePersona, services: Shared, library: Library) -> PersonaDetail:
    """Somebody new from a sentence; takes as long as the models need, some 20 seconds on a laptop."""
    others = [voice for one in asked.unlike if (voice := library.find(one).voice)]
    persona = services.studio.create(
        asked.description, seed=asked.seed, face_seed=asked.face_seed, unlike=others
    )
    return _detail(library.add(persona, now_s=time.time()), persona)


@router.post("/import", status_code=201, responses=documented(507))
def add_file(
    file: Annotated[UploadFile, File(description="A PNG, JSON or CHARX card.")], library: Library
) -> PersonaDetail:
    """Somebody from a card, ours or anybody's."""
    suffix = Path(file.filename or "").suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError("the file is no card", expected=", ".join(SUFFIXES), got=suffix or "no suffix")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"card{suffix}"
        path.write_bytes(file.file.read())
        kept = library.add_file(path, now_s=time.time())
    return _of(library, kept)


@router.get("/{persona_id}", responses=documented(404))
def one(persona_id: str, library: Library) -> PersonaDetail:
    """Everything about one persona."""
    return _of(library, library.find(persona_id))


@router.patch("/{persona_id}", responses=documented(404, 507))
def change(persona_id: str, asked: ChangePersona, services: Shared, library: Library) -> PersonaDetail:
    """Change its words, its voice or its face."""
    check_public(asked.voice or "")

    def how(old: Persona) -> Persona:
        return changed(
            services.studio, old, card=asked.card, voice=asked.voice or "", face_seed=asked.face_seed
        )

    return _of(library, library.change(persona_id, how))


@router.delete("/{persona_id}", responses=documented(404, 507))
def forget(
    persona_id: str,
    services: Shared,
    owner: Owner,
    videos: Annotated[bool, Query(description="Its finished videos, too.")] = False,
) -> PersonaForgotten:
    """Delete it with all its files, what it knew of anybody, and its cloned voice if nobody else has it."""
    done = services.forget(owner, persona_id, videos=videos)
    return PersonaForgotten(
        id=persona_id,
        object="persona.deleted",
        memories=len(done.memories),
        voices=list(done.voices),
        videos=[path.parent.name for path in done.videos],
        videos_deleted=videos,
    )


@router.get(
    "/{persona_id}/export",
    response_class=Response,
    responses={
        200: {"content": {kind: {} for kind in _MIME.values()}, "description": "The file"},
        **documented(404),
    },
)
def export(
    persona_id: str,
    services: Shared,
    library: Library,
    form: Annotated[Format, Query(alias="format")] = "charx",
) -> Response:
    """Its file, for here and elsewhere."""
    persona = library.load(persona_id)
    with tempfile.TemporaryDirectory() as folder:
        data = persona.save(Path(folder) / f"persona.{form}", config=services.config).read_bytes()
    named = {"Content-Disposition": f'attachment; filename="{persona_id}.{form}"'}
    return Response(data, media_type=_MIME[form], headers=named)


@router.get(
    "/{persona_id}/portrait",
    response_class=FileResponse,
    responses={200: {"content": {"image/png": {}}, "description": "The face"}, **documented(404)},
)
def portrait(persona_id: str, library: Library) -> FileResponse:
    """Its face."""
    return FileResponse(library.find(persona_id).portrait, media_type="image/png")


def _of(library: PersonaLibrary, kept: Kept) -> PersonaDetail:
    return _detail(kept, library.load(kept.id))


def _detail(kept: Kept, persona: Persona) -> PersonaDetail:
    card = persona.card.model_dump(mode="json", exclude={"extensions"})
    return PersonaDetail(**PersonaInfo.of(kept).model_dump(), card=card, voice=asdict(persona.voice))
