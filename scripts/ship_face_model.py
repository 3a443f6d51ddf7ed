"""Puts trained face networks into models/ as a diffusers pipeline and pins them in weights.lock.

python scripts/ship_face_model.py --flow RUN/model --upsampler RUN/model --judge RUN/model
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = "diffusion_pytorch_model.safetensors"


def main() -> None:
    """Copy, save as fp16, pin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flow", type=Path, required=True, help="model folder of `train face`")
    parser.add_argument("--upsampler", type=Path, required=True, help="model folder of `train upsampler`")
    parser.add_argument("--judge", type=Path, help="model folder of `train attributes`")
    chosen = parser.parse_args()
    _ship_pipeline(chosen.flow, chosen.upsampler)
    parts = {"flow": "flow", "codec": "codec", "upsampler": "upsampler"}
    _pin("face-flow", {name: ROOT / "models" / "face-flow" / folder for name, folder in parts.items()})
    if chosen.judge:
        target = ROOT / "models" / "face-judge"
        _copy(chosen.judge, target)
        _pin("face-judge", {"judge": target})


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


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", WEIGHTS):
        shutil.copyfile(source / name, target / name)


def _pin(entry: str, folders: dict[str, Path]) -> None:
    """Write sizes and sha256 of the files into the entry of the lock."""
    lock = ROOT / "weights.lock"
    text = lock.read_text(encoding="utf-8")
    head, body = re.split(rf'(?=\[\[weights\]\]\nid = "{entry}")', text, maxsplit=1)
    own, rest = re.split(r"(?=\n\[\[weights\]\]\n)", body + "\n[[weights]]\n", maxsplit=1)
    rest = rest.removesuffix("\n[[weights]]\n")
    stem = own.split("\n[[weights.files]]")[0].rstrip()
    files = []
    for name, folder in folders.items():
        for file, stored in ((f"{name}.json", "config.json"), (f"{name}.safetensors", WEIGHTS)):
            path = folder / stored
            source = path.relative_to(ROOT / "models").as_posix()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            files.append(
                f'\n\n[[weights.files]]\nname = "{file}"\nsize = {path.stat().st_size}\n'
                f'sha256 = "{digest}"\nsources = [{{ repo = "{source}" }}]'
            )
    lock.write_text(head + stem + "".join(files) + "\n" + rest.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
