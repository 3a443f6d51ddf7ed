"""Pipecat: the persona's own voice as a pipeline's speech service, and our ears as its recognition."""
# mypy: allow-subclassing-any, disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, Final

from chatanything.adapters.bridge import missing
from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError
from chatanything.hearing.recognizer import Recognizer
from chatanything.live.engine import LiveEngine
from chatanything.media.audio import resample
from chatanything.media.pcm import from_pcm, to_pcm
from chatanything.persona.delivery import delivery_for
from chatanything.persona.sentences import clauses_in
from chatanything.seeds import derive
from chatanything.types import Float32

try:
    from pipecat.frames.frames import ErrorFrame, Frame, TranscriptionFrame, TTSAudioRawFrame
    from pipecat.services.settings import STTSettings, TTSSettings
    from pipecat.services.stt_service import SegmentedSTTService
    from pipecat.services.tts_service import TTSService
    from pipecat.utils.time import time_now_iso8601
except ImportError as exc:
    raise missing("pipecat", exc) from exc

LONGEST_WAIT_S: Final = 30.0
"""A sentence that takes longer to make was given up; a busy machine needs a few seconds."""


class PersonaVoice(TTSService):
    """Sentences in, the persona's voice out; the words decide how they are performed.

    Args:
        engine: Its voice is used in turn with its sessions.
        persona: Whose voice.
        more: For `TTSService`.
    """

    def __init__(self, engine: LiveEngine, persona: Persona, **more: Any) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            stop_frame_timeout_s=LONGEST_WAIT_S,
            settings=TTSSettings(model=None, voice=persona.card.name, language=None),
            **more,
        )
        self._engine, self._persona = engine, persona

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Sound at the pipeline's rate, sentence by sentence, so that the first one is heard soon."""
        for sentence in clauses_in(text):
            try:
                samples = await asyncio.to_thread(self._spoken, sentence)
            except ChatAnythingError as exc:
                yield ErrorFrame(error=str(exc))
                return
            yield TTSAudioRawFrame(to_pcm(samples), self.sample_rate, 1, context_id=context_id)

    def _spoken(self, sentence: str) -> Float32:
        card, voice = self._persona.card, self._persona.voice
        seed = derive(card.seed, "line", sentence)
        speech = self._engine.speak(sentence, voice, delivery_for(card, sentence), seed)
        assert speech is not None
        return resample(speech.samples, speech.sample_rate, self.sample_rate)


class Hearing(SegmentedSTTService):
    """What the user said, one utterance at a time; the pipeline's voice activity cuts them.

    Args:
        recognizer: From `chatanything.hearing.recognizer.open_recognizer`.
        more: For `SegmentedSTTService`.
    """

    def __init__(self, recognizer: Recognizer, **more: Any) -> None:
        super().__init__(settings=STTSettings(model=None, language=None), **more)
        self._recognizer = recognizer

    @property
    def wants_wav_segments(self) -> bool:
        """It takes plain samples."""
        return False

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame, None]:
        """The words of one utterance; nothing for noise."""
        try:
            words = await asyncio.to_thread(self._recognizer.transcribe, from_pcm(audio, 1), self.sample_rate)
        except ChatAnythingError as exc:
            yield ErrorFrame(error=str(exc))
            return
        if words:
            yield TranscriptionFrame(words, self._user_id, time_now_iso8601())
