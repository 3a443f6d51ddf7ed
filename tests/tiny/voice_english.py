"""Make chatanything/voice/english.npz again from its two sources.

pip download --no-deps misaki==0.9.4 g2p-en==2.1.0, unzip both wheels, then
python tests/tiny/voice_english.py MISAKI_DATA_FOLDER CHECKPOINT20_NPZ [OUT_NPZ]
"""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path

import numpy as np

OUT = Path(__file__).parents[2] / "chatanything" / "voice" / "english.npz"


def entries(path: Path) -> dict[str, str]:
    """Word -> "default|verb|past"."""
    out = {}
    for word, value in json.loads(path.read_text(encoding="utf-8")).items():
        readings = value if isinstance(value, dict) else {"DEFAULT": value}
        kept = [readings.get(tag) or "" for tag in ("DEFAULT", "VERB", "VBD")]
        if kept[0]:
            out[word] = "|".join(kept).rstrip("|")
    return out


def main(data: Path, checkpoint: Path, out: Path) -> None:
    lexicons = {
        "us": {**entries(data / "us_silver.json"), **entries(data / "us_gold.json")},
        "gb": entries(data / "gb_gold.json"),
    }
    arrays = {}
    for accent, words in lexicons.items():
        lines = "\n".join(f"{word}\t{words[word]}" for word in sorted(words))
        arrays[accent] = np.frombuffer(lzma.compress(lines.encode(), preset=9), np.uint8)
        print(accent, len(words), "words,", len(arrays[accent]), "bytes")
    with np.load(checkpoint) as network:
        arrays |= {f"g2p_{name}": network[name].astype(np.float16) for name in network.files}
    np.savez_compressed(out, **arrays)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else OUT)
