"""A page on which voices can be heard side by side; everything it needs is inside it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;"
    "color-scheme:light dark}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8888;vertical-align:middle}"
    "caption{text-align:left;padding-bottom:.6rem}audio{width:16rem;max-width:100%}"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One voice on the page."""

    name: str
    about: str
    figures: str
    """What was measured, in words."""
    wav: bytes
    """What it says."""


def sheet(samples: Sequence[Sample], line: str) -> str:
    """The page as HTML: one row a voice, with a player that has the voice's name.

    Args:
        samples: In the order of the page.
        line: What all of them say.
    """
    rows = "\n".join(_row(one) for one in samples)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>Voices</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Voices</h1>\n<table>\n"
        f"<caption>{len(samples)} voices say: {escape(line)}</caption>\n"
        '<thead><tr><th scope="col">voice</th><th scope="col">what it is like</th>'
        '<th scope="col">measured</th><th scope="col">sound</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    )


def _row(one: Sample) -> str:
    data = base64.b64encode(one.wav).decode()
    return (
        f'<tr><th scope="row">{escape(one.name)}</th>'
        f"<td>{escape(one.about)}</td><td>{escape(one.figures)}</td>"
        f'<td><audio controls preload="none" aria-label="{escape(one.name)}" '
        f'src="data:audio/wav;base64,{data}"></audio></td></tr>'
    )
