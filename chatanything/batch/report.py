"""`report.html`: what became of every job, as one file that needs nothing else."""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from chatanything.batch.ledger import Row, Try
from chatanything.media.atomic import write_bytes

FILE: Final = "report.html"
PICTURES: Final = 1000
"""Jobs that are shown with a thumbnail; browsers do not like pages of hundreds of megabytes."""
_STATES: Final = {
    "done": "done",
    "failed": "failed",
    "waiting": "waiting",
    "working": "waiting",
    "made": "waiting",
}
"""State of the ledger -> word of the report."""
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --bad: #c0392b; --good: #2e7d4f; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem .35rem 0;
border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
img { width: 64px; height: 64px; display: block; border-radius: 8px; }
small { opacity: .75; overflow-wrap: anywhere; } .failed { color: var(--bad); }
.done { color: var(--good); } .wide { overflow-x: auto; }
"""


def write_report(folder: Path, rows: Sequence[Row], tries: Sequence[Try]) -> Path:
    """Write the report of a folder.

    Args:
        folder: The output folder.
        rows: Its jobs in the list's order.
        tries: All tries, for what they cost and why they failed.

    Raises:
        OutputError: It cannot be written.
    """
    path = folder / FILE
    write_bytes(path, _page(rows, tries).encode())
    return path


def _page(rows: Sequence[Row], tries: Sequence[Try]) -> str:
    counts = Counter(_STATES[row.state] for row in rows)
    summary = ", ".join(
        f"{counts[state]} {state}" for state in ("done", "failed", "waiting") if counts[state]
    )
    lost = defaultdict[str, list[Try]](list)
    for one in tries:
        if one.outcome in ("failed", "lost"):
            lost[one.out].append(one)
    parts = [
        f"<h1>{len(rows)} jobs: {summary or 'none'}</h1>",
        _failures([row for row in rows if row.state == "failed"]),
        "<h2>Jobs</h2>",
        '<div class="wide"><table><thead><tr><th></th><th>Line</th><th>Video</th><th>State</th>'
        "<th>Length</th><th>Took</th><th>Stages</th></tr></thead><tbody>",
        *(_row(row, lost[row.out]) for row in rows),
        "</tbody></table></div>",
        _timings(rows),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Batch report</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _failures(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    lines = "".join(
        f"<tr><td>{row.line}</td><td>{escape(row.out)}</td><td>{escape(row.reason)}</td></tr>" for row in rows
    )
    head = "<thead><tr><th>Line</th><th>Video</th><th>Reason</th></tr></thead>"
    return f'<h2 class="failed">Failures</h2><table>{head}<tbody>{lines}</tbody></table>'


def _row(row: Row, lost: Sequence[Try]) -> str:
    state = _STATES[row.state]
    picture, name, length, took, stages = "", escape(row.out), "", "", ""
    if state == "done":
        data = base64.b64encode(row.made.thumbnail).decode()
        picture = f'<img src="data:image/jpeg;base64,{data}" alt="">' if data else ""
        name = f'<a href="{quote(row.out)}">{name}</a>'
        length, took = f"{row.made.video_s:.1f} s", f"{row.made.took_s:.2f} s"
        stages = ", ".join(f"{escape(stage)} {seconds:.2f}" for stage, seconds in row.made.stages.items())
        if row.made.reused:
            stages += f"; kept from before: {escape(', '.join(row.made.reused))}"
    tries = "".join(f"<br><small>try {i}: {escape(one.reason)}</small>" for i, one in enumerate(lost, 1))
    return (
        f"<tr><td>{picture}</td><td>{row.line}</td><td>{name}<br><small>{escape(row.label)}</small></td>"
        f'<td><span class="{state}">{state}</span>{tries}</td>'
        f'<td class="n">{length}</td><td class="n">{took}</td><td><small>{stages}</small></td></tr>'
    )


def _timings(rows: Sequence[Row]) -> str:
    """Seconds of every stage over all videos; stages that were kept count in none but the first of them."""
    done = [row for row in rows if row.state == "done"]
    if not done:
        return ""
    totals = defaultdict[str, float](float)
    for row in done:
        for stage, seconds in row.made.stages.items():
            creation = stage in ("persona", "voice", "face")
            if not (creation and "persona" in row.made.reused):
                totals[stage] += seconds
    lines = "".join(
        f'<tr><td>{escape(stage)}</td><td class="n">{seconds:.1f} s</td>'
        f'<td class="n">{seconds / len(done):.2f} s</td></tr>'
        for stage, seconds in totals.items()
    )
    head = "<thead><tr><th>Stage</th><th>All videos</th><th>One video</th></tr></thead>"
    return f"<h2>Time</h2><table>{head}<tbody>{lines}</tbody></table>"
