"""Routes that the page needs besides Gradio's: a visitor's own files, and tickets for calls."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from chatanything.bundle import Persona
from chatanything.errors import NotFoundError
from chatanything.server.access import Admission
from chatanything.settings import Settings
from chatanything_ui.links import PREFIX
from chatanything_ui.site import Site
from chatanything_ui.visitors import USER

_EXPORTS: Final = {"charx": "application/zip", "png": "image/png", "json": "application/json"}
_HEADERS: Final = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}


class Caller(BaseModel):
    """Who wants to talk to whom."""

    persona: Annotated[str, Field(max_length=80)]
    visitor: Annotated[str, Field(max_length=80)] = ""
    remember: bool = False
    """Whether what is said shall be remembered."""


def router_of(site: Site) -> APIRouter:
    """The routes over one site."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/ticket")
    def ticket(caller: Caller) -> dict[str, str]:
        """A ticket for one call; wrong callers learn here why, which a WebSocket could not tell them."""
        owner = site.visitors.owner(caller.visitor)
        site.services.rate.take(owner)
        site.services.libraries.of(owner).find(caller.persona)
        admission = Admission(owner, caller.persona, USER if caller.remember else "")
        return {"ticket": site.services.tickets.issue(admission)}

    @router.get("/files/{signature}/{owner}/{kind}/{name}")
    def file(signature: str, owner: str, kind: str, name: str) -> Response:
        """One file, to whoever was given its address."""
        if not site.links.allows(signature, owner, kind, name):
            raise NotFoundError("there is no such file", hint="Load the page again.")
        return _file(site, owner, kind, name)

    return router


def _file(site: Site, owner: str, kind: str, name: str) -> Response:
    library = site.services.libraries.of(owner)
    if kind in _EXPORTS:
        return _export(library.load(name), kind, name, site.services.config)
    if kind == "portrait":
        return FileResponse(library.find(name).portrait, media_type="image/png", headers=_HEADERS)
    if kind == "clip":
        clip = library.find(name).clip
        if clip is None:
            raise NotFoundError("there is no clip yet")
        return _video(clip, f"{name}.mp4")
    if kind == "video":
        return _video(site.services.jobs.video(owner, name), f"{name}.mp4")
    path = site.runs.results(owner, name)
    return FileResponse(path, media_type="application/zip", filename=path.name)


def _video(path: Path, name: str) -> FileResponse:
    return FileResponse(
        path, media_type="video/mp4", filename=name, content_disposition_type="inline", headers=_HEADERS
    )


def _export(persona: Persona, kind: str, name: str, config: Settings) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        data = persona.save(Path(folder) / f"persona.{kind}", config=config).read_bytes()
    named = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(data, media_type=_EXPORTS[kind], headers=named)
