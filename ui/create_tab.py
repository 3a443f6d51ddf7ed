"""The Create tab: a sentence in, somebody out, and a workbench to make them one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from chatanything.seeds import MAX_SEED
from chatanything_ui import card_form, markup
from chatanything_ui.changes import Changes
from chatanything_ui.creation import MOST_GREETING, Creation
from chatanything_ui.parts import QUIET, html, status_line, with_events
from chatanything_ui.site import Site

EXAMPLES: Final = (
    ("a grumpy old lighthouse keeper who loves jazz", "Fog again. Put on a record, would you?"),
    ("a cheerful apple who sings opera", "Bravo! Tonight I am the apple of every eye."),
    ("a wise owl who teaches astronomy", "Look up. Every star is somebody's morning."),
    ("a nervous little robot who loves gardening", "Please do not step on my petunias."),
)


@dataclass(frozen=True, slots=True)
class CreateTab:
    """What other tabs need of it."""

    persona_id: Any
    """State: who is on the stage."""
    shown: list[Any]
    """Status, stage, about, persona_id."""
    bench: list[Any]
    """What `Changes.open` fills."""
    talk: Any
    """The button that leads to the call."""
    creation: Creation
    changes: Changes

    def continue_with(self, event: Any, token: Any) -> None:
        """Open the workbench for whoever an event has put on the stage, with faces to choose from."""
        opened = event.then(self.changes.open, [token, self.persona_id], self.bench[:-1], **QUIET)
        opened.then(
            self.changes.faces,
            [token, self.persona_id, self.bench[4]],
            [self.bench[-1], self.bench[4]],
            concurrency_id="studio",
            **QUIET,
        )


def build(site: Site, token: Any) -> CreateTab:
    """Lay the tab out and connect it."""
    creation = Creation(site)
    changes = Changes(site, creation)
    persona_id = gr.State("")
    with gr.Row(equal_height=False, elem_classes="two"):
        with gr.Column(scale=5, min_width=300):
            asked = _request(site)
        with gr.Column(scale=6, min_width=300):
            stage = html(markup.EMPTY_STAGE, elem_id="stage")
            status = status_line("status")
            talk = gr.Button("Talk to it live", elem_id="talk-to-it", visible=False)
            about = html(elem_id="about")
    shown = [status, stage, about, persona_id]
    bench = _bench(changes, token, shown)
    create = gr.on(
        [asked["create"].click, asked["description"].submit],
        creation.create,
        [token, *(asked[name] for name in ("description", "greeting", "seed", "size"))],
        shown,
        api_name="create",
        concurrency_id="studio",
        show_progress="hidden",
        trigger_mode="once",
    )
    asked["create"].click(None, js="() => { window.chatanything.look('stage'); }", **QUIET)
    persona_id.change(lambda now: gr.update(visible=bool(now)), persona_id, talk, **QUIET)
    tab = CreateTab(persona_id, shown, bench, talk, creation, changes)
    tab.continue_with(create, token)
    return tab


def _request(site: Site) -> dict[str, Any]:
    """What the visitor fills in."""
    asked: dict[str, Any] = {}
    asked["description"] = gr.Textbox(
        label="Who is it?", lines=3, max_length=2000, placeholder="Anyone or anything, in a sentence",
        elem_id="description", autofocus=True,
    )  # fmt: skip
    ideas = with_events(_ideas(), "idea", elem_id="ideas")
    asked["greeting"] = gr.Textbox(
        label="What does it say first?", lines=2, max_length=MOST_GREETING,
        placeholder="Leave it empty and the character decides", elem_id="greeting",
    )  # fmt: skip
    with gr.Accordion("More settings", open=False):
        asked["seed"] = gr.Number(
            label="Seed", value=None, precision=0, minimum=0, maximum=MAX_SEED,
            info="Same words and seed, same character",
        )  # fmt: skip
        asked["size"] = gr.Radio(
            choices=[256, 512],
            value=site.services.studio.size,
            label="Picture edge in pixels",
            info="512 takes longer",
        )
    asked["create"] = gr.Button("Bring it to life", variant="primary", size="lg", elem_id="create")

    def pick(event: gr.EventData) -> tuple[str, str]:
        return EXAMPLES[int(event._data["number"]) % len(EXAMPLES)]

    ideas.idea(pick, None, [asked["description"], asked["greeting"]], **QUIET)
    return asked


def _ideas() -> str:
    buttons = []
    for number, (words, _) in enumerate(EXAMPLES):
        does = f'data-do="idea" data-number="{number}"'
        buttons.append(f'<button type="button" class="pill" {does}>{markup.text(words)}</button>')
    return f'<div class="ideas" role="group" aria-label="Ideas to start from">{"".join(buttons)}</div>'


def _bench(changes: Changes, token: Any, shown: list[Any]) -> list[Any]:
    """Face, voice and words of whoever is on the stage; hidden until somebody is."""
    persona_id = shown[-1]
    with gr.Group(visible=False, elem_id="bench") as bench:
        html('<h2 class="bench-title">Make it yours</h2>')
        with gr.Tabs():
            with gr.Tab("Face"):
                sheet = gr.State(0)
                faces = with_events("", "face", elem_id="faces")
                more = gr.Button("More faces", size="sm")
            with gr.Tab("Voice"):
                voice, sample, words = _voice(changes, token, shown)
            with gr.Tab("Character"):
                form = _form(changes, token, shown)

    def take(now: str, of: str, event: gr.EventData) -> Any:
        yield from changes.take_face(now, of, int(event._data["seed"]))

    work = {"concurrency_id": "studio", **QUIET}
    faces.face(take, [token, persona_id], shown, **work)
    more.click(changes.faces, [token, persona_id, sheet], [faces, sheet], **work)
    return [bench, voice, sample, words, sheet, *form, faces]


def _voice(changes: Changes, token: Any, shown: list[Any]) -> tuple[Any, Any, Any]:
    persona_id = shown[-1]
    voice = html(elem_id="voice")
    sample = html(elem_id="sample")
    words = gr.Textbox(
        label="Another voice, in words", max_length=300, placeholder="an old man with a gravelly voice",
        info="Empty: its own voice",
    )  # fmt: skip
    with gr.Row():
        hear = gr.Button("Hear it", elem_id="hear")
        keep = gr.Button("Keep this voice", elem_id="keep-voice")
    gr.on([hear.click, words.submit], changes.hear, [token, persona_id, words], [voice, sample],
          concurrency_id="studio", show_progress="minimal", api_visibility="private")  # fmt: skip
    keep.click(changes.take_voice, [token, persona_id, words], shown, concurrency_id="studio", **QUIET)
    return voice, sample, words


def _form(changes: Changes, token: Any, shown: list[Any]) -> list[Any]:
    with gr.Row(elem_classes="form"):
        fields = [_field(field) for field in card_form.FIELDS]
    with gr.Accordion("Everything else, as JSON", open=False):
        fields.append(gr.Code(label="Other fields of the card", language="json", lines=12, max_lines=24))
    save = gr.Button("Save changes", variant="primary", elem_id="save-card")
    save.click(changes.save, [token, shown[-1], *fields], shown, concurrency_id="studio", **QUIET)
    return fields


def _field(field: card_form.Field) -> Any:
    info = field.info or None
    if field.kind == "choice":
        return gr.Dropdown(label=field.label, choices=list(card_form.MOODS), info=info, min_width=280)
    if field.kind == "number":
        return gr.Number(
            label=field.label, precision=0, minimum=5, maximum=field.most, info=info, min_width=280
        )
    lines = 1 if field.kind == "line" else 3
    most = 2100 if field.kind == "list" else field.most
    return gr.Textbox(label=field.label, lines=lines, max_lines=6, max_length=most, info=info, min_width=280)
