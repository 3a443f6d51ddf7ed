"""What all tabs of the page share."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatanything.bundle import Persona
from chatanything.errors import InputFileError
from chatanything.library import Kept, PersonaLibrary
from chatanything.paths import make_folder
from chatanything.server.services import Services
from chatanything.studio import Studio
from chatanything_ui.links import Links
from chatanything_ui.runs import BatchRuns
from chatanything_ui.visitors import Visitors


@dataclass(frozen=True, slots=True)
class Site:
    """The server behind the page."""

    services: Services
    visitors: Visitors
    links: Links
    runs: BatchRuns

    def library(self, token: object) -> PersonaLibrary:
        """The library of a browser.

        Raises:
            UsageError: The browser keeps no token.
        """
        return self.services.libraries.of(self.visitors.owner(token))

    def studio(self, size: int | None = None) -> Studio:
        """The studio, for portraits of another size where one is asked for."""
        base = self.services.studio
        if size in (None, base.size):
            return base
        return Studio(
            llm=base.llm,
            face_engine=base.face_engine,
            renderer=base.renderer,
            motion=base.motion,
            size=size,
            fps=base.fps,
            config=base.config,
        )

    def keep(self, token: object, persona: Persona) -> Kept:
        """Add a persona to a browser's library."""
        return self.library(token).add(persona, now_s=time.time())

    def portrait(self, token: object, kept: Kept) -> str:
        """Address of a face."""
        version = int(1000 * kept.portrait.stat().st_mtime)
        address: str = self.links.to(self.visitors.owner(token), "portrait", kept.id, version)
        return address

    def clip(self, token: object, kept: Kept) -> str:
        """Address of a greeting's video; empty while there is none."""
        if kept.clip is None:
            return ""
        version = int(1000 * kept.clip.stat().st_mtime)
        address: str = self.links.to(self.visitors.owner(token), "clip", kept.id, version)
        return address

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder that is gone afterwards, on the disk that libraries are on."""
        base = self.services.config.cache / "ui"
        make_folder(base)
        with tempfile.TemporaryDirectory(dir=base) as folder:
            yield Path(folder)

    @contextmanager
    def taken(self, upload: str) -> Iterator[Path]:
        """A copy of an upload that is gone afterwards.

        Gradio names uploads by their content, so that the same file of two browsers has one path: nobody may
        delete it at his end of the work. Gradio itself does (`UPLOAD_S`).

        Raises:
            InputFileError: The upload is not there any more.
        """
        with self.scratch() as folder:
            copy = folder / Path(upload).name
            try:
                shutil.copyfile(upload, copy)
            except OSError as exc:
                raise InputFileError(
                    "the upload is not there any more", got=exc.strerror or str(exc), hint="Upload it again."
                ) from exc
            yield copy
