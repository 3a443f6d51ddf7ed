"""The Talk tab: a video call. The call itself is the JavaScript of `static/`; here is who is called."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from chatanything.errors import ChatAnythingError, UsageError
from chatanything.persona.memory.store import forget_file, path_for
from chatanything_ui import markup
from chatanything_ui.parts import QUIET, html, status_line
from chatanything_ui.site import Site
from chatanything_ui.theme import static_text
from chatanything_ui.visitors import USER

ID: Final = "talk"
_LOOK_S: Final = 0.4
_MEET: Final = "(order) => { window.chatanything.meet(order); }"


class Calls:
    """Who can be called, and clips of what they said.

    Args:
        site: The server behind the page.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def people(self, token: str, chosen: str | None) -> Any:
        """The choices, with the newest one chosen if nobody is."""
        try:
            everybody = self._site.library(token).all()
        except ChatAnythingError:
            everybody = ()
        ids = [kept.id for kept in everybody]
        now = chosen if chosen in ids else (ids[0] if ids else None)
        return gr.update(choices=[(kept.name, kept.id) for kept in everybody], value=now)

    def order(self, token: str, persona_id: str | None, remember: bool) -> dict[str, str | bool]:
        """What the browser needs to call somebody; empty for nobody."""
        try:
            kept = self._site.library(token).find(persona_id or "")
        except ChatAnythingError:
            return {}
        portrait = self._site.portrait(token, kept)
        who = {"persona": kept.id, "name": kept.name, "portrait": portrait}
        return {**who, "visitor": token, "remember": remember}

    def remembered(self, token: str, persona_id: str | None) -> str:
        """What somebody knows of the visitor."""
        site = self._site
        shown: str
        try:
            owner = site.visitors.owner(token)
            kept = site.library(token).find(persona_id or "")
            if path_for(USER, kept.id, site.services.memories(owner)).exists():
                with closing(site.services.memory(owner, kept.id, kept.name, USER)) as memory:
                    shown = markup.remembered(memory.statements, memory.episodes)
            else:
                shown = markup.status(f"{kept.name} knows nothing of you yet.")
        except ChatAnythingError as exc:
            shown = markup.problem(exc)
        return shown

    def forget(self, token: str, persona_id: str | None) -> str:
        """Let somebody forget everything of the visitor."""
        site = self._site
        shown: str
        try:
            owner = site.visitors.owner(token)
            kept = site.library(token).find(persona_id or "")
            forget_file(path_for(USER, kept.id, site.services.memories(owner)))
            shown = markup.status(f"{kept.name} has forgotten you.", "good")
        except ChatAnythingError as exc:
            shown = markup.problem(exc)
        return shown

    def save(self, token: str, persona_id: str | None, said: str) -> Iterator[str]:
        """Make what was said last a signed video; the live pictures themselves are not signed."""
        try:
            if not said.strip():
                raise UsageError("nothing was said yet", hint="Talk first, then save.")
            yield from self._save(token, persona_id or "", said.strip())
        except ChatAnythingError as exc:
            yield markup.problem(exc)

    def _save(self, token: str, persona_id: str, said: str) -> Iterator[str]:
        site = self._site
        owner = site.visitors.owner(token)
        name = site.library(token).find(persona_id).name
        jobs = site.services.jobs
        job = jobs.submit(owner, persona_id, said)
        while job.status in ("queued", "in_progress"):
            words = (
                "Making the clip ..." if job.status == "in_progress" else "The clip waits for its turn ..."
            )
            yield markup.steps("write", words, job.progress / 100)
            time.sleep(_LOOK_S)
            job = jobs.find(owner, job.id)
        if job.status == "failed":
            yield markup.status(f"That did not work: {job.error}", "bad")
            return
        address = site.links.to(owner, "video", job.id)
        yield markup.clip(address, name, said)


@dataclass(frozen=True, slots=True)
class TalkTab:
    """What other tabs need of it."""

    calls: Calls
    who: Any
    """The box with everybody."""


def build(site: Site, token: Any) -> TalkTab:
    """Lay the tab out and connect it."""
    calls = Calls(site)
    who = gr.Dropdown(label="Who do you want to talk to?", choices=[], elem_id="who", filterable=True)
    html(static_text("call.html"), js_on_load="window.chatanything.talk(element)", elem_id="call")
    save = gr.Button("Save the last answer as a video", elem_id="save-clip", size="md")
    saved = status_line("saved")
    remember = gr.Checkbox(
        site.visitors.alone, label="Remember what I tell about myself", elem_id="remember", container=False
    )
    with gr.Accordion("What it remembers of you", open=False, elem_id="memory") as opened:
        memory = html(elem_id="memory-list")
        forget = gr.Button("Forget everything", elem_id="forget", size="md")
    order = gr.JSON(visible="hidden")
    for changed in (who.change, remember.change):
        changed(calls.order, [token, who, remember], order, **QUIET).then(
            None, order, None, js=_MEET, **QUIET
        )
    who.change(lambda: "", None, saved, **QUIET)
    for looked in (who.change, opened.expand):
        looked(calls.remembered, [token, who], memory, **QUIET)
    forget.click(calls.forget, [token, who], memory, **QUIET)
    save.click(
        calls.save,
        [token, who, order],
        saved,
        js="(token, who, order) => [token, who, window.chatanything.lastReply()]",
        concurrency_limit=4,
        **QUIET,
    )
    return TalkTab(calls, who)
