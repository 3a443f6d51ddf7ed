"""Lists of the shortest real jobs."""

from __future__ import annotations

import json
from pathlib import Path

from chatanything.batch.manifest import Listed, read_jobs

PLAIN = {"llm": "rules", "face_engine": "template", "renderer": "warp", "motion": "rules", "fps": 5.0}


def write_list(path: Path, *jobs: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(job) + "\n" for job in jobs))
    return path


def listed(path: Path, *jobs: dict[str, object]) -> tuple[Listed, ...]:
    return read_jobs(write_list(path, *jobs))
