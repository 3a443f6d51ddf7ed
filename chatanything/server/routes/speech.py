"""A persona's voice as OpenAI's `/v1/audio/speech`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from chatanything.errors import ChatAnythingError
from chatanything.media.audio_formats import FORMATS, STREAMED, encode_audio, encode_stream
from chatanything.persona.delivery import delivery_for
from chatanything.provenance.c2pa import sealed
from chatanything.publish import spoken_run
from chatanything.seeds import derive
from chatanything.server.depends import Library, Shared
from chatanything.server.failures import documented
from chatanything.server.schemas import SpeechRequest
from chatanything.types import Delivery, Speech
from chatanything.voice.names import check_public, named

log = logging.getLogger(__name__)
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
    """A text in the voice of a persona, or in one by its name.

    Sound comes sentence by sentence while the rest is made, but for wav and flac, which come whole.
    """
    check_public(asked.voice)
    voice = named(asked.voice)
    delivery, seed, name, about = Delivery(), 0, "", ""
    if voice is None:
        persona = library.load(asked.voice)
        voice, delivery = persona.voice, delivery_for(persona.card, asked.input)
        seed, name, about = persona.card.seed, persona.card.name, persona.card.description
    voice = replace(voice, rate=min(2.0, max(0.5, voice.rate * asked.speed)))
    form = asked.response_format
    said_seed, mime = derive(seed, "line", asked.input), FORMATS[form].mime
    if form in STREAMED:
        pieces = services.engine.stream(asked.input, voice, delivery, said_seed)
        # What cannot be spoken shows at the first piece, before anything was answered.
        first = next(pieces)
        sounds = ((piece.samples, piece.sample_rate) for piece in _to_the_end(first, pieces))
        return StreamingResponse(encode_stream(sounds, form), media_type=mime)
    sound = services.engine.speak(asked.input, voice, delivery, said_seed)
    assert sound is not None
    data = encode_audio(sound.samples, sound.sample_rate, form)
    run = spoken_run(sound, voice, seed=seed, persona=name, description=about)
    return Response(
        sealed(data, f".{form}", run, title=f"speech.{form}", config=services.config), media_type=mime
    )


def _to_the_end(first: Speech, pieces: Iterator[Speech]) -> Iterator[Speech]:
    """All pieces; an error between them, when the answer has begun, ends it."""
    yield first
    try:
        yield from pieces
    except ChatAnythingError as exc:
        log.warning("speech broke off: %s", exc)
