"""A character and its own voice's recording, for every framework."""

from __future__ import annotations

import pytest

from chatanything.bundle import Persona
from chatanything.live.engine import LiveEngine
from chatanything.studio import Studio
from chatanything.types import Delivery, Speech, VoiceChoice
from chatanything.voice.speech import Speaker


@pytest.fixture(scope="session")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


@pytest.fixture(scope="session")
def spoken() -> Speech:
    voice = VoiceChoice("kokoro", (("af_heart", 1.0),))
    return Speaker().speak("Papa bought a boat by the bay. Bob may come along.", voice, Delivery(), 1)


@pytest.fixture(scope="session")
def engine():
    with LiveEngine(llm="rules", renderer="warp") as opened:
        yield opened
