"""Puts a trained network into models/ and pins it in weights.lock.

python scripts/ship_model.py face-flow RUN/model --upsampler RUN/model
python scripts/ship_model.py lip-renderer RUN/model        (also face-judge, sync-net, motion, message-reader)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = "diffusion_pytorch_model.safetensors"
_SIMPLE = {"face-judge": "judge", "sync-net": "sync", "lip-renderer": "renderer", "motion": "motion"}
"""Entry -> name of its files in the cache."""
_READER = "message-reader"
_READER_WEIGHTS = "reader.safetensors"
"""Its only file; the rest of that network is the embedding model's."""


def main() -> None:
    """Copy, save as fp16, pin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entry", choices=["face-flow", _READER, *_SIMPLE])
    parser.add_argument("model", type=Path, help="model folder of the training")
    parser.add_argument("--upsampler", type=Path, help="model folder of `train upsampler`, for face-flow")
    chosen = parser.parse_args()
    target = ROOT / "models" / chosen.entry
    if chosen.entry == "face-flow":
        if chosen.upsampler is None:
            parser.error("face-flow needs --upsampler")
        _ship_pipeline(chosen.model, chosen.upsampler)
        folders = {name: target / name for name in ("flow", "codec", "upsampler")}
        files = [pair for name, folder in folders.items() for pair in _pair(name, folder)]
    elif chosen.entry == _READER:
        files = [(_READER_WEIGHTS, _copied(chosen.model, target, _READER_WEIGHTS))]
    else:
        for name in ("config.json", WEIGHTS):
            _copied(chosen.model, target, name)
        files = _pair(_SIMPLE[chosen.entry], target)
    for path in target.rglob("config.json"):
        _without_origin(path)
    for path in target.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    _pin(chosen.entry, files)


def _ship_pipeline(flow: Path, upsampler: Path) -> None:
    from chatanything.face.diffusion.codec import PatchCodec, Upsampler
    from chatanything.face.diffusion.net import FaceFlow
    from chatanything.face.diffusion.pipeline import FacePipeline, new_scheduler

    networks = (
        FaceFlow.from_pretrained(flow / "flow").half(),
        PatchCodec.from_pretrained(flow / "codec"),
        Upsampler.from_pretrained(upsampler / "upsampler").half(),
    )
    FacePipeline(*networks, new_scheduler()).save_pretrained(ROOT / "models" / "face-flow")


def _without_origin(path: Path) -> None:
    """Take the folder that a network was loaded from out of its settings: it is nobody's business."""
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings.pop("_name_or_path", None)
    path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _copied(source: Path, target: Path, name: str) -> Path:
    target.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(source / name, target / name))


def _pair(name: str, folder: Path) -> list[tuple[str, Path]]:
    """Settings and weights of a network: the name in the cache, and where it is."""
    return [(f"{name}.json", folder / "config.json"), (f"{name}.safetensors", folder / WEIGHTS)]


def _pin(entry: str, files: list[tuple[str, Path]]) -> None:
    """Write sizes and sha256 of the files into the entry of the lock."""
    lock = ROOT / "weights.lock"
    text = lock.read_text(encoding="utf-8")
    head, body = re.split(rf'(?=\[\[weights\]\]\nid = "{entry}")', text, maxsplit=1)
    own, rest = re.split(r"(?=\n\[\[weights\]\]\n)", body + "\n[[weights]]\n", maxsplit=1)
    rest = rest.removesuffix("\n[[weights]]\n")
    stem = own.split("\n[[weights.files]]")[0].rstrip()
    pinned = []
    for name, path in files:
        source = path.relative_to(ROOT / "models").as_posix()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        pinned.append(
            f'\n\n[[weights.files]]\nname = "{name}"\nsize = {path.stat().st_size}\n'
            f'sha256 = "{digest}"\nsources = [{{ repo = "{source}" }}]'
        )
    lock.write_text(head + stem + "".join(pinned) + "\n" + rest.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
