"""One job into one video: what every engine's workers do."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from chatanything import bundle
from chatanything.batch.ledger import Made
from chatanything.batch.manifest import Job
from chatanything.batch.place import is_out_of_space, settle
from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError, UsageError, VoiceUnavailableError
from chatanything.media.video import read_video
from chatanything.persona.backends import LOCAL_WEIGHTS
from chatanything.progress import Progress, silent
from chatanything.provenance.manifest import sidecar_path
from chatanything.seeds import seed_of
from chatanything.settings import Settings
from chatanything.stage_cache import StageCache, key_of
from chatanything.studio import Studio
from chatanything.weights.verify import sha256_of

_PERSONAS: Final = 4
"""That a worker keeps in memory; jobs of one persona come one after another."""
_THUMBNAIL: Final = 96
"""Edge in pixels."""
_FACE_SETTINGS: Final = (
    "face_checkpoint", "face_controlnet", "face_adapter", "face_tiny_decoder", "face_experts",
    "face_scheduler", "attention",
)  # fmt: skip
_UNFINISHED: Final = ("Connection", "Timeout", "InternalServerError", "RateLimit")
"""Parts of the names of errors of servers that may answer next time."""


class Stop(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Nobody wants the job any more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a job made no video."""

    reason: str
    may_pass: bool
    """Whether the same try may do better later."""
    is_full: bool = False
    """Whether it only lacked space on the disk."""


class JobMaker:
    """Makes videos; models load once and stay.

    Args:
        base: Folder that the jobs' relative paths start from.
        config: Settings of the whole batch.
    """

    def __init__(self, base: Path, config: Settings) -> None:
        self._base, self._config = base, config
        self._cache = StageCache.of(config)
        self._studios: dict[tuple[object, ...], Studio] = {}
        self._personas: OrderedDict[str, Persona] = OrderedDict()

    def attempt(
        self, job: Job, target: Path, progress: Progress = silent, *, durable: bool = True
    ) -> Made | Failed:
        """Make a job's video and have it on the disk, or say why not.

        Args:
            job: What to make.
            target: Where; its folder is made.
            progress: Told about every stage; `Stop` that it raises comes through.
            durable: Wait until the disk has it; not for files that only pass through.
        """
        try:
            return self._make(job, target, progress, durable=durable)
        except (ChatAnythingError, OSError) as exc:
            return Failed(in_a_line(exc), may_pass(exc), is_out_of_space(exc))
        except Stop:
            raise
        except Exception as exc:  # noqa: BLE001 - one job that finds a bug must not take the others down
            return Failed(f"unexpected {type(exc).__name__}: {exc}", may_pass=False)

    def _make(self, job: Job, target: Path, progress: Progress, *, durable: bool) -> Made:
        start = time.perf_counter()
        target.parent.mkdir(parents=True, exist_ok=True)
        studio = self._studio(job)
        persona, had_persona = self._persona(job, studio, progress)
        persona = _with_voice(job, studio, persona)
        text = words_of(job, persona)
        audio = self._base / job.audio if job.audio else None
        had_speech = self._has_speech(job, studio, persona)
        video = studio.say(
            persona, text, out=target, audio=audio, style=job.style, seed=job.seed, progress=progress
        )
        if durable:
            settle(target)
        return describe(
            target,
            video_s=video.duration_s,
            took_s=time.perf_counter() - start,
            stages={record.stage: round(record.seconds, 4) for record in video.records},
            reused=("persona",) * had_persona + ("speech",) * had_speech,
        )

    def foresee(self, job: Job) -> dict[str, bool]:
        """Whether the cache has a job's persona and speech already; nothing is made."""
        studio = self._studio(job)
        key = self._persona_key(job, studio)
        if (key is None and not job.persona) or (key is not None and not self._cache.has(key)):
            return {"persona": False, "speech": False}
        persona = _with_voice(job, studio, self._persona(job, studio, silent)[0])
        return {"persona": True, "speech": self._has_speech(job, studio, persona)}

    def _has_speech(self, job: Job, studio: Studio, persona: Persona) -> bool:
        audio = self._base / job.audio if job.audio else None
        key = studio.speech_key(persona, words_of(job, persona), audio=audio, style=job.style, seed=job.seed)
        return self._cache.has(key)

    def _studio(self, job: Job) -> Studio:
        key = (job.llm, job.size, job.fps)
        if key not in self._studios:
            self._studios[key] = Studio(
                llm=job.llm, size=job.size, fps=job.fps, config=self._config, cache=self._cache
            )
        return self._studios[key]

    # ------------------------------------------------------------------ personas

    def _persona(self, job: Job, studio: Studio, progress: Progress) -> tuple[Persona, bool]:
        """The job's persona, and whether nothing had to be made for it."""
        name = job.persona_key
        if name in self._personas:
            self._personas.move_to_end(name)
            return self._personas[name], True
        persona, had = self._found_or_made(job, studio, progress)
        self._personas[name] = persona
        while len(self._personas) > _PERSONAS:
            self._personas.popitem(last=False)
        return persona, had

    def _found_or_made(self, job: Job, studio: Studio, progress: Progress) -> tuple[Persona, bool]:
        make = self._maker(job, studio, progress)
        key = self._persona_key(job, studio)
        if key is None:
            return make(), bool(job.persona)
        return self._cache.kept(
            key, make, dump=lambda persona: _dump(persona, job, studio), load=lambda data: _load(data, studio)
        )

    def _maker(self, job: Job, studio: Studio, progress: Progress) -> Callable[[], Persona]:
        if job.persona:
            return lambda: studio.load(self._base / job.persona, progress=progress)
        face = self._base / job.face if job.face else None
        return lambda: studio.create(
            job.description, seed=job.seed, face_image=face, consent=job.consent, progress=progress
        )

    def _persona_key(self, job: Job, studio: Studio) -> str | None:
        """What decides a persona; None for one that is not kept.

        That is one whose face somebody consented to, and a file that is finished already.
        """
        if job.face or (job.persona and bundle.load(self._base / job.persona).face is not None):
            return None
        faces = {name: str(getattr(self._config, name)) for name in _FACE_SETTINGS}
        about: dict[str, Any] = {"size": studio.size, "engine": studio.face_engine, "faces": faces}
        if job.persona:
            return key_of("persona file", about | {"sha256": sha256_of(self._base / job.persona)})
        seed = seed_of(job.description) if job.seed is None else job.seed
        about |= {"description": job.description, "seed": seed}
        about |= {"llm": studio.llm, "model": self._config.llm_model if studio.llm.startswith("http") else ""}
        return key_of("persona", about)


