"""A worker process that goes wrong in the way that its argument names, over the real framing."""

import importlib.util
import os
import sys
import time
from pathlib import Path
from typing import Any

WAYS = ("silent", "dies", "mute-answer", "noise", "old", "nan", "half", "kills-itself", "refuses")


def _framing() -> Any:
    path = Path(__file__).parents[2] / "chatanything/voice/backends/coqui_worker.py"
    spec = importlib.util.spec_from_file_location("framing", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(way: str) -> None:
    """Greet, unless the way is not to; then answer the first request wrongly."""
    framing, out = _framing(), sys.stdout.buffer
    if way == "silent":
        time.sleep(60)
    if way == "dies":
        print("the library is broken", file=sys.stderr)
        sys.exit(3)
    if way == "noise":
        out.write(b"Loading model, please wait...\n")
        out.flush()
    framing.write_frame(out, {"hello": "odd", "version": "0", "protocol": 0 if way == "old" else 1})
    while True:
        try:
            asked, _ = framing.read_frame(sys.stdin.buffer)
        except EOFError:
            return
        if way == "mute-answer":
            time.sleep(60)
        if way == "kills-itself":
            os.kill(os.getpid(), 9)
        if way == "half":
            out.write(b"\x00\x00\x00\x40{")
            out.flush()
            os._exit(0)
        if way == "refuses":
            framing.write_frame(out, {"error": f"no {asked.get('text')}", "blame": "request"})
            continue
        sound = b"\x00\x00\xc0\x7f" if way == "nan" else b"\x00\x00\x00\x3f" * 100
        framing.write_frame(out, {"sample_rate": 22050}, sound)


if __name__ == "__main__":
    main(sys.argv[1])
