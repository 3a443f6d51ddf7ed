"""`chatanything ui`: the web page."""

from __future__ import annotations

from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import require

_NEEDED = ("gradio", "uvicorn", "websockets", "prometheus_client")


def ui(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 7860,
    llm: options.Llm = None,
    size: options.Size = None,
) -> None:
    """Open the web page in which characters are made and talk; docs/UI.md shows it."""
    require(_NEEDED, "the web page", extra="ui")
    from chatanything.cli.console import err
    from chatanything.server.services import Services
    from chatanything_ui.app import launch

    with Services(llm=llm, size=size) as services:
        if port:
            err.print(f"The page is at http://{host}:{port}", markup=False)
        launch(services, host=host, port=port)
