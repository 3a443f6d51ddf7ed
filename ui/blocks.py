"""All tabs in one page, and what leads from one to another."""

from __future__ import annotations

from typing import Any, Final

import gradio as gr

from chatanything_ui import batch_tab, create_tab, gallery_tab, talk_tab, verify_tab
from chatanything_ui.parts import QUIET, html
from chatanything_ui.site import Site
from chatanything_ui.theme import static_text

TITLE: Final = "ChatAnything"
MARKED: Final = (
    '<footer class="quiet">Everything made here is synthetic, and every file of it is signed as such. '
    "Nothing leaves this server.</footer>"
)
QUEUE_LENGTH: Final = 24
"""Visitors who may wait; more are told that the page is busy."""
_AT_ONCE: Final = 8
"""Small events that are worked on at the same time; making characters has a queue of its own."""
UPLOAD_S: Final = 3300
"""So long Gradio keeps an upload: longer than anybody waits for his turn, and gone within an hour."""
_LOOK_S: Final = 300
"""So often it looks for old ones."""
_HANG_UP: Final = "() => { window.chatanything.leave(); }"


def blocks_of(site: Site) -> gr.Blocks:
    """The whole page over one site."""
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(_LOOK_S, UPLOAD_S)
    ) as app:
        # The secret hides nothing: it only has to stay the same, so that a browser keeps its token.
        token = gr.BrowserState("", storage_key="chatanything", secret="chatanything")  # noqa: S106
        html(static_text("brand.html"), elem_id="brand")
        with gr.Tabs(selected="create", elem_id="tabs", overflow_behavior="wrap") as tabs:
            with gr.Tab("Create", id="create") as create_page_tab:
                creating = create_tab.build(site, token)
            with gr.Tab("Talk", id=talk_tab.ID, render_children=True) as talk_page_tab:
                talking = talk_tab.build(site, token)
            with gr.Tab("Gallery", id=gallery_tab.ID) as gallery_page_tab:
                gallery = gallery_tab.build(site, token, creating.creation)
            with gr.Tab("Batch", id=batch_tab.ID) as batch_page_tab:
                batches, watched = batch_tab.build(site, token)
            with gr.Tab("Verify", id=verify_tab.ID) as verify_page_tab:
                verify_tab.build(site, token)
        html(MARKED)
        app.load(site.visitors.greet, token, token, **QUIET)
        talk_page_tab.select(talking.calls.people, [token, talking.who], talking.who, **QUIET)
        gallery_page_tab.select(gallery.gallery.show, [token, gallery.search], gallery.cards, **QUIET)
        batch_page_tab.select(batches.watch, token, watched, **QUIET)
        for tab in (create_page_tab, gallery_page_tab, batch_page_tab, verify_page_tab):
            tab.select(None, None, None, js=_HANG_UP, **QUIET)
        _cross(tabs, token, creating, talking, gallery)
    app.queue(max_size=QUEUE_LENGTH, default_concurrency_limit=_AT_ONCE)
    return app


def _cross(tabs: Any, token: Any, creating: Any, talking: Any, gallery: Any) -> None:
    """What leads from one tab to another."""

    def talk(now: str, persona_id: str) -> tuple[Any, Any]:
        return gr.update(selected="talk"), talking.calls.people(now, persona_id)

    creating.talk.click(talk, [token, creating.persona_id], [tabs, talking.who], **QUIET)

    def call(now: str, event: gr.EventData) -> tuple[Any, Any]:
        return talk(now, str(event._data["id"]))

    gallery.cards.talk(call, token, [tabs, talking.who], **QUIET)

    def alter(now: str, event: gr.EventData) -> tuple[Any, ...]:
        return gr.update(selected="create"), *creating.creation.open(now, str(event._data["id"]))

    altering = gallery.cards.alter(alter, token, [tabs, *creating.shown], **QUIET)
    creating.continue_with(altering, token)
    altering.then(
        creating.creation.remake,
        [token, creating.persona_id],
        creating.shown,
        concurrency_id="studio",
        **QUIET,
    )
