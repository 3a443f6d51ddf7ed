"""The Batch tab: many videos from one list."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import gradio as gr

from chatanything.errors import ChatAnythingError, UsageError
from chatanything_ui import markup
from chatanything_ui.job_list import COLUMNS, EXAMPLE, JobLine, read_list
from chatanything_ui.markup import text
from chatanything_ui.parts import QUIET, html, status_line
from chatanything_ui.runs import Run
from chatanything_ui.site import Site

ID: Final = "batch"
_EVERY_S: Final = 1.0
_NAMES: Final = ", ".join(f"<code>{name}</code>" for name in COLUMNS)
_HELP: Final = (
    '<p class="lead">Upload a list, one video a line, as CSV with a head line or as JSON Lines. '
    f"It can have these fields: {_NAMES}. Every line needs a <code>description</code> or, as "
    "<code>persona</code>, the id of somebody in your gallery; ids are the names of exported files.</p>"
    f'<details class="example"><summary>An example</summary><pre>{text(EXAMPLE)}</pre></details>'
)
_NOTHING: Final = '<div class="nobody"><p>The jobs of your list will be shown here.</p></div>'
_STATES: Final = {
    "waiting": "Waiting",
    "working": "Working",
    "done": "Done",
    "failed": "Failed",
    "stopped": "Stopped",
}
Shown = tuple[str, str, Any, Any, Any]
"""Status, table, and updates of start, stop and clock."""


class Batches:
    """Checks, starts, watches and stops batches.

    Args:
        site: The server behind the page.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def check(self, token: str, file: str | None) -> tuple[str, str, Any, tuple[JobLine, ...]]:
        """Read an uploaded list.

        Returns:
            Status, table, update of the start button, and the lines.
        """
        off = gr.update(interactive=False)
        if not file:
            return "", _NOTHING, off, ()
        try:
            lines = read_list(Path(file), self._site.library(token))
        except ChatAnythingError as exc:
            return markup.problem(exc), "", off, ()
        wrong = sum(line.job is None for line in lines)
        if wrong:
            words = f"{wrong} of {len(lines)} lines cannot be used. Mend them and upload the list again."
            return markup.status(words, "bad"), _table_of_lines(lines), off, ()
        words = f"{_count(len(lines), 'job')} ready to start."
        return markup.status(words, "good"), _table_of_lines(lines), gr.update(interactive=True), lines

    def start(self, token: str, lines: tuple[JobLine, ...]) -> Shown:
        """Start what was checked."""
        try:
            self._site.runs.start(self._site.visitors.owner(token), lines)
        except ChatAnythingError as exc:
            _, table, *rest = self.watch(token)
            return markup.problem(exc), table, rest[0], rest[1], rest[2]
        return self.watch(token)

    def stop(self, token: str) -> Shown:
        """Stop; what is finished stays."""
        self._site.runs.stop(self._site.visitors.owner(token))
        return self.watch(token)

    def watch(self, token: str) -> Shown:
        """How far the latest batch is."""
        try:
            owner = self._site.visitors.owner(token)
        except UsageError:
            owner = ""
        run = self._site.runs.latest(owner)
        if run is None:
            return "", _NOTHING, gr.skip(), gr.update(interactive=False), gr.update(active=False)
        link = self._site.links.to(owner, "zip", run.id)
        return (
            _status_of(run, link),
            _table_of_run(run),
            gr.update(interactive=False),
            gr.update(interactive=not (run.over or run.stopping)),
            gr.update(active=not run.over),
        )


def build(site: Site, token: Any) -> tuple[Batches, list[Any]]:
    """Lay the tab out and connect it.

    Returns:
        The batches, and what `Batches.watch` fills.
    """
    batches = Batches(site)
    lines = gr.State(())
    clock = gr.Timer(_EVERY_S, active=False)
    with gr.Row(equal_height=False, elem_classes="two"):
        with gr.Column(scale=5, min_width=300):
            html(_HELP)
            upload = gr.File(
                label="List of jobs, .csv or .jsonl",
                file_types=[".csv", ".jsonl", ".ndjson"],
                elem_id="jobs",
                height=150,
            )
            with gr.Row():
                start = gr.Button("Start", variant="primary", interactive=False, elem_id="batch-start")
                stop = gr.Button("Stop", interactive=False, elem_id="batch-stop")
        with gr.Column(scale=6, min_width=300):
            status = status_line("batch-status")
            table = html(_NOTHING, elem_id="batch-table")
    watched = [status, table, start, stop, clock]
    upload.change(batches.check, [token, upload], [status, table, start, lines], **QUIET)
    start.click(batches.start, [token, lines], watched, **QUIET)
    stop.click(batches.stop, token, watched, **QUIET)
    clock.tick(batches.watch, token, watched, **QUIET)
    return batches, watched


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _status_of(run: Run, link: str) -> str:
    line: str
    if run.problem:
        line = markup.status(f"That did not work: {run.problem}", "bad")
        return line
    if not run.over:
        words = (
            "Stopping ..." if run.stopping else f"{run.finished} of {_count(len(run.rows), 'job')} finished"
        )
        line = markup.status(words, "busy")
        return line
    took = f"{run.took_s / 60:.0f} min" if run.took_s > 90 else f"{run.took_s:.0f} s"
    words = f"{run.made} of {_count(len(run.rows), 'video')} made in {took}."
    if run.cut:
        words += f" It ended early: {run.cut}"
    download = (
        f'<a class="pill go" href="{text(link)}" download="videos.zip">Download all (zip)</a>'
        if run.made
        else ""
    )
    line = markup.status(words, "good" if run.made else "")
    return line + download


def _table_of_lines(lines: tuple[JobLine, ...]) -> str:
    rows = []
    for line in lines:
        said = text(line.job.text or "its greeting") if line.job else ""
        state = (
            '<span class="state ok">Ready</span>' if line.job else '<span class="state failed">Wrong</span>'
        )
        what = f"{text(line.who)}<small>{said}</small>" if line.job else text(line.problem)
        rows.append(_row(line.number, what, state))
    return _table(rows)


def _table_of_run(run: Run) -> str:
    rows = []
    for row in run.rows:
        state = f'<span class="state {row.state}">{_STATES[row.state]}</span>'
        if row.state == "working":
            state += markup.bar(row.share)
        note = row.note or (row.line.job.text if row.line.job else "")
        rows.append(_row(row.line.number, f"{text(row.line.who)}<small>{text(note)}</small>", state))
    return _table(rows)


def _row(number: int, what: str, state: str) -> str:
    return f'<tr><th scope="row">{number}</th><td>{what}</td><td>{state}</td></tr>'


def _table(rows: list[str]) -> str:
    head = '<tr><th scope="col">Line</th><th scope="col">Job</th><th scope="col">State</th></tr>'
    return (
        f'<table class="jobs"><caption class="for-ears">Jobs of the list</caption><thead>{head}</thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
