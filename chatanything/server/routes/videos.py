"""Talking videos as jobs, with the routes of OpenAI's videos."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from pydantic import ValidationError

from chatanything.errors import UsageError
from chatanything.server.depends import Owner, Shared
from chatanything.server.failures import documented
from chatanything.server.jobs import VideoJob
from chatanything.server.schemas import Deleted, Video, VideoError, VideoList, VideoRequest

router = APIRouter(prefix="/v1/videos", tags=["videos"])
_SCHEMA: Final = {"schema": VideoRequest.model_json_schema()}
_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


@router.post(
    "",
    status_code=200,
    responses=documented(404, 507),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": dict.fromkeys(("application/json", "multipart/form-data"), _SCHEMA),
        }
    },
)
async def submit(request: Request, services: Shared, owner: Owner) -> Video:
    """Ask for a video; it is made in the background."""
    asked = await _read(request)
    job = await run_in_threadpool(
        services.jobs.submit, owner, asked.model, asked.prompt, seed=asked.seed, style=asked.style
    )
    return _video(job, services.config.video_hours)


async def _read(request: Request) -> VideoRequest:
    """The request, as JSON or, as OpenAI's client sends it, as a form.

    Raises:
        UsageError: It is neither.
        RequestValidationError: A field is missing or wrong.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        fields: Any
        if kind in _FORMS:
            async with request.form(max_files=0, max_fields=20) as form:
                fields = dict(form)
            if str(fields.get("seed", "")).isdigit():
                fields["seed"] = int(fields["seed"])
        else:
            fields = await request.json()
    except ValueError as exc:
        raise UsageError("the request cannot be read", expected="JSON or a form", got=str(exc)) from exc
    try:
        return VideoRequest.model_validate(fields)
    except ValidationError as exc:
        errors = [{**error, "loc": ("body", *error["loc"])} for error in exc.errors()]
        raise RequestValidationError(errors) from exc


@router.get("", responses=documented())
def listed(services: Shared, owner: Owner) -> VideoList:
    """The caller's videos."""
    return VideoList(data=[_video(job, services.config.video_hours) for job in services.jobs.all(owner)])


@router.get("/{video_id}", responses=documented(404))
def poll(video_id: str, services: Shared, owner: Owner) -> Video:
    """How far it is."""
    return _video(services.jobs.find(owner, video_id), services.config.video_hours)


@router.get(
    "/{video_id}/content",
    response_class=FileResponse,
    responses={200: {"content": {"video/mp4": {}}, "description": "The video"}, **documented(404)},
)
def content(video_id: str, services: Shared, owner: Owner) -> FileResponse:
    """The finished file."""
    path = services.jobs.video(owner, video_id)
    return FileResponse(path, media_type="video/mp4", filename=f"{video_id}.mp4")


@router.delete("/{video_id}", responses=documented(404))
def delete(video_id: str, services: Shared, owner: Owner) -> Deleted:
    """Cancel it, or delete the file."""
    return Deleted(id=services.jobs.remove(owner, video_id).id, object="video.deleted")


def _video(job: VideoJob, hours: float) -> Video:
    return Video(
        id=job.id,
        model=job.persona,
        prompt=job.text,
        status=job.status,
        progress=job.progress,
        created_at=int(job.created_at),
        completed_at=job.completed_at,
        expires_at=job.completed_at + round(hours * 3600) if job.completed_at else None,
        seconds=f"{job.seconds:g}" if job.seconds is not None else None,
        size=f"{job.size}x{job.size}" if job.size else None,
        error=VideoError(message=job.error) if job.error else None,
    )
