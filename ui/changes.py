"""What a visitor does to a persona after its creation: another face, another voice, other words."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

import gradio as gr

from chatanything.bundle import Persona
from chatanything.editing import changed
from chatanything.errors import ChatAnythingError, UsageError
from chatanything.media.audio_formats import encode_audio
from chatanything.persona.delivery import delivery_for
from chatanything.provenance.c2pa import sealed
from chatanything.publish import spoken_run
from chatanything.seeds import MAX_SEED, derive
from chatanything.types import UInt8
from chatanything.voice.names import check_public
from chatanything_ui import card_form, markup
from chatanything_ui.creation import Creation, Shown, shown
from chatanything_ui.site import Site

FACES: Final = 6
"""On one sheet."""
_MOST_SAMPLE: Final = 160
"""Letters of a voice sample; it is for tasting."""


class Changes:
    """Changes personas of the library; their ids stay.

    Args:
        site: The server behind the page.
        creation: Makes the videos again.
    """

    def __init__(self, site: Site, creation: Creation) -> None:
        self._site, self._creation = site, creation

    def open(self, token: str, persona_id: str) -> tuple[Any, ...]:
        """Fill the workbench with a persona.

        Returns:
            Visibility of the bench, the voice, its sample, the voice's words, number of the sheet of faces,
            and the values of the form.
        """
        try:
            persona = self._load(token, persona_id)
        except ChatAnythingError:
            rest = [gr.skip()] * (4 + len(card_form.FIELDS) + 1)
            return gr.update(visible=False), *rest
        voice = markup.voice(persona.voice)
        return gr.update(visible=True), voice, "", "", 0, *card_form.values_of(persona.card)

    def faces(self, token: str, persona_id: str, sheet: int) -> Iterator[tuple[str, int]]:
        """The next faces for a persona's card, one after another; and the number of their sheet."""
        yield "", sheet
        try:
            persona = self._load(token, persona_id)
        except ChatAnythingError:
            return
        if persona.consent is not None:
            yield markup.status("It has your own picture as its face."), sheet
            return
        studio = self._site.studio(persona.portrait.image.shape[0])
        images: dict[int, UInt8] = {}
        try:
            for seed in range(FACES * sheet + 1, FACES * (sheet + 1) + 1):
                images[seed] = studio.preview(persona.card, seed=seed).image
                yield markup.faces(images), sheet + 1
        except ChatAnythingError as exc:
            yield markup.problem(exc), sheet

    def take_face(self, token: str, persona_id: str, seed: int) -> Iterator[Shown]:
        """Give a persona the face of a number, then its video again."""
        yield shown(markup.steps("face", "Drawing the face ..."))
        try:
            if not 0 <= seed <= MAX_SEED:
                raise UsageError("there is no face of this number", got=str(seed)[:40])
            self._change(token, persona_id, lambda _: {"face_seed": seed})
            yield from self._after(token, persona_id)
        except ChatAnythingError as exc:
            yield shown(markup.problem(exc))

    def hear(self, token: str, persona_id: str, words: str) -> tuple[str, str]:
        """A voice and a sample of it.

        Args:
            token: The browser's.
            persona_id: Who speaks.
            words: About another voice, or the name of one; empty for its own.

        Returns:
            The voice with its reason, and a player.
        """
        try:
            persona = self._load(token, persona_id)
            voice = persona.voice
            if words.strip():
                check_public(words)
                voice = self._site.services.studio.voice_named(
                    words.strip(), seed=persona.card.seed, instead_of=voice
                )
            line = _sample_line(persona)
            speech = self._site.services.engine.speak(
                line, voice, delivery_for(persona.card, line), derive(persona.card.seed, "sample")
            )
        except ChatAnythingError as exc:
            return markup.problem(exc), ""
        assert speech is not None  # nobody called it off
        card = persona.card
        run = spoken_run(speech, voice, seed=card.seed, persona=card.name, description=card.description)
        wav = encode_audio(speech.samples, speech.sample_rate, "wav")
        wav = sealed(wav, ".wav", run, title="sample.wav", config=self._site.services.config)
        sound = base64.b64encode(wav).decode()
        player = (
            f'<audio controls autoplay src="data:audio/wav;base64,{sound}" aria-label="Voice sample"></audio>'
        )
        return markup.voice(voice), player

    def take_voice(self, token: str, persona_id: str, words: str) -> Iterator[Shown]:
        """Give a persona another voice, then its video again."""
        yield shown(markup.steps("voice", "Choosing the voice ..."))
        try:
            if not words.strip():
                raise UsageError("no voice was described", expected="some words about it")
            check_public(words)
            self._change(token, persona_id, lambda _: {"voice": words})
            yield from self._after(token, persona_id)
        except ChatAnythingError as exc:
            yield shown(markup.problem(exc))

    def save(self, token: str, persona_id: str, *values: Any) -> Iterator[Shown]:
        """Keep what the form says; a form that cannot be kept stays as the visitor filled it."""
        yield shown(markup.steps("persona", "Saving ..."))
        try:
            self._change(token, persona_id, lambda old: {"card": card_form.changes_from(values, old.card)})
            yield from self._after(token, persona_id)
        except ChatAnythingError as exc:
            yield shown(markup.problem(exc))

    # ------------------------------------------------------------------ shared

    def _load(self, token: str, persona_id: str) -> Persona:
        self._somebody(persona_id)
        persona: Persona = self._site.library(token).load(persona_id)
        return persona

    def _change(self, token: str, persona_id: str, what: Callable[[Persona], dict[str, Any]]) -> None:
        """Change a persona by what is made of it as it is when its turn comes."""

        def how(old: Persona) -> Persona:
            return changed(self._site.studio(old.portrait.image.shape[0]), old, **what(old))

        self._somebody(persona_id)
        self._site.library(token).change(persona_id, how)

    @staticmethod
    def _somebody(persona_id: str) -> None:
        if not persona_id:
            raise UsageError("there is no character yet", hint="Describe one first.")

    def _after(self, token: str, persona_id: str) -> Iterator[Shown]:
        """The changed persona on the stage, then its new video."""
        library = self._site.library(token)
        _, stage, _, _ = self._creation.present(token, library.find(persona_id))
        card = library.load(persona_id).card
        yield shown(markup.steps("speech", "Speaking ..."), stage, markup.about(card))
        yield from self._creation.greet(token, persona_id)


def _sample_line(persona: Persona) -> str:
    line = persona.card.greeting.strip() or f"Hello! I am {persona.card.name}."
    if len(line) <= _MOST_SAMPLE:
        return line
    cut = max(line.rfind(mark, 0, _MOST_SAMPLE) for mark in ".!?") + 1
    return line[: cut or _MOST_SAMPLE]
