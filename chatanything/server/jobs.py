"""Talking videos as jobs: submitted, worked on one at a time, kept for some hours."""

from __future__ import annotations

import fcntl
import json
import logging
import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import Empty, Queue
from threading import Event as Flag
from threading import Lock, Thread
from typing import IO, Final, Literal

from chatanything.errors import ChatAnythingError, NotFoundError, OutputError, UsageError
from chatanything.library import PersonaLibrary
from chatanything.media.atomic import write_bytes
from chatanything.paths import make_folder
from chatanything.server.access import TooManyError
from chatanything.server.metrics import Metrics
from chatanything.studio import Studio
from chatanything.types import Emotion

MAX_WAITING: Final = 20
"""Jobs of one owner that are not finished."""
MAX_ALL: Final = 500
_ID: Final = re.compile(r"video_[0-9a-f]{24}")
_LOOK_S: Final = 0.5
_CLEAN_S: Final = 60.0
_VIDEO, _STATE, _LOCK = "video.mp4", "job.json", ".lock"
Status = Literal["queued", "in_progress", "completed", "failed"]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VideoJob:
    """One video, asked for or finished; times are Unix seconds."""

    id: str
    owner: str
    persona: str
    text: str
    seed: int | None
    style: Emotion | None
    created_at: float
    status: Status = "queued"
    progress: int = 0
    """Per cent."""
    completed_at: int | None = None
    seconds: float | None = None
    """Length of the finished video."""
    size: int | None = None
    """Edge of its picture in pixels."""
    sha256: str = ""
    error: str = ""


class _CancelledError(Exception):
    """Nobody wants the video any more."""


