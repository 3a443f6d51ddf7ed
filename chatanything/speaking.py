"""What is heard in a video: a text in somebody's voice, or a recording; made once where a cache keeps it."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from chatanything.progress import Progress
from chatanything.seeds import derive
from chatanything.stage_cache import StageCache
from chatanything.stopwatch import Stopwatch
from chatanything.types import Delivery, Speech, VoiceChoice
from chatanything.voice.backends import VOICE_BACKENDS
from chatanything.voice.kept import kept_recording, kept_speech, recording_key, speech_key
from chatanything.voice.recording import listen
from chatanything.voice.speech import Speaker


class SpeechMaker:
    """Speaks texts and hears recordings; the voice model loads once, at the first text.

    Args:
        cache: Where speech is kept and looked for.
    """

    def __init__(self, cache: StageCache) -> None:
        self._cache = cache
        self._speaker: Speaker | None = None

    def make(
        self,
        text: str,
        audio: Path | str | None,
        voice: VoiceChoice | None,
        delivery: Delivery,
        watch: Stopwatch,
        progress: Progress,
    ) -> Speech:
        """The recording, or the text in a voice; as `hear` and `speak`."""
        if audio is not None:
            return self.hear(Path(audio), text, watch, progress)
        assert voice is not None
        return self.speak(text, voice, delivery, watch, progress)

    def hear(self, audio: Path, text: str, watch: Stopwatch, progress: Progress) -> Speech:
        """A recording with the times of its words.

        Args:
            audio: The recording.
            text: Its transcript, empty when nobody knows it.
            watch: Takes the record of the stage.
            progress: Told about it.

        Raises:
            SpeechError: It cannot be read.
        """
        with watch.stage("speech", "recording"):
            make = partial(listen, audio, text, progress=progress)
            return kept_recording(self._cache, audio, text, make)[0]

    def speak(
        self, text: str, voice: VoiceChoice, delivery: Delivery, watch: Stopwatch, progress: Progress
    ) -> Speech:
        """A text in a voice; the seed is the watch's.

        Raises:
            SpeechError: Nothing in the text can be spoken.
        """
        self._speaker = self._speaker or Speaker()
        start, seed = time.perf_counter(), _seed(watch.seed, text)
        make = partial(self._speaker.speak, text, voice, delivery, seed=seed, progress=progress)
        speech, _ = kept_speech(self._cache, text, voice, delivery, seed, make)
        used = VOICE_BACKENDS.spec(speech.backend).weights
        watch.add("speech", speech.backend, used, time.perf_counter() - start)
        return speech

    @staticmethod
    def key(text: str, audio: Path | None, voice: VoiceChoice, delivery: Delivery, seed: int) -> str:
        """Under which key a cache has what `hear` or `speak` gives.

        Args:
            text: The text or the recording's transcript.
            audio: The recording, or None for a text that is spoken.
            voice: Who speaks.
            delivery: How.
            seed: That of the performance.

        Raises:
            OSError: The recording cannot be read.
        """
        if audio is not None:
            return recording_key(audio, text)
        return speech_key(text, voice, delivery, _seed(seed, text))


def _seed(seed: int, text: str) -> int:
    return derive(seed, "speech", text)
