"""Speech recognition by any server with OpenAI's `/audio/transcriptions`."""

from __future__ import annotations

import io
import wave
from typing import Any, Final

import numpy as np

from chatanything.errors import BackendError
from chatanything.settings import settings
from chatanything.types import Float32

CONNECT_S: Final = 5.0
ANSWER_S: Final = 30.0


class EndpointRecognizer:
    """A recogniser behind HTTP.

    Args:
        base_url: Such as "http://localhost:8001/v1"; key and model come from the settings.
    """

    def __init__(self, base_url: str) -> None:
        import openai

        self._openai: Any = openai
        self._base_url = base_url
        self._client: Any = openai.OpenAI(
            base_url=base_url,
            api_key=settings().hearing_api_key,
            timeout=openai.Timeout(ANSWER_S, connect=CONNECT_S),
            max_retries=1,
        )

    def transcribe(self, samples: Float32, sample_rate: int) -> str:
        """See `Recognizer.transcribe`."""
        file = ("speech.wav", _wav(samples, sample_rate), "audio/wav")
        try:
            answer = self._client.audio.transcriptions.create(model=settings().hearing_model, file=file)
        except self._openai.APITimeoutError as exc:
            raise self._error("does not answer in time", exc) from exc
        except self._openai.APIConnectionError as exc:
            raise self._error("cannot be reached", exc) from exc
        except self._openai.APIStatusError as exc:
            raise self._error(f"refused the request with status {exc.status_code}", exc) from exc
        except (self._openai.OpenAIError, ValueError) as exc:  # an answer that is no JSON is a ValueError
            raise self._error("gave a broken answer", exc) from exc
        text = answer if isinstance(answer, str) else answer.text
        return str(text or "").strip()

    def _error(self, what: str, exc: Exception) -> BackendError:
        first = (str(exc).splitlines() or [""])[0]
        return BackendError(
            f"the speech recognition at {self._base_url} {what}",
            got=first[:200],
            hint="Check the address, or set CHATANYTHING_HEARING=local.",
        )


def _wav(samples: Float32, sample_rate: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sample_rate)
        out.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()
