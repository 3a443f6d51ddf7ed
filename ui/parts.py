"""What all tabs build with."""

from __future__ import annotations

from typing import Any, Final

import gradio as gr

QUIET: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private"}
"""Events that are no API and show their progress themselves."""
_BUTTONS: Final = "window.chatanything.buttons(element, trigger)"
_ANNOUNCED: Final = "window.chatanything.announce(element)"


def html(value: str = "", **more: Any) -> gr.HTML:
    """HTML with our own look only."""
    return gr.HTML(value, apply_default_css=False, **{"js_on_load": None, **more})


def status_line(name: str) -> gr.HTML:
    """A place for lines about what goes on, read aloud as they change."""
    return html(elem_id=name, js_on_load=_ANNOUNCED)


def with_events(value: str, *events: str, code: str = _BUTTONS, **more: Any) -> gr.HTML:
    """HTML whose buttons with `data-do` are events of the component.

    Args:
        value: The HTML.
        events: Their names. Gradio looks for quoted names in the code of the component, hence the comment.
        code: Connects the buttons.
        more: As for `html`.
    """
    names = " ".join(f"'{event}'" for event in events)
    return html(value, js_on_load=f"{code} // {names}", **more)