class VideoJobs:
    """The queue of a server; jobs that were not finished when it stopped are taken up again.

    Args:
        folder: One folder a job.
        studio: Makes the videos.
        library_of: The library of an owner.
        hours: So long a finished video is kept.
        metrics: Counts the jobs.
    """

    def __init__(
        self,
        folder: Path,
        studio: Studio,
        library_of: Callable[[str], PersonaLibrary],
        hours: float,
        metrics: Metrics,
    ) -> None:
        self._folder, self._studio, self._library_of = folder, studio, library_of
        self._kept_s, self._metrics = hours * 3600, metrics
        self._lock = Lock()
        self._jobs: dict[str, VideoJob] = {}
        self._queue: Queue[str] = Queue()
        self._closing = Flag()
        self._thread: Thread | None = None
        self._lock_file: IO[str] | None = None

    def start(self) -> None:
        """Take up what was left, unless another server works on it, and begin to work."""
        if self._owns_folder():
            self._restore()
        self._thread = Thread(target=self._work, name="server: videos", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; the job that runs begins again at the next start."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(30)
        if self._lock_file is not None:
            self._lock_file.close()

    def submit(
        self, owner: str, persona: str, text: str, *, seed: int | None = None, style: Emotion | None = None
    ) -> VideoJob:
        """Ask for a video.

        Args:
            owner: Who asks.
            persona: Id in the owner's library.
            text: What it says; empty for its greeting.
            seed: Of the performance; None takes the persona's.
            style: Emotion to perform with.

        Raises:
            NotFoundError: There is no such persona.
            UsageError: There is nothing to say.
            TooManyError: Too many are waiting.
            OutputError: The job cannot be written down.
        """
        kept = self._library_of(owner).find(persona)
        words = text.strip() or kept.greeting
        if not words:
            raise UsageError(
                "there is nothing to say", expected="some text", got="a persona without greeting"
            )
        job = VideoJob(f"video_{secrets.token_hex(12)}", owner, persona, words, seed, style, time.time())
        with self._lock:
            waiting = [one for one in self._jobs.values() if one.status in ("queued", "in_progress")]
            mine = sum(one.owner == owner for one in waiting)
            if mine >= MAX_WAITING or len(waiting) >= MAX_ALL:
                raise TooManyError("too many videos wait", retry_s=60.0, expected=f"at most {MAX_WAITING}")
            self._keep(job)
        self._queue.put(job.id)
        return job

    def find(self, owner: str, job_id: str) -> VideoJob:
        """A job of an owner.

        Raises:
            NotFoundError: There is none.
        """
        job = self._jobs.get(job_id)
        if job is None or job.owner != owner:
            raise NotFoundError("there is no such video", got=repr(job_id[:80]))
        return job

    def all(self, owner: str) -> tuple[VideoJob, ...]:
        """The jobs of an owner, the newest first."""
        with self._lock:
            mine = [job for job in self._jobs.values() if job.owner == owner]
        return tuple(mine[::-1])

    def video(self, owner: str, job_id: str) -> Path:
        """The file of a finished job.

        Raises:
            NotFoundError: There is no such job, or it has no video.
        """
        job = self.find(owner, job_id)
        path = self._folder / job.id / _VIDEO
        if job.status != "completed" or not path.is_file():
            raise NotFoundError(f"the video is not there: it is {job.status}", got=job.error)
        return path

    def folder(self, job: VideoJob) -> Path:
        """Where a job keeps its video."""
        return self._folder / job.id

    def remove(self, owner: str, job_id: str) -> VideoJob:
        """Cancel a job, or delete its video.

        Raises:
            NotFoundError: There is none.
        """
        job = self.find(owner, job_id)
        with self._lock:
            self._jobs.pop(job_id, None)
        shutil.rmtree(self._folder / job.id, ignore_errors=True)
        return job

    # ------------------------------------------------------------------ working

    def _work(self) -> None:
        cleaned = 0.0
        while not self._closing.is_set():
            if time.monotonic() - cleaned > _CLEAN_S:
                self._clean()
                cleaned = time.monotonic()
            try:
                job = self._jobs.get(self._queue.get(timeout=_LOOK_S))
            except Empty:
                continue
            if job is not None:
                self._make(job)

    def _make(self, job: VideoJob) -> None:
        try:
            self._change(job.id, status="in_progress")
            persona = self._library_of(job.owner).load(job.persona)
            video = self._studio.say(
                persona,
                job.text,
                out=self._folder / job.id / _VIDEO,
                seed=job.seed,
                style=job.style,
                progress=self._reporter(job.id),
            )
            self._change(
                job.id,
                status="completed",
                progress=100,
                completed_at=int(time.time()),
                seconds=round(video.duration_s, 3),
                size=video.size,
                sha256=video.sha256,
            )
            self._metrics.videos.labels("completed").inc()
        except _CancelledError:
            if not self._closing.is_set():
                shutil.rmtree(self._folder / job.id, ignore_errors=True)
                self._metrics.videos.labels("cancelled").inc()
        except ChatAnythingError as exc:
            self._failed(job.id, str(exc))
        except Exception:
            log.exception("a video broke down")
            self._failed(job.id, "something went wrong inside; the server's log has it.")

    def _failed(self, job_id: str, message: str) -> None:
        self._metrics.videos.labels("failed").inc()
        ended = int(time.time())
        try:
            self._change(job_id, status="failed", completed_at=ended, error=message)
        except _CancelledError:
            return
        except OutputError:
            # On a full disk who asks shall be told all the same; after a restart the video is made once more.
            log.warning("a failure could not be written down: %s", message)
            with self._lock:
                if job_id in self._jobs:
                    self._jobs[job_id] = replace(
                        self._jobs[job_id], status="failed", completed_at=ended, error=message
                    )

    def _reporter(self, job_id: str) -> Callable[..., None]:
        def report(stage: str, done: float, total: float, note: str = "") -> None:  # noqa: ARG001 - Progress
            if self._closing.is_set():
                raise _CancelledError
            with self._lock:
                job = self._jobs.get(job_id)
                if job is None:
                    raise _CancelledError
                if stage == "write" and total:
                    self._jobs[job_id] = replace(job, progress=min(99, int(100 * done / total)))

        return report

    def _change(self, job_id: str, **fields: object) -> None:
        """Note what became of a job.

        Raises:
            _CancelledError: It was removed meanwhile.
            OutputError: It cannot be written down.
        """
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                raise _CancelledError
            self._keep(replace(job, **fields))  # type: ignore[arg-type]

    def _keep(self, job: VideoJob) -> None:
        make_folder(self._folder / job.id)
        write_bytes(self._folder / job.id / _STATE, json.dumps(asdict(job), ensure_ascii=False).encode())
        self._jobs[job.id] = job

    def _owns_folder(self) -> bool:
        """Whether no other process has this folder's jobs."""
        try:
            make_folder(self._folder)
            self._lock_file = (self._folder / _LOCK).open("w")
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (OSError, OutputError):
            return False
        return True

    def _restore(self) -> None:
        jobs = (self._read(folder) for folder in self._folder.iterdir() if _ID.fullmatch(folder.name))
        for job in sorted((job for job in jobs if job), key=lambda job: job.created_at):
            if job.status in ("queued", "in_progress"):
                self._jobs[job.id] = replace(job, status="queued", progress=0)
                self._queue.put(job.id)
            else:
                self._jobs[job.id] = job

    @staticmethod
    def _read(folder: Path) -> VideoJob | None:
        try:
            return VideoJob(**json.loads((folder / _STATE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _clean(self) -> None:
        """Delete what is older than it may be."""
        oldest = time.time() - self._kept_s
        with self._lock:
            old = [job for job in self._jobs.values() if job.completed_at and job.completed_at < oldest]
            for job in old:
                del self._jobs[job.id]
        for job in old:
            shutil.rmtree(self._folder / job.id, ignore_errors=True)
