"""Is it alive, is it ready, and how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Response

from chatanything import __version__
from chatanything.server.depends import Owner, Shared
from chatanything.server.failures import documented
from chatanything.server.metrics import CONTENT_TYPE
from chatanything.server.schemas import Health

router = APIRouter(tags=["state"])


@router.get("/health")
def health() -> Health:
    """The process answers."""
    return Health(status="ok", version=__version__)


@router.get("/ready", responses={503: {"model": Health, "description": "Not yet, or never"}})
def ready(services: Shared, response: Response) -> Health:
    """The models are loaded; 503 until then."""
    if services.ready:
        return Health(status="ready", version=__version__)
    response.status_code = 503
    failed = services.failure
    return Health(
        status="failed" if failed else "loading", version=__version__, message=str(failed) if failed else ""
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}}, "description": "Prometheus' text format"},
        **documented(),
    },
)
def metrics(services: Shared, _owner: Owner) -> Response:
    """Figures for Prometheus."""
    return Response(services.metrics.text(), media_type=CONTENT_TYPE)
