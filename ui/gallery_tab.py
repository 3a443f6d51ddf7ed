"""The Gallery tab: everybody in the library."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gradio as gr

from chatanything.errors import ChatAnythingError, InputFileError
from chatanything.persona.cards_io import SUFFIXES
from chatanything_ui import markup, shelf
from chatanything_ui.creation import Creation
from chatanything_ui.parts import QUIET, status_line, with_events
from chatanything_ui.site import Site

ID: Final = "gallery"


_CARDS: Final = "window.chatanything.gallery(element, trigger)"


class Gallery:
    """What is done to the library as a whole.

    Args:
        site: The server behind the page.
        creation: Makes the videos of those who are imported.
    """

    def __init__(self, site: Site, creation: Creation) -> None:
        self._site, self._creation = site, creation

    def show(self, token: str, search: str) -> str:
        """The cards."""
        cards: str
        try:
            cards = shelf.grid(self._site, token, self._site.library(token).all(), search)
        except ChatAnythingError as exc:
            cards = markup.problem(exc)
        return cards

    def remove(self, token: str, persona_id: str) -> str:
        """Delete a persona and what it knew; a line about it."""
        line: str
        try:
            done = self._site.services.forget(self._site.visitors.owner(token), persona_id)
            knew = " with all that was told to it" if done.memories else ""
            stays = f" Videos that stay: {len(done.videos)}." if done.videos else ""
            line = markup.status(f"{done.name} is gone{knew}.{stays}")
        except ChatAnythingError as exc:
            line = markup.problem(exc)
        return line

    def bring_in(self, token: str, file: str | None, search: str) -> Iterator[tuple[str, Any]]:
        """Add a card file and let it greet; a line about it and the cards."""
        suffix = Path(file or "").suffix
        try:
            if not file or suffix.lower() not in SUFFIXES:
                raise InputFileError(
                    "the file is no card", expected=", ".join(SUFFIXES), got=suffix or "nothing"
                )
            with self._site.taken(file) as copy:
                yield markup.status("Reading the card ...", "busy"), gr.skip()
                kept = self._site.library(token).add_file(copy, now_s=time.time())
            yield (
                markup.steps("speech", f"{kept.name} has moved in and learns to talk ..."),
                self.show(token, search),
            )
            for status, *_ in self._creation.greet(token, kept.id):
                yield status, gr.skip()
            yield markup.status(f"{kept.name} has moved in.", "good"), self.show(token, search)
        except ChatAnythingError as exc:
            yield markup.problem(exc), gr.skip()


@dataclass(frozen=True, slots=True)
class GalleryTab:
    """What other tabs need of it."""

    gallery: Gallery
    search: Any
    cards: Any
    """The grid; its events "talk" and "alter" lead to other tabs."""
    status: Any


def build(site: Site, token: Any, creation: Creation) -> GalleryTab:
    """Lay the tab out and connect it."""
    gallery = Gallery(site, creation)
    with gr.Row(equal_height=True, elem_classes="shelf-head"):
        search = gr.Textbox(
            label="Search", placeholder="A name, a word ...", max_length=200, scale=4, elem_id="search"
        )
        bring = gr.UploadButton(
            "Import a card", file_types=list(SUFFIXES), scale=1, min_width=180, elem_id="import"
        )
    status = status_line("gallery-status")
    cards = with_events("", "talk", "alter", "remove", code=_CARDS, elem_id="cards")
    search.change(gallery.show, [token, search], cards, trigger_mode="always_last", **QUIET)
    bring.upload(gallery.bring_in, [token, bring, search], [status, cards], concurrency_id="studio", **QUIET)

    def remove(now: str, wanted: str, event: gr.EventData) -> tuple[str, str]:
        return gallery.remove(now, str(event._data["id"])), gallery.show(now, wanted)

    cards.remove(remove, [token, search], [status, cards], **QUIET)
    return GalleryTab(gallery, search, cards, status)
