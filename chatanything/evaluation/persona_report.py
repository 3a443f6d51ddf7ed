"""The figures of `evaluate persona` as one page of HTML: plots in it, nothing from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from chatanything.evaluation.persona import Findings
from chatanything.evaluation.persona_hostile import Exchange
from chatanything.evaluation.persona_tasks import Answer
from chatanything.evaluation.report import machine, number
from chatanything.evaluation.rows import Row

_WIDTH, _ROW, _LABEL, _BAR = 760, 26, 270, 380
_RANGES: Final = {"share": (0.0, 1.0), "of 5": (1.0, 5.0)}
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5d6873; --bar: #3f6f9f; --doubt: #c08a3e; --line:
#c9d0d6;
  --page: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa5af; --bar: #6ea3d6; --doubt:
#d9a95f;
  --line: #3a434b; --page: #14181c; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 52rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } p, caption { color: var(--soft); }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td, th { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
details { margin: .4rem 0; } summary { cursor: pointer; } blockquote { margin: .3rem 0 .8rem 1rem; }
"""


def html_report(found: Findings, *, command: str) -> str:
    """One page with everything that was found.

    Args:
        found: What `run_persona` gave.
        command: How to make it again.
    """
    parts = [f"<p>Made with <code>{_text(command)}</code> on {_text(machine())}.</p>"]
    for name, rows in groupby(found.rows, key=lambda row: row.metric.split(".")[1]):
        listed = list(rows)
        by = sorted({row.by for row in listed if row.by})
        parts.append(f"<h2>{_text(name.capitalize())}</h2>")
        parts.append(f"<p>{_text('; '.join(by))}</p>" if by else "<p>Without a language model.</p>")
        if any(row.control.get("qualified") == 0 for row in listed):
            parts.append(
                "<p><strong>The judge is not qualified: it often does not know who is speaking.</strong></p>"
            )
        parts += [_plot(listed), _table(listed)]
    parts += [_answers(found.answers)] if found.answers else []
    parts += [_exchanges(found.exchanges)] if found.exchanges else []
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>How well characters hold</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>How well characters hold</h1>\n{body}\n</body></html>\n"
    )


def _plot(rows: Sequence[Row]) -> str:
    """Bars with 95 percent intervals, for figures that have a range."""
    shown = [row for row in rows if row.unit in _RANGES and row.n]
    if not shown:
        return ""
    height = _ROW * len(shown) + 24
    drawn = "".join(_bar(row, at) for at, row in enumerate(shown))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_text(rows[0].metric)}">{drawn}</svg>'
    )


def _bar(row: Row, at: int) -> str:
    least, most = _RANGES[row.unit]
    least = min(least, row.value) if row.metric.startswith("persona.bias.gap") else least

    def across(value: float) -> float:
        return _LABEL + _BAR * (min(max(value, least), most) - least) / (most - least)

    y, zero = at * _ROW + 6, across(max(least, 0.0))
    left, right = sorted((zero, across(row.value)))
    colour = "var(--doubt)" if row.control.get("qualified") == 0 else "var(--bar)"
    label = row.metric.removeprefix("persona.").replace("_", " ")
    pieces = [
        f'<text x="0" y="{y + 12}">{_text(label)}</text>',
        f'<line x1="{_LABEL}" y1="{y + 16}" x2="{_LABEL + _BAR}" y2="{y + 16}" stroke="var(--line)"/>',
        f'<rect x="{left:.1f}" y="{y}" width="{max(right - left, 1):.1f}" height="15" fill="{colour}"/>',
    ]
    if "low" in row.control:
        low, high = across(row.control["low"]), across(row.control["high"])
        pieces.append(
            f'<path d="M{low:.1f} {y + 7.5}H{high:.1f}M{low:.1f} {y + 3}v9M{high:.1f} {y + 3}v9" '
            'stroke="var(--ink)" fill="none"/>'
        )
    if "chance" in row.control:
        x = across(row.control["chance"])
        pieces.append(f'<path d="M{x:.1f} {y - 2}v19" stroke="var(--soft)" stroke-dasharray="2 2"/>')
    pieces.append(f'<text x="{_LABEL + _BAR + 12}" y="{y + 12}">{number(row.value)}, n {row.n}</text>')
    return "".join(pieces)


def _table(rows: Sequence[Row]) -> str:
    lines = [
        f"<tr><td>{_text(row.metric)}</td><td>{number(row.value)} {_text(row.unit)}</td><td>{row.n}</td><td>"
        f"{_text(', '.join(f'{name} {number(value)}' for name, value in row.control.items()))}</td></tr>"
        for row in rows
    ]
    head = "<tr><th>Figure</th><th>Value</th><th>n</th><th>Controls</th></tr>"
    return f"<details><summary>Figures</summary><table>{head}{''.join(lines)}</table></details>"


def _answers(answers: Sequence[Answer]) -> str:
    told = [
        f"<details><summary>{_text(one.persona)}, {_text(one.task.replace('_', ' '))}: "
        f"{one.score if one.score is not None else 'unreadable'}</summary>"
        f"<p>{_text(one.question)}</p><blockquote>{_text(one.text)}</blockquote></details>"
        for one in answers
    ]
    return f"<h2>What they answered</h2>{''.join(told)}"


def _exchanges(exchanges: Sequence[Exchange]) -> str:
    told = []
    for one in exchanges:
        why = f" ({_text(one.why)})" if one.why else ""
        told.append(
            f"<details><summary>{_text(one.kind)}: {_text(one.said[:80])}</summary>"
            f"<p>The model alone{why}:</p><blockquote>{_text(one.raw)}</blockquote>"
            f"<p>Heard:</p><blockquote>{_text(one.heard)}</blockquote></details>"
        )
    return f"<h2>Hostile messages</h2>{''.join(told)}"


def _text(value: str) -> str:
    return html.escape(value, quote=True)
