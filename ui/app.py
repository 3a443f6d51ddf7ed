"""The web page: describe somebody, watch them arrive, talk to them."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatanything.paths import make_folder
from chatanything_ui.theme import head, styles, system_theme

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from chatanything.server.services import Services
    from chatanything_ui.site import Site

_LEFT_S: Final = 3600.0
"""An upload that is older belongs to nobody: a page that runs deletes its own earlier."""


def build_app(services: Services, *, alone: bool = True) -> gr.Blocks:
    """The page as a Gradio app, not yet served; its calls and pictures need `create_page`.

    Args:
        services: Models, libraries, jobs.
        alone: Only this machine reaches the page: everything belongs to one owner.

    Raises:
        OutputError: The cache cannot be written.
        ImportError: Gradio is not installed.
    """
    site = _site(services, alone=alone)
    from chatanything_ui.blocks import blocks_of

    return blocks_of(site)


def create_page(services: Services, *, alone: bool = True) -> FastAPI:
    """The server's app with the page at "/"; the server's own routes win.

    Args:
        services: Models, libraries, jobs; the caller closes them.
        alone: As for `build_app`.

    Raises:
        OutputError: The cache cannot be written.
        ImportError: Gradio is not installed.
    """
    from chatanything.server.app import create_app
    from chatanything.server.guard import LOOPBACK, Guard
    from chatanything_ui.routes import router_of

    site = _site(services, alone=alone)
    import gradio as gr

    from chatanything_ui.blocks import blocks_of

    app = create_app(services, loopback=alone)
    app.include_router(router_of(site))
    if alone:
        # Behind a proxy everybody would be the one owner; a proxy calls the page by another name.
        app.add_middleware(Guard, origins=services.config.allowed_origins, hosts=LOOPBACK)
    page: FastAPI = gr.mount_gradio_app(
        app,
        blocks_of(site),
        "/",
        theme=system_theme(),
        css=styles(),
        head=head(),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=services.config.upload_mb * 1_000_000,
        favicon_path=str(Path(__file__).with_name("static") / "icon.png"),
    )
    return page


def launch(services: Services, *, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until the process is told to stop.

    Only this machine sees it unless `host` says otherwise.

    Args:
        services: Models, libraries, jobs; the caller closes them.
        host: Address to listen on.
        port: Port; 0 takes a free one.

    Raises:
        BackendError: The address cannot be listened on.
    """
    from chatanything.server.guard import LOOPBACK
    from chatanything.server.running import serve_app

    serve_app(services, host=host, port=port, app=create_page(services, alone=host in LOOPBACK))


def _site(services: Services, *, alone: bool) -> Site:
    # Read when Gradio is imported: no analytics, and uploads on the disk of the cache.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "0"
    uploads = services.config.cache / "ui" / "uploads"
    make_folder(uploads)
    os.environ.setdefault("GRADIO_TEMP_DIR", str(uploads))
    _sweep(uploads)
    from chatanything_ui.links import Links
    from chatanything_ui.runs import BatchRuns
    from chatanything_ui.site import Site
    from chatanything_ui.visitors import Visitors

    runs = BatchRuns(services.libraries, services.studio.llm, services.config)
    return Site(services, Visitors(alone=alone), Links(), runs)


def _sweep(uploads: Path) -> None:
    """Delete what a page that was killed has left; what Gradio keeps of its own it deletes itself."""
    old_s = time.time() - _LEFT_S
    for path in uploads.rglob("*"):
        with suppress(OSError):
            if path.is_file() and path.lstat().st_mtime < old_s:
                path.unlink()
