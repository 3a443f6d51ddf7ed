"""Look of the page: system fonts only, nothing fetched from elsewhere, good on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import gradio as gr

SANS: Final = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
MONO: Final = ("ui-monospace", "Menlo", "Consolas", "monospace")

_COLOURS: Final = {
    "body_background_fill": ("#faf6f1", "#15110e"),
    "body_text_color": ("#1f1a15", "#f4ede4"),
    "body_text_color_subdued": ("#6a6056", "#b8aa9a"),
    "background_fill_primary": ("#ffffff", "#211b17"),
    "background_fill_secondary": ("#fbf6f0", "#1b1613"),
    "border_color_primary": ("#e8ddd0", "#3a3029"),
    "block_background_fill": ("#ffffff", "#211b17"),
    "block_border_color": ("#e8ddd0", "#3a3029"),
    "block_info_text_color": ("#6a6056", "#b8aa9a"),
    "block_title_background_fill": ("transparent", "transparent"),
    "block_title_text_color": ("#1f1a15", "#f4ede4"),
    "block_label_background_fill": ("transparent", "transparent"),
    "block_label_text_color": ("#1f1a15", "#f4ede4"),
    "input_background_fill": ("#fdfaf6", "#1b1613"),
    "input_background_fill_focus": ("#ffffff", "#1b1613"),
    "input_border_color": ("#e8ddd0", "#3a3029"),
    "input_border_color_focus": ("#bf3f17", "#ff9166"),
    "input_placeholder_color": ("#776c61", "#a39685"),
    "color_accent_soft": ("#fde8dc", "#3b2318"),
    "button_primary_background_fill": ("#bf3f17", "#ff9166"),
    "button_primary_border_color": ("#bf3f17", "#ff9166"),
    "button_primary_background_fill_hover": ("#a53411", "#ffa582"),
    "button_primary_text_color": ("#ffffff", "#241006"),
    "button_secondary_background_fill": ("#ffffff", "#2a231e"),
    "button_secondary_background_fill_hover": ("#fde8dc", "#3b2318"),
    "button_secondary_border_color": ("#e8ddd0", "#4a3e35"),
    "button_secondary_text_color": ("#1f1a15", "#f4ede4"),
}
"""By day, by night; small text has at least 4.5 times the contrast of its ground."""
_SHAPES: Final = {
    "block_title_padding": "0",
    "block_title_text_weight": "600",
    "block_shadow": "none",
    "block_border_width": "1px",
    "button_border_width": "1px",
    "button_large_radius": "999px",
    "button_medium_radius": "999px",
    "button_small_radius": "999px",
}
_STATIC: Final = Path(__file__).with_name("static")
_SCRIPTS: Final = ("timeline", "speaker", "screen", "microphone", "link", "call", "page")
_STYLES: Final = ("page", "gallery", "call")


def static_text(name: str) -> str:
    """A file that ships with the page."""
    return (_STATIC / name).read_text(encoding="utf-8")


def styles() -> str:
    """The page's own look."""
    return "\n".join(static_text(f"{name}.css") for name in _STYLES)


def head() -> str:
    """The page's scripts, inside the page itself and out of each other's way."""
    code = "\n".join(static_text(f"{name}.js") for name in _SCRIPTS)
    return f'<script>(() => {{\n"use strict";\n{code}\n}})();</script>'


def system_theme() -> gr.themes.Base:
    """Warm paper by day, warm dark by night, with fonts that every machine has."""
    import gradio as gr

    theme = gr.themes.Soft(
        primary_hue="orange",
        secondary_hue="amber",
        neutral_hue="stone",
        radius_size="lg",
        font=SANS,
        font_mono=MONO,
    )
    return theme.set(
        **{
            f"{name}{suffix}": value
            for name, pair in _COLOURS.items()
            for suffix, value in zip(("", "_dark"), pair, strict=True)
        },
        **_SHAPES,
    )
