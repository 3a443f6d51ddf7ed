"""Studio: the one composition of the stages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from chatanything import bundle
from chatanything.bundle import Persona
from chatanything.dubbing import dub_clip, open_source
from chatanything.errors import UsageError
from chatanything.face.backends import FACE_ENGINES
from chatanything.face.photo import portrait_from_photo
from chatanything.lipsync import MOTIONS, RENDERERS
from chatanything.lipsync.manner import Manner
from chatanything.lipsync.moving import maker_for, move
from chatanything.media.image import read_image
from chatanything.persona.backends import open_llm
from chatanything.persona.card import PersonaCard
from chatanything.persona.delivery import delivery_for
from chatanything.persona.rules import read_description
from chatanything.persona.writer import write_card
from chatanything.portraits import Face, FaceMaker, with_face
from chatanything.progress import Progress, silent
from chatanything.provenance.blocklist import Judge, check_allowed
from chatanything.provenance.consent import stated_now
from chatanything.provenance.manifest import RunManifest
from chatanything.publish import Performance, publish_video
from chatanything.seeds import derive, seed_of
from chatanything.settings import Settings, load_settings
from chatanything.speaking import SpeechMaker
from chatanything.speaking_style import taken_over
from chatanything.stage_cache import StageCache
from chatanything.stopwatch import Stopwatch
from chatanything.types import (
    Delivery,
    DubbedVideo,
    Emotion,
    Portrait,
    TalkingVideo,
    VoiceChoice,
)
from chatanything.voice.match import match_voice
from chatanything.voice.names import named
from chatanything.voice.recording import check_words
from chatanything.weights import entries

Step = tuple[str, Any]


class Studio:
    """Creates personas and lets them speak.

    Args:
        llm: "auto", "local", "rules" or an endpoint's base URL; None takes the setting.
        face_engine: "auto" or a name of the face engines; None takes the setting.
        renderer: "auto" or a name of the renderers; None takes the setting.
        motion: "auto" or a name of what makes motion; None takes the setting.
        size: Edge of the picture in pixels, 256 or 512; None takes the setting.
        fps: Frames a second, 5..60; None takes the setting.
        config: Settings to use instead of the environment's.
        cache: Where speech is kept and looked for; None speaks anew each time.
        judge: Asked about everybody who is made, imported, changed or dubbed, beside the settings' blocklist.
        watermark: Hide a mark in the frames of every video, also where the setting does not ask for it.

    Raises:
        UsageError: A size or frame rate that is not supported.
        BackendError: An unknown engine or renderer.
    """

    def __init__(
        self,
        *,
        llm: str | None = None,
        face_engine: str | None = None,
        renderer: str | None = None,
        motion: str | None = None,
        size: int | None = None,
        fps: float | None = None,
        config: Settings | None = None,
        cache: StageCache | None = None,
        judge: Judge | None = None,
        watermark: bool = False,
    ) -> None:
        self.config = config or load_settings()
        if watermark:
            self.config = self.config.model_copy(update={"watermark": True})
        self.llm = llm or self.config.llm
        self.size = size or self.config.size
        self.fps = fps or self.config.fps
        if self.size not in (256, 512):
            raise UsageError("picture size is not supported", expected="256 or 512", got=str(self.size))
        if not 5 <= self.fps <= 60:
            raise UsageError("frame rate is not supported", expected="5 to 60", got=f"{self.fps:g}")
        self.face_engine = FACE_ENGINES.choose(face_engine or self.config.face_engine, "text")
        self.renderer = RENDERERS.choose(renderer or self.config.renderer, "still")
        self.motion = motion or self.config.motion
        MOTIONS.choose(self.motion, "words")
        self.allowed = partial(check_allowed, config=self.config, judge=judge)
        self._faces = FaceMaker(self.face_engine, self.llm, self.size)
        self._speeches = SpeechMaker(cache or StageCache(self.config.cache, 0))

    # ------------------------------------------------------------------ creating

    def create(
        self,
        description: str,
        *,
        seed: int | None = None,
        face_seed: int | None = None,
        face_image: Path | str | None = None,
        consent: str = "",
        answers: Mapping[str, str] | None = None,
        unlike: Sequence[VoiceChoice] = (),
        progress: Progress = silent,
    ) -> Persona:
        """A persona from one sentence.

        Args:
            description: Who it is, in any words, at most 2,000 characters.
            seed: The same seed and words give the same persona; None derives it from the words.
            face_seed: The face of this number, as `preview` shows it; None takes `seed`.
            face_image: The user's own picture as the face instead of a drawn one.
            consent: Statement of the right to animate `face_image`; needed with it.
            answers: To the questions of `persona.interview.questions_for`, by their keys.
            unlike: Voices of other personas, which this one's shall not be mistaken for.
            progress: Told about every stage.

        Raises:
            UsageError: The description is empty, too long or has no words, or an answer cannot be used.
            FaceError: `face_image` has no usable face.
            ConsentError: `face_image` came without a consent statement, or with one that says nothing.
            BlockedError: The blocklist refuses the words or the picture.
        """
        steps = self.create_steps(
            description, seed=seed, face_seed=face_seed, face_image=face_image, consent=consent,
            answers=answers, unlike=unlike, progress=progress,
        )  # fmt: skip
        persona: Persona = dict(steps)["persona"]
        return persona

    def create_steps(
        self,
        description: str,
        *,
        seed: int | None = None,
        face_seed: int | None = None,
        face_image: Path | str | None = None,
        consent: str = "",
        answers: Mapping[str, str] | None = None,
        unlike: Sequence[VoiceChoice] = (),
        progress: Progress = silent,
    ) -> Iterator[Step]:
        """As `create`, yielding ("card", PersonaCard), ("voice", VoiceChoice), ("face", Portrait) and at
        last ("persona", Persona) as they arrive.
        """  # noqa: D205 - one sentence
        seed = seed_of(description) if seed is None else seed
        photo = given = None
        if face_image is not None:
            photo = portrait_from_photo(read_image(Path(face_image)), consent=consent, size=self.size)
            given = stated_now(consent, photo.image)  # before the long work: "ok" says nothing
        self.allowed("create", description, consent, picture=photo.image if photo else None)
        watch = Stopwatch(seed)
        card = self._card(description, seed, consent, watch, progress, answers)
        self.allowed("create", card.name)
        yield "card", card
        with watch.stage("voice", "match", ("minilm-l6-int8",)):
            voice = match_voice(card.voice_brief(), seed=derive(seed, "voice"), unlike=unlike).choice
        progress("voice", 1, 1, " + ".join(name for name, _ in voice.weights))
        yield "voice", voice
        face_seed = seed if face_seed is None else face_seed
        face = (
            self._faces.from_photo(photo, seed=seed, progress=progress)
            if photo is not None
            else self._faces.draw(card, seed=face_seed, progress=progress)
        )
        yield "face", face.portrait
        records = (*watch.records, face.record)
        yield "persona", Persona(card, voice, face.portrait, face.references, face.recipe, given, records)

    def write_card(
        self,
        description: str,
        *,
        seed: int | None = None,
        answers: Mapping[str, str] | None = None,
        progress: Progress = silent,
    ) -> PersonaCard:
        """The personality alone; arguments as of `create`.

        Raises:
            UsageError: The description is empty, too long or has no words.
        """
        seed = seed_of(description) if seed is None else seed
        return self._card(description, seed, "", Stopwatch(seed), progress, answers)

    def draw(self, card: PersonaCard, *, seed: int, progress: Progress = silent) -> Face:
        """A face for a card; another seed gives another face."""
        return self._faces.draw(card, seed=seed, progress=progress)

    def preview(self, card: PersonaCard, *, seed: int) -> Portrait:
        """The portrait that `draw` makes, without its references and in a fraction of the time."""
        return self._faces.preview(card, seed=seed)

    def preview_run(self, card: PersonaCard, *, seed: int, drawn: Portrait | None = None) -> RunManifest:
        """What made the picture of `preview`, `drawn`, to be signed into a file of it."""
        return self._faces.preview_run(card, seed=seed, drawn=drawn)

    def voice_named(self, words: str, *, seed: int, instead_of: VoiceChoice | None = None) -> VoiceChoice:
        """A voice by its name (see `voice.names`), or the bank voice that fits a description."""
        found = named(words, instead_of=instead_of)
        if found is not None:
            return found
        brief = read_description(words, seed=seed).voice_brief()
        return match_voice(brief, seed=derive(seed, "voice")).choice

    def _card(
        self, description: str, seed: int, consent: str, watch: Stopwatch, progress: Progress,
        answers: Mapping[str, str] | None,
    ) -> PersonaCard:  # fmt: skip
        start = time.perf_counter()
        with open_llm(self.llm, progress=progress) as llm:
            name = llm.name if llm else "rules"
            card = write_card(description, llm=llm, seed=seed, answers=answers, progress=progress)
        weights = tuple(entry.id for entry in entries() if entry.id == name)
        watch.add("persona", name, weights, time.perf_counter() - start)
        if consent:
            safety = card.safety.model_copy(update={"consent": consent})
            card = card.model_copy(update={"safety": safety})
        return card

    def load(self, path: Path | str, *, progress: Progress = silent) -> Persona:
        """A persona from its file, or from anybody's character card.

        What the file lacks is made again: the face from its recipe, the voice from the card.

        Raises:
            PersonaError: The file is no card.
            BlockedError: The blocklist refuses its words or its picture.
        """
        stored = bundle.load(path)
        seed = stored.card.seed
        self.allowed("import", stored.card.name, stored.card.description, picture=stored.picture())
        voice = stored.voice or match_voice(stored.card.voice_brief(), seed=derive(seed, "voice")).choice
        if stored.face is not None:
            portrait, references = stored.face
            recipe, records = stored.recipe, stored.records
        else:
            face = self._faces.restore(stored, progress=progress)
            portrait, references, recipe = face.portrait, face.references, face.recipe
            records = with_face(stored.records, face.record)
        consent = stored.consent or stored.stated(portrait, recipe)
        return Persona(stored.card, voice, portrait, references, recipe, consent, records)

    # ------------------------------------------------------------------ speaking

    def say(
        self,
        persona: Persona,
        text: str = "",
        *,
        out: Path | str,
        audio: Path | str | None = None,
        style: Emotion | None = None,
        style_from: Path | str | Manner | None = None,
        seed: int | None = None,
        progress: Progress = silent,
    ) -> TalkingVideo:
        """A video in which the persona says the text, or moves its lips to a recording.

        Args:
            persona: Who speaks.
            text: What to say, at most 5,000 characters; with `audio`, its transcript if known.
            out: The mp4 to write; nothing is left under this name unless all went well.
            audio: A recording to lip-sync to instead of synthesising speech.
            style: Emotion to perform with instead of the one that the text suggests.
            style_from: A clip whose speaker's way of moving is taken over, or what `read_manner` found in it.
            seed: Seed of the performance; None takes the persona's own.
            progress: Told about every stage.

        Raises:
            UsageError: The text is empty or too long, or the clip of `style_from` cannot be used.
            SpeechError: Nothing in the text can be spoken, or the recording cannot be read.
            OutputError: `out` cannot be written.
        """
        check_words(text, audio)
        seed = persona.card.seed if seed is None else seed
        watch = Stopwatch(seed)
        delivery = delivery_for(persona.card, text, emotion=style)
        manner = taken_over(style_from, watch, config=self.config, progress=progress)
        speech = self._speeches.make(text, audio, persona.voice, delivery, watch, progress)
        maker = maker_for(self.motion, speech)
        with watch.stage("motion", maker, MOTIONS.spec(maker).weights):
            motion = move(
                maker,
                speech,
                delivery=delivery,
                temperament=persona.card.temperament(),
                fps=self.fps,
                seed=derive(seed, "motion", text),
                manner=manner,
            )
        renderer = RENDERERS.factory(self.renderer)(persona.portrait, persona.references)
        performance = Performance(
            persona=persona,
            speech=speech,
            frames=renderer.frames(motion),
            total=len(motion),
            fps=self.fps,
            seed=seed,
            renderer=self.renderer,
            records=persona.records + tuple(watch.records),
        )
        return publish_video(Path(out), performance, config=self.config, progress=progress)

    def speech_key(
        self,
        persona: Persona,
        text: str = "",
        *,
        audio: Path | str | None = None,
        style: Emotion | None = None,
        seed: int | None = None,
    ) -> str:
        """Under which key the cache has what `say` with these arguments is to speak or hear.

        Raises:
            OSError: The recording cannot be read.
        """
        seed = persona.card.seed if seed is None else seed
        delivery = delivery_for(persona.card, text, emotion=style)
        recording = Path(audio) if audio is not None else None
        return self._speeches.key(text, recording, persona.voice, delivery, seed)

    def dub(
        self,
        video: Path | str,
        *,
        out: Path | str,
        audio: Path | str | None = None,
        text: str = "",
        persona: Persona | None = None,
        style_from: Path | str | Manner | None = None,
        consent: str = "",
        seed: int | None = None,
        progress: Progress = silent,
    ) -> DubbedVideo:
        """An existing clip with another sound, as long as that sound, and the mouth to it; see `dubbing`.

        Args:
            video: The clip.
            out: The mp4 to write.
            audio: The new sound.
            text: What `persona` says instead; with `audio`, its transcript if known.
            persona: Whose voice says the text, and who performs it.
            style_from: As for `say`; the clip itself keeps its speaker's own way of moving.
            consent: Statement of the right to re-voice the clip; needed unless the clip was made here.
            seed: Seed of the performance; None takes the persona's own.
            progress: Told about every stage.

        Raises:
            UsageError: Neither text nor sound, a text without a persona, or a clip that cannot be used.
            ConsentError: The clip comes from elsewhere, and `consent` is empty.
            FaceError: No picture of the clip has a usable face.
            SpeechError: Nothing in the text can be spoken, or the recording cannot be read.
            OutputError: `out` cannot be written.
            BlockedError: The blocklist refuses the face or the statement.
        """
        check_words(text, audio)
        if audio is None and persona is None:
            raise UsageError("nobody says the text", expected="a persona", hint="Add --card PERSONA.charx.")
        source = open_source(Path(video), consent, self.config)
        seed = seed if seed is not None else persona.card.seed if persona else seed_of(text or source.name)
        watch = Stopwatch(seed)
        delivery = delivery_for(persona.card, text) if persona else Delivery()
        manner = taken_over(style_from, watch, config=self.config, progress=progress)
        speech = self._speeches.make(
            text, audio, persona.voice if persona else None, delivery, watch, progress
        )
        return dub_clip(
            source, speech, out=Path(out), persona=persona, delivery=delivery, manner=manner,
            allowed=self.allowed, renderer=self.renderer, maker=maker_for(self.motion, speech), watch=watch,
            config=self.config, progress=progress,
        )  # fmt: skip
