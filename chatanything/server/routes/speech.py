"""A persona's voice as OpenAI's `/v1/audio/speech`."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response

from chatanything.media.audio_formats import FORMATS, encode_audio
from chatanything.persona.delivery import delivery_for
from chatanything.provenance.c2pa import sealed
from chatanything.publish import spoken_run
from chatanything.seeds import derive
from chatanything.server.depends import Library, Shared
from chatanything.server.failures import documented
from chatanything.server.schemas import SpeechRequest
from chatanything.types import Delivery
from chatanything.voice.names import check_public, named

router = APIRouter(prefix="/v1/audio", tags=["speech"])


@router.post(
    "/speech",
    response_class=Response,
    responses={
        200: {"content": {form.mime: {} for form in FORMATS.values()}, "description": "The sound"},
        **documented(404),
    },
)
def speech(asked: SpeechRequest, services: Shared, library: Library) -> Response:
    """A text in the voice of a persona, or in one by its name."""
    check_public(asked.voice)
    voice = named(asked.voice)
    delivery, seed, name, about = Delivery(), 0, "", ""
    if voice is None:
        persona = library.load(asked.voice)
        voice, delivery = persona.voice, delivery_for(persona.card, asked.input)
        seed, name, about = persona.card.seed, persona.card.name, persona.card.description
    rate = min(2.0, max(0.5, voice.rate * asked.speed))
    sound = services.engine.speak(
        asked.input, replace(voice, rate=rate), delivery, derive(seed, "line", asked.input)
    )
    assert sound is not None
    form = asked.response_format
    data = encode_audio(sound.samples, sound.sample_rate, form)
    run = spoken_run(sound, voice, seed=seed, persona=name, description=about)
    data = sealed(data, f".{form}", run, title=f"speech.{form}", config=services.config)
    return Response(data, media_type=FORMATS[form].mime)
