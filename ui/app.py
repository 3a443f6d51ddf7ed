"""The web page: describe somebody, watch them arrive, let them talk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from chatanything.paths import make_folder
from chatanything.studio import Studio
from chatanything_ui.actions import Actions
from chatanything_ui.theme import CSS, system_theme

if TYPE_CHECKING:
    import gradio as gr

TITLE: Final = "ChatAnything"
INTRO: Final = (
    "# ChatAnything\n"
    "Describe anyone or anything in a sentence. It gets a character, a voice and a face, and talks."
)
MARKED: Final = "Everything made here is synthetic and is marked so inside the video file."
EXAMPLES: Final = (
    ("a grumpy old lighthouse keeper who loves jazz", "Fog again. Put on a record, would you?"),
    ("a cheerful apple who sings opera", "Bravo! Tonight I am the apple of every eye."),
    ("a wise owl who teaches astronomy", "Look up. Every star is somebody's morning."),
    ("a nervous little robot who loves gardening", "Please do not step on my petunias."),
)
QUEUE_LENGTH: Final = 16
"""Visitors who may wait; more are told that the page is busy."""


def build_app(studio: Studio) -> gr.Blocks:
    """The page as a Gradio app, not yet started.

    One character or video is made at a time. Persona files and videos are kept under the cache's "ui" folder.

    Args:
        studio: Makes the characters and videos.

    Raises:
        OutputError: The cache cannot be written.
        ImportError: Gradio is not installed.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "0"  # read when gradio is imported
    import gradio as gr

    folder = studio.config.cache / "ui"
    make_folder(folder)
    actions = Actions(studio, folder)
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as app:
        card_path = gr.State("")
        gr.Markdown(INTRO)
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                asked = _request(gr, studio)
            with gr.Column(scale=6, min_width=320):
                shown = _result(gr)
        gr.Examples(
            [list(example) for example in EXAMPLES],
            [asked["description"], asked["text"]],
            label="Ideas to start from",
            example_labels=[description for description, _ in EXAMPLES],
            cache_examples=False,
        )
        gr.Markdown(MARKED, elem_classes="quiet")
        _wire(gr, actions, card_path, asked, shown)
    app.queue(max_size=QUEUE_LENGTH, default_concurrency_limit=1)
    return app


def _request(gr: Any, studio: Studio) -> dict[str, Any]:
    """What the visitor fills in."""
    asked: dict[str, Any] = {}
    asked["description"] = gr.Textbox(
        label="Who is it?", lines=2, max_length=2000, placeholder=EXAMPLES[0][0], autofocus=True
    )
    asked["text"] = gr.Textbox(
        label="What does it say?",
        lines=2,
        max_length=5000,
        placeholder="Empty: its own greeting",
    )
    with gr.Accordion("More settings", open=False), gr.Row():
        asked["seed"] = gr.Number(
            label="Seed", value=None, precision=0, minimum=0, info="Same words and seed, same character"
        )
        asked["size"] = gr.Radio(
            choices=[256, 512], value=studio.size, label="Picture edge in pixels", info="512 takes longer"
        )
    asked["create"] = gr.Button("Bring it to life", variant="primary", size="lg")
    return asked


def _result(gr: Any) -> dict[str, Any]:
    """What the visitor gets, empty at first."""
    shown: dict[str, Any] = {}
    shown["status"] = gr.Markdown("Nobody is here yet.", elem_id="status", container=True)
    shown["video"] = gr.Video(
        label="The character talking", autoplay=True, visible=False, interactive=False, elem_id="video"
    )
    shown["portrait"] = gr.Image(
        label="Its face", visible=False, interactive=False, buttons=[], elem_id="portrait"
    )
    with gr.Group(visible=False) as shown["more"]:
        shown["line"] = gr.Textbox(label="Say something else", lines=2, max_length=5000)
        shown["say"] = gr.Button("Say it", variant="primary")
    shown["card"] = gr.Markdown(visible=False, elem_id="card")
    shown["voice"] = gr.Markdown(visible=False, elem_id="voice")
    shown["file"] = gr.File(label="The character as a file (.charx)", visible=False, interactive=False)
    return shown


def _wire(gr: Any, actions: Actions, card_path: Any, asked: dict[str, Any], shown: dict[str, Any]) -> None:
    """Connect buttons and keys with the actions; a running creation stops when a new one is asked for."""
    pieces = ("status", "card", "voice", "portrait", "video", "file", "more")
    creating = [shown[name] for name in pieces]
    gr.on(
        [asked["create"].click, asked["description"].submit],
        actions.create,
        [asked["description"], asked["text"], asked["seed"], asked["size"]],
        [*creating, card_path],
        api_name="create",
        concurrency_id="studio",
        show_progress="minimal",
        show_progress_on=[shown["status"]],
    )
    gr.on(
        [shown["say"].click, shown["line"].submit],
        actions.say,
        [card_path, shown["line"], asked["size"]],
        [shown["status"], shown["video"]],
        api_name="say",
        concurrency_id="studio",
        show_progress="minimal",
        show_progress_on=[shown["status"]],
    )


def launch(studio: Studio, *, host: str = "127.0.0.1", port: int = 7860, block: bool = True) -> gr.Blocks:
    """Serve the page; only this machine sees it unless `host` says otherwise.

    Args:
        studio: Makes the characters and videos.
        host: Address to listen on.
        port: Port; 0 takes a free one.
        block: Wait until the server is stopped.
    """
    app = build_app(studio)
    app.launch(
        server_name=host,
        server_port=port or None,
        share=False,
        prevent_thread_lock=not block,
        theme=system_theme(),
        css=CSS,
        allowed_paths=[str(studio.config.cache / "ui")],
        footer_links=[],
        show_error=True,
    )
    return app
