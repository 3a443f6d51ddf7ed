"""Is a file one of ours, and is it as it was made?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, File, UploadFile

from chatanything.errors import UsageError
from chatanything.provenance.examine import examine
from chatanything.server.depends import Owner, Shared
from chatanything.server.failures import documented
from chatanything.server.schemas import FileVerification

router = APIRouter(prefix="/v1/verify", tags=["provenance"])
KINDS: Final = (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".png", ".wav", ".mp3", ".flac")


@router.post("", responses=documented(413))
def verify(
    file: Annotated[UploadFile, File(description="A video, picture or sound.")],
    services: Shared,
    owner: Owner,
) -> FileVerification:
    """Check a file's credentials; where they are gone, look among the caller's videos for what it was."""
    suffix = Path(file.filename or "").suffix.lower()
    if suffix not in KINDS:
        raise UsageError(
            "this kind of file cannot be verified", expected=", ".join(KINDS), got=suffix or "none"
        )
    with tempfile.TemporaryDirectory() as folder:
        # A copy that only this request knows: what is checked is what was sent.
        path = Path(folder) / f"file{suffix}"
        with path.open("wb") as copy:
            while part := file.file.read(1 << 20):
                copy.write(part)
        found = examine(path, config=services.config, sidecars=services.sidecars(owner))
    return FileVerification.of(found)
