"""A persona with another voice or face keeps what its user chose."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.bundle import Persona
from chatanything.editing import changed
from chatanything.studio import Studio

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(llm="rules", size=256)


@pytest.fixture(scope="module")
def bram(studio: Studio) -> Persona:
    return studio.create("an old postman named Bram", seed=2)


def test_a_chosen_voice_stays_whoever_speaks_with_it(studio: Studio, bram: Persona) -> None:
    chosen = changed(studio, bram, voice="af_bella")
    assert chosen.voice.weights == (("af_bella", 1.0),)
    again = changed(studio, chosen, card={"voice": {"pitch": 0.1}})
    assert again.voice == chosen.voice
    assert changed(studio, bram, card={"voice": {"gender": "female"}}).voice != bram.voice


def test_words_alone_change_neither_voice_nor_face(studio: Studio, bram: Persona) -> None:
    new = changed(studio, bram, card={"greeting": "What now?"})
    assert (new.card.greeting, new.voice) == ("What now?", bram.voice)
    assert np.array_equal(new.portrait.image, bram.portrait.image)
    assert new.card.provenance["greeting"] == "user"


def test_a_face_of_a_number_is_drawn_again_from_that_number(studio: Studio, bram: Persona) -> None:
    third = changed(studio, bram, face_seed=3)
    assert not np.array_equal(third.portrait.image, bram.portrait.image)
    tired = changed(studio, third, card={"look": "A tired face."})
    assert np.array_equal(tired.portrait.image, studio.preview(tired.card, seed=3).image)
