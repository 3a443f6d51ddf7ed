"""Speech recognition by any server with OpenAI's `/audio/transcriptions`."""

from __future__ import annotations

from typing import Final

from chatanything.media.audio_formats import FORMATS, encode_audio
from chatanything.openai_client import OpenAIClient
from chatanything.settings import settings
from chatanything.types import Float32

ANSWER_S: Final = 30.0


class EndpointRecognizer:
    """A recogniser behind HTTP.

    Args:
        base_url: Such as "http://localhost:8001/v1"; key and model come from the settings.
    """

    def __init__(self, base_url: str) -> None:
        self._client = OpenAIClient(
            base_url,
            api_key=settings().hearing_api_key,
            answer_s=ANSWER_S,
            what="the speech recognition at",
            hint="Check the address, or set CHATANYTHING_HEARING=local.",
        )

    def transcribe(self, samples: Float32, sample_rate: int) -> str:
        """See `Recognizer.transcribe`."""
        file = ("speech.wav", encode_audio(samples, sample_rate, "wav"), FORMATS["wav"].mime)
        answer = self._client.guarded(
            lambda: self._client.raw.audio.transcriptions.create(model=settings().hearing_model, file=file)
        )
        text = answer if isinstance(answer, str) else answer.text
        return str(text or "").strip()