def describe(
    video: Path, *, video_s: float, took_s: float, stages: Mapping[str, float], reused: tuple[str, ...] = ()
) -> Made:
    """What the ledger keeps of a finished video; arguments as of `Made`.

    Raises:
        OSError: It, or its sidecar, cannot be read.
        InputFileError: It is no video.
    """
    return Made(
        sha256_of(video), sha256_of(sidecar_path(video)), video.stat().st_size, video_s, took_s, dict(stages),
        reused, thumbnail(video),
    )  # fmt: skip


def thumbnail(video: Path) -> bytes:
    """The first picture of a video as a small JPEG.

    Raises:
        InputFileError: It is no video.
    """
    from PIL import Image

    frames, _ = read_video(video)
    picture = Image.fromarray(next(frames))
    picture.thumbnail((_THUMBNAIL, _THUMBNAIL))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def words_of(job: Job, persona: Persona) -> str:
    """What is said: the text, or the greeting where there is neither text nor sound."""
    return job.text or ("" if job.audio else persona.card.greeting)


def fingerprint(job: Job, base: Path, config: Settings, digests: dict[str, str]) -> str:
    """Hash of all that a user chose about a job: the line, the files it names, the settings that matter.

    Versions of code and weights are not in it: what is done stays done after an upgrade.

    Args:
        job: The job; its files are there.
        base: Folder that its paths start from.
        config: Settings of the batch.
        digests: Files hashed so far, by name; new ones are added.

    Raises:
        OSError: A file cannot be read.
    """
    for name in job.files():
        if name not in digests:
            digests[name] = sha256_of(base / name)
    chosen = {
        "llm": job.llm or config.llm, "size": job.size or config.size, "fps": job.fps or config.fps,
        "face": config.face_engine, "renderer": config.renderer, "motion": config.motion, "sign": config.sign,
        "watermark": config.watermark,
    }  # fmt: skip
    facts = [job.key, [digests[name] for name in job.files()], chosen]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def may_pass(exc: BaseException) -> bool:
    """Whether the cause of a failure lies outside of the job, so that another try may do better.

    So it is with disks, pipes and networks, and with servers that cannot be reached or are overwhelmed; not
    with what the job itself asks for.
    """
    if isinstance(exc, UsageError):
        return False
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)):
            return False
        if isinstance(cause, (OSError, VoiceUnavailableError)):
            return True
        if any(part in type(cause).__name__ for part in _UNFINISHED):
            return True
        cause = cause.__cause__
    return False


def _with_voice(job: Job, studio: Studio, persona: Persona) -> Persona:
    if not job.voice:
        return persona
    voice = studio.voice_named(job.voice, seed=persona.card.seed, instead_of=persona.voice)
    return replace(persona, voice=voice)


def _dump(persona: Persona, job: Job, studio: Studio) -> bytes | None:
    """A persona's bytes; None for one that must not be kept."""
    if persona.consent is not None or persona.card.safety.consent:
        return None
    expected = {"local": LOCAL_WEIGHTS, "auto": LOCAL_WEIGHTS, "rules": "rules"}.get(studio.llm)
    wrote = next((record.backend for record in persona.records if record.stage == "persona"), expected)
    if not job.persona and expected is not None and wrote != expected:
        return None  # rules stood in for a model that may be there next time
    with TemporaryDirectory() as folder:
        return persona.save(Path(folder) / "persona.charx").read_bytes()


def _load(data: bytes, studio: Studio) -> Persona:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "persona.charx"
        path.write_bytes(data)
        return studio.load(path)


def in_a_line(exc: ChatAnythingError | OSError) -> str:
    """What an error says, with the file that it is about."""
    if isinstance(exc, ChatAnythingError):
        return str(exc)
    return f"{exc.strerror or exc}{f' ({exc.filename})' if exc.filename else ''}."
