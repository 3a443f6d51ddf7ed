"""LiveKit Agents: the persona's own voice as an agent's speech service."""
# mypy: allow-subclassing-any, disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from chatanything.adapters.bridge import missing
from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError
from chatanything.live.engine import LiveEngine
from chatanything.live.sound import SPEECH_RATE
from chatanything.media.audio import resample
from chatanything.media.pcm import to_pcm
from chatanything.persona.delivery import delivery_for
from chatanything.seeds import derive

try:
    from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, APIError, tts
except ImportError as exc:
    raise missing("livekit", exc) from exc

"""Hertz of what comes out."""


class PersonaVoice(tts.TTS):
    """Sentences in, the persona's voice out; the words decide how they are performed.

    Args:
        engine: Its voice is used in turn with its sessions.
        persona: Whose voice.
    """

    def __init__(self, engine: LiveEngine, persona: Persona) -> None:
        capabilities = tts.TTSCapabilities(streaming=False)
        super().__init__(capabilities=capabilities, sample_rate=SPEECH_RATE, num_channels=1)
        self.engine, self.persona = engine, persona

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        """One sentence."""
        return _Sentence(tts=self, input_text=text, conn_options=conn_options)


class _Sentence(tts.ChunkedStream):
    _tts: PersonaVoice

    async def _run(self, output_emitter: Any) -> None:
        engine, persona, text = self._tts.engine, self._tts.persona, self.input_text
        seed = derive(persona.card.seed, "line", text)
        delivery = delivery_for(persona.card, text)
        try:
            speech = await asyncio.to_thread(engine.speak, text, persona.voice, delivery, seed)
        except ChatAnythingError as exc:
            raise APIError(str(exc), retryable=False) from exc
        output_emitter.initialize(
            request_id=uuid.uuid4().hex, sample_rate=SPEECH_RATE, num_channels=1, mime_type="audio/pcm"
        )
        if speech is not None:
            output_emitter.push(to_pcm(resample(speech.samples, speech.sample_rate, SPEECH_RATE)))
        output_emitter.flush()
