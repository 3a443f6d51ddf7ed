"""Packages and entries for mirrors on this computer."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

from chatanything.weights.lock import Entry, Source, WeightFile

Routes = dict[str, tuple[dict[str, str], bytes]]
"""Path -> headers and body of a small server."""


def make_wheel(folder: Path, name: str, version: str, members: dict[str, bytes]) -> Path:
    """A wheel that pip accepts."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    files = {
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{member},,\n" for member in files) + f"{info}/RECORD,,\n"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, data in {**files, f"{info}/RECORD": record.encode()}.items():
            wheel.writestr(member, data)
    return path


def make_tarball(members: dict[str, bytes]) -> bytes:
    """An npm package."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tarball:
        for member, data in members.items():
            info = tarfile.TarInfo(f"package/{member}")
            info.size = len(data)
            tarball.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def make_entry(data: bytes, *sources: Source, name: str = "tiny.onnx", weight_id: str = "tiny") -> Entry:
    """An entry of one file."""
    file = WeightFile(name, len(data), hashlib.sha256(data).hexdigest(), sources)
    return Entry(weight_id, "A test", "onnx", "MIT", "someone/tiny", ("voice",), True, (file,))
