"""The audit of packages does not pass where nothing was looked up."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "audit.py"
SOUND = {"name": "numpy", "version": "2.4.0", "vulns": []}
FLAWED = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-0000-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "rich", "skip_reason": "Dependency not found on PyPI and could not be audited: rich (14)"}
OURS = {"name": "chatanything", "skip_reason": "distribution marked as editable"}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([SOUND, OURS], 0, "2 packages looked up, 0 known"),
        ([SOUND, FLAWED, OURS], 1, "pillow 1.0: PYSEC-0000-1, mended in 1.1"),
        ([SOUND, UNKNOWN], 2, "1 of 2 packages could not be looked up, rich"),
        (None, 2, "nothing was checked"),
    ],
)
def test_only_what_was_looked_up_passes(
    packages: list[dict[str, object]] | None, code: int, said: str, tmp_path: Path
) -> None:
    report = (
        json.dumps({"dependencies": packages, "fixes": []}) if packages is not None else "no route to host"
    )
    tool = (
        tmp_path / "pip-audit"
    )  # the database is not to be reached from everywhere, so its answer is played
    tool.write_text(f"#!{sys.executable}\nprint({report!r})\n", encoding="utf-8")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tool), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr
