"""`chatanything ui`: the web page."""

from __future__ import annotations

import importlib.util
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.errors import BackendError


def ui(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 7860,
    llm: options.Llm = None,
    size: options.Size = None,
) -> None:
    """Open the web page in which a character is made and talks."""
    if importlib.util.find_spec("gradio") is None:
        raise BackendError(
            "the web page needs gradio", hint='Install it with: pip install "chatanything[ui]"'
        )
    from chatanything.studio import Studio
    from chatanything_ui.app import launch

    launch(Studio(llm=llm, size=size), host=host, port=port)
