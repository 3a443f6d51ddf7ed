"""The picture of the architecture: the stages by hand, the layers from the contract in pyproject.toml."""

from __future__ import annotations

import tomllib
from typing import Final
from xml.sax.saxutils import escape

from scripts.docs.generated import ROOT

_WIDTH: Final = 980
_STYLE: Final = """
  .paper { fill: #ffffff; } .ink { fill: #1f2430; } .soft { fill: #5b6472; }
  .line { stroke: #8a93a3; stroke-width: 1.6; fill: none; } .tip { fill: #8a93a3; }
  .box { stroke-width: 1.4; }
  .who { fill: #e7ecff; stroke: #5568c4; } .sound { fill: #dff5ec; stroke: #2b8a68; }
  .look { fill: #ffeede; stroke: #c2722a; } .move { fill: #f8e3f3; stroke: #a8478f; }
  .file { fill: #e9ebef; stroke: #6b7482; } .row { fill: #f3f5f8; } .chip { fill: #ffffff; stroke: #b9c0cc; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
  .head { font-size: 17px; font-weight: 600; }
  .name { font-size: 14px; font-weight: 600; }
  .small { font-size: 12px; }
  .code { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #161a22; } .ink { fill: #eef1f6; } .soft { fill: #aab3c2; }
    .line { stroke: #77818f; } .tip { fill: #77818f; }
    .who { fill: #273060; stroke: #8d9df0; } .sound { fill: #14402f; stroke: #58c79c; }
    .look { fill: #4d2f14; stroke: #eba25c; } .move { fill: #46203e; stroke: #dd86c6; }
    .file { fill: #2b313c; stroke: #9aa4b3; } .row { fill: #1e2430; }
    .chip { fill: #2a3140; stroke: #4d5768; }
  }
"""
_BOX_W: Final = 148
_BOX_H: Final = 62
_STAGES: Final = (
    # x, y, class, what crosses the border, what it says, package
    (24, 138, "file", "a sentence", "“a grumpy keeper”", "you"),
    (206, 138, "who", "PersonaCard", "who it is", "persona"),
    (404, 74, "sound", "VoiceChoice", "how it sounds", "voice"),
    (404, 202, "look", "Portrait", "how it looks", "face"),
    (602, 74, "sound", "Speech", "what it says, timed", "voice"),
    (602, 202, "look", "ReferenceSet", "mouths and lids", "face, lipsync"),
    (800, 74, "move", "Motion", "how it moves", "lipsync"),
    (800, 202, "move", "Frame …", "what you see", "lipsync"),
)
_ARROWS: Final = ((0, 1), (1, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7), (6, 7))
_VIDEO_Y: Final = 326
_LAYERS_Y: Final = 452
_ROW: Final = 36


def architecture_picture() -> str:
    """The picture as SVG; it follows the reader's light or dark scheme and has a ground of its own."""
    rows = _layers()
    height = _LAYERS_Y + 40 + len(rows) * _ROW + 22
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="title">',
        '<title id="title">From a sentence to a signed video, and the layers of the code</title>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="14"/>',
        _text(24, 40, "head ink", "From a sentence to a video"),
        *(_arrow(_STAGES[a][:2], _STAGES[b][:2]) for a, b in _ARROWS),
        *(_box(*stage) for stage in _STAGES),
        _video(),
        _text(24, _LAYERS_Y, "head ink", "Layers: each may import from those below it"),
        *(_row(number, modules) for number, modules in enumerate(rows)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _layers() -> list[list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [[name.strip().removeprefix("chatanything.") for name in layer.split("|")] for layer in layers]


def _text(x: float, y: float, style: str, words: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _box(x: int, y: int, style: str, name: str, says: str, package: str) -> str:
    middle = x + _BOX_W / 2
    return "\n".join(
        (
            f'<rect class="box {style}" x="{x}" y="{y}" width="{_BOX_W}" height="{_BOX_H}" rx="10"/>',
            _text(middle, y + 26, "name ink", name, "middle"),
            _text(middle, y + 45, "small ink", says, "middle"),
            _text(middle, y + _BOX_H + 16, "code soft", package, "middle"),
        )
    )


def _arrow(begin: tuple[int, int], end: tuple[int, int]) -> str:
    if begin[0] == end[0]:
        x, y0, y1 = begin[0] + _BOX_W / 2 + 56, begin[1] + _BOX_H, end[1]
        return _line(f"M{x:g} {y0} V{y1 - 8}", (x, y1 - 1), down=True)
    x0, y0 = begin[0] + _BOX_W, begin[1] + _BOX_H / 2
    x1, y1 = end[0] - 1, end[1] + _BOX_H / 2
    bend = (x0 + x1) / 2
    path = (
        f"M{x0} {y0:g} H{x1 - 8}"
        if y0 == y1
        else f"M{x0} {y0:g} C{bend:g} {y0:g} {bend:g} {y1:g} {x1 - 8} {y1:g}"
    )
    return _line(path, (x1, y1), down=False)


def _line(path: str, tip: tuple[float, float], *, down: bool) -> str:
    x, y = tip
    corners = (
        f"{x:g},{y:g} {x - 5:g},{y - 9:g} {x + 5:g},{y - 9:g}"
        if down
        else (f"{x:g},{y:g} {x - 9:g},{y - 5:g} {x - 9:g},{y + 5:g}")
    )
    return f'<path class="line" d="{path}"/><polygon class="tip" points="{corners}"/>'


def _video() -> str:
    x, width = 602, 346
    middle = x + width / 2
    return "\n".join(
        (
            _line(f"M930 {202 + _BOX_H} V{_VIDEO_Y - 8}", (930, _VIDEO_Y - 1), down=True),
            _line(f"M616 {74 + _BOX_H} V158 H588 V{_VIDEO_Y + 31} H594", (602, _VIDEO_Y + 31), down=False),
            f'<rect class="box file" x="{x}" y="{_VIDEO_Y}" width="{width}" height="{_BOX_H}" rx="10"/>',
            _text(middle, _VIDEO_Y + 26, "name ink", "TalkingVideo", "middle"),
            _text(
                middle, _VIDEO_Y + 45, "small ink", "mp4 with signed provenance, and a sidecar file", "middle"
            ),
            _text(middle, _VIDEO_Y + _BOX_H + 16, "code soft", "media, provenance", "middle"),
            _text(24, _VIDEO_Y + 8, "small soft", "Each arrow is one frozen object of types.py;"),
            _text(24, _VIDEO_Y + 27, "small soft", "studio.py is the only place that knows all stages."),
            _text(
                24,
                _VIDEO_Y + 46,
                "small soft",
                "Live, the same stages run sentence by sentence, side by side.",
            ),
        )
    )


def _row(number: int, modules: list[str]) -> str:
    y = _LAYERS_Y + 18 + number * _ROW
    parts = [f'<rect class="row" x="24" y="{y}" width="{_WIDTH - 48}" height="{_ROW - 6}" rx="6"/>']
    widths = [len(name) * 7.3 + 18 for name in modules]
    x = (_WIDTH - sum(widths) - 8 * (len(widths) - 1)) / 2
    high = _ROW - 14
    for name, width in zip(modules, widths, strict=True):
        parts.append(
            f'<rect class="box chip" x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{high}" rx="5"/>'
        )
        parts.append(_text(round(x + width / 2, 1), y + 19, "code ink", name, "middle"))
        x += width + 8
    return "\n".join(parts)
