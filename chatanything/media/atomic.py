"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatanything.errors import OutputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name in the folder of `path`, moved to `path` when the block ends well.

    On any error, Ctrl-C included, the temporary file is removed and `path` stays as it was. Work that has
    to be done before anybody sees the file, such as signing, belongs into the block.

    Raises:
        OutputError: The folder does not exist or cannot be written, or `path` is a folder.
    """
    folder = path.absolute().parent
    temporary = folder / f".chatanything-{secrets.token_hex(6)}{path.suffix}"
    try:
        temporary.touch()
        temporary.unlink()
    except OSError as exc:
        raise OutputError(
            f"cannot write into the folder {folder}",
            got=exc.strerror or str(exc),
            hint=f"Make it, or choose another: mkdir -p '{folder}'",
        ) from exc
    try:
        yield temporary
        _move(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a small file whole or not at all.

    Raises:
        OutputError: It cannot be written.
    """
    with replacing(path) as temporary:
        try:
            temporary.write_bytes(data)
        except OSError as exc:
            raise OutputError(f"{path} cannot be written", got=exc.strerror or str(exc)) from exc


def _move(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as exc:
        raise OutputError(f"{path} cannot be written", got=exc.strerror or str(exc)) from exc
