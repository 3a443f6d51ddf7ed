"""`chatanything verify`: what made this file, and was it changed since."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import InputFileError

if TYPE_CHECKING:
    from chatanything.provenance.examine import Examination
    from chatanything.provenance.sidecars import Sidecar

STATES = ("valid", "invalid", "absent", "unreadable")


def verify(
    path: Annotated[Path, typer.Argument(help="A video, picture or sound, or a folder of them.")],
    sidecars: Annotated[
        list[Path] | None,
        typer.Option(
            "--sidecars",
            help="Folder in which to look for what a file was, if its credentials are gone; may be repeated. "
            "Default: beside the file.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Check the signed provenance of a file, or of all in a folder; 0 only when it is there and untouched."""
    from chatanything.provenance.examine import examine
    from chatanything.provenance.sidecars import sidecars_in

    known = [one for folder in sidecars for one in sidecars_in(folder, deep=True)] if sidecars else None
    if path.is_dir():
        return _folder(path, known, as_json=as_json)
    found = examine(path, sidecars=known)
    if as_json:
        print_json(_fields(found))
    else:
        _print(found)
    return 0 if found.verification.state == "valid" else 1


def _folder(folder: Path, known: list[Sidecar] | None, *, as_json: bool) -> int:
    from chatanything.provenance.examine import examine, signable
    from chatanything.provenance.sidecars import sidecars_in

    known = list(sidecars_in(folder, deep=True)) if known is None else known
    files: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    paths = list(signable(folder))
    if not paths:
        raise InputFileError(f"{folder} holds nothing to verify", expected="mp4, png, wav, mp3 or flac files")
    with reporting(as_json=as_json) as progress:
        for number, path in enumerate(paths):
            progress("verify", number, len(paths))
            try:
                found = examine(path, sidecars=known)
            except InputFileError as exc:
                counts["unreadable"] += 1
                files.append({"file": path, "error": str(exc)})
                if not as_json:
                    out.print(f"{path}: unreadable\n  {exc}", markup=False)
                continue
            counts[found.verification.state] += 1
            files.append(_fields(found))
            if not as_json and found.verification.state != "valid":
                _print(found)
    if as_json:
        print_json({"folder": folder, "files": files, "counts": {state: counts[state] for state in STATES}})
    else:
        total = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])
        out.print(f"{folder}: {len(paths)} files, {total}", markup=False)
    return 0 if counts["valid"] == len(paths) else 1


def _fields(found: Examination) -> dict[str, Any]:
    return {
        "file": found.file,
        "verification": found.verification,
        "origin": found.origin,
        "watermark": found.watermark,
    }


def _print(found: Examination) -> None:
    said = found.verification
    trust = "a trusted signer" if said.trusted else "a signer that is not on a trust list"
    by = f", by {trust}: {said.signer}" if said.signer else ""
    out.print(f"{found.file}: {said.state}{by}", markup=False)
    for line in found.lines:
        out.print(f"  {line}", markup=False)
