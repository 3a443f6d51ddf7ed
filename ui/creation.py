"""From a sentence to somebody who greets: generators that hand the page each piece as soon as it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import gradio as gr

from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError
from chatanything.library import Kept
from chatanything_ui import markup
from chatanything_ui.following import STAGES, following
from chatanything_ui.site import Site

MOST_GREETING: Final = 1000
Shown = tuple[Any, Any, Any, Any]
"""Updates of status, stage, what it is about, and the persona's id."""


class Creation:
    """Makes characters and their first videos.

    Args:
        site: The server behind the page.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def create(
        self, token: str, description: str, greeting: str, seed: float | None, size: int
    ) -> Iterator[Shown]:
        """Character, voice, face and first video of a description.

        Args:
            token: The browser's.
            description: Who it is.
            greeting: What it says first; empty leaves it to the character.
            seed: A whole number; None takes it from the words.
            size: Edge of the picture in pixels.
        """
        yield shown(markup.steps("persona", f"{STAGES['persona']} ..."), markup.EMPTY_STAGE, "", "")
        try:
            yield from self._create(token, description.strip(), greeting.strip(), _whole(seed), int(size))
        except ChatAnythingError as exc:
            yield shown(markup.problem(exc))

    def _create(
        self, token: str, description: str, greeting: str, seed: int | None, size: int
    ) -> Iterator[Shown]:
        persona: Persona | None = None
        name = ""
        others = self._site.library(token).voices(besides=description)
        for step, value in self._site.studio(size).create_steps(description, seed=seed, unlike=others):
            if step == "card":
                name = value.name
                yield shown(_step("voice"), about=markup.about(_greeting(value, greeting)))
            elif step == "voice":
                yield shown(_step("face"))
            elif step == "face":
                yield shown(_step("speech"), markup.picture(markup.data_url(value.image), name))
            else:
                persona = replace(value, card=_greeting(value.card, greeting))
        assert persona is not None
        kept = self._site.keep(token, persona)
        yield shown(_step("speech"), about=markup.about(persona.card), persona_id=kept.id)
        yield from self.greet(token, kept.id)

    def greet(self, token: str, persona_id: str) -> Iterator[Shown]:
        """Make a persona's greeting a video and keep it.

        Raises:
            ChatAnythingError: It cannot be made.
        """
        site = self._site
        library = site.library(token)
        persona, kept = library.load(persona_id), library.find(persona_id)
        card = persona.card
        words = card.greeting.strip() or f"Hello! I am {card.name}."
        studio = site.studio()
        with site.scratch() as folder:
            out = folder / "hello.mp4"
            for report in following(lambda tell: studio.say(persona, words, out=out, progress=tell)):
                yield shown(markup.steps(report.stage, report.words, report.share))
            kept = library.put_clip(persona_id, out)
        yield self.present(token, kept)

    def remake(self, token: str, persona_id: str) -> Iterator[Shown]:
        """The video of somebody who has none; nothing changes without a persona or where there is one."""
        yield shown()
        try:
            if persona_id and self._site.library(token).find(persona_id).clip is None:
                yield from self.greet(token, persona_id)
        except ChatAnythingError as exc:
            yield shown(markup.problem(exc))

    def open(self, token: str, persona_id: str) -> Shown:
        """The stage with somebody of the library, to be changed."""
        try:
            library = self._site.library(token)
            status, stage, _, _ = self.present(token, library.find(persona_id))
            return status, stage, markup.about(library.load(persona_id).card), persona_id
        except ChatAnythingError as exc:
            return shown(markup.problem(exc))

    def present(self, token: str, kept: Kept) -> Shown:
        """The stage with somebody of the library."""
        site = self._site
        clip, portrait = site.clip(token, kept), site.portrait(token, kept)
        stage = markup.video(clip, portrait, kept.name) if clip else markup.picture(portrait, kept.name)
        words = f"{kept.name} is in your gallery." if clip else f"{kept.name} has no video yet."
        return shown(markup.status(words, "good"), stage)


def shown(
    status: str | None = None,
    stage: str | None = None,
    about: str | None = None,
    persona_id: str | None = None,
) -> Shown:
    """One update of the page; what is None stays as it is."""
    pieces = tuple(gr.skip() if piece is None else piece for piece in (status, stage, about, persona_id))
    return pieces[0], pieces[1], pieces[2], pieces[3]


def _step(stage: str) -> str:
    line: str = markup.steps(stage, f"{STAGES[stage]} ...")
    return line


def _greeting(card: Any, greeting: str) -> Any:
    """The card with the user's own first words."""
    if not greeting:
        return card
    provenance = {**card.provenance, "greeting": "user"}
    return card.model_copy(update={"greeting": greeting[:MOST_GREETING], "provenance": provenance})


def _whole(seed: float | None) -> int | None:
    return None if seed is None else int(seed)
