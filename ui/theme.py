"""Look of the page: system fonts only, nothing fetched from elsewhere, good on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import gradio as gr

SANS: Final = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
MONO: Final = ("ui-monospace", "Menlo", "Consolas", "monospace")

CSS: Final = """
.gradio-container { max-width: 1080px !important; margin: 0 auto !important; }
#status { padding: 0.75rem 1rem; min-height: 3rem; font-size: 1.02rem; }
#video video, #portrait img { width: 100%; max-height: 460px; object-fit: contain; border-radius: 12px; }
#video [data-testid="block-label"], #portrait [data-testid="block-label"] {
  clip-path: inset(50%); /* the label is for screen readers; it would cover the picture */
}
#card h2 { margin-top: 0.25rem; }
.quiet { opacity: 0.75; font-size: 0.85rem; }
@media (max-width: 640px) {
  .gradio-container { padding: 0.75rem !important; }
  .gradio-container h1 { font-size: 1.5rem; }
}
"""


def system_theme() -> gr.themes.Base:
    """Warm and plain, with fonts that every machine has."""
    import gradio as gr

    return gr.themes.Soft(
        primary_hue="orange",
        secondary_hue="amber",
        neutral_hue="stone",
        radius_size="lg",
        font=SANS,
        font_mono=MONO,
    ).set(
        block_title_background_fill="transparent",
        block_title_background_fill_dark="transparent",
        block_title_padding="0",
        block_title_text_color="*body_text_color",
        block_title_text_color_dark="*body_text_color",
        block_label_text_color="*body_text_color",
        block_label_text_color_dark="*body_text_color",
    )
