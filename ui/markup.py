"""Pieces of HTML. Everything that people or models wrote goes through `text` on its way in."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

import cv2

from chatanything.errors import ChatAnythingError
from chatanything.persona.card import PersonaCard
from chatanything.persona.memory.records import Episode, Statement
from chatanything.types import UInt8, VoiceChoice

STEPS: Final = (("persona", "Character"), ("voice", "Voice"), ("face", "Face"), ("write", "Video"))
_ORDER: Final = {"persona": 0, "voice": 1, "face": 2, "speech": 3, "motion": 3, "render": 3, "write": 3}
_THUMB: Final = 192
_TRAITS: Final = (
    ("openness", "Curious"),
    ("conscientiousness", "Orderly"),
    ("extraversion", "Outgoing"),
    ("agreeableness", "Kind"),
    ("neuroticism", "Anxious"),
)
EMPTY_STAGE: Final = (
    '<div class="stage empty"><div class="stage-hint" aria-hidden="true"><i></i><i></i><b></b></div>'
    "<p>Your character will appear here.</p></div>"
)
_FULL_BAR: Final = '<span class="bar"><span style="width:{:.0f}%"></span></span>'


def text(words: str) -> str:
    """Words as HTML that shows them and nothing else."""
    return escape(words, quote=True)


def problem(exc: ChatAnythingError) -> str:
    """An error as one friendly line."""
    line = str(exc)
    return f'<p class="status bad">That did not work: {text(line[:1].upper() + line[1:])}</p>'


def status(words: str, kind: str = "") -> str:
    """A line about what goes on; `kind` is "good" or "bad" at an end."""
    return f'<p class="status {kind}">{text(words)}</p>'


def remembered(statements: Iterable[Statement], episodes: Iterable[Episode]) -> str:
    """What a character knows of somebody, as a list."""
    lines = []
    for one in statements:
        before = f" <small>(before: {text(one.was)})</small>" if one.was else ""
        lines.append(f"<li>{text(one.text)}{before}</li>")
    lines += [f"<li><em>{text(one.summary)}</em></li>" for one in episodes]
    return f'<ul class="memory">{"".join(lines)}</ul>' if lines else status("Nothing yet.")


def bar(share: float) -> str:
    """How much of something there is, 0..1; words say the same beside it."""
    return f'<span class="bar"><span style="width:{100 * share:.0f}%"></span></span>'


def steps(stage: str, words: str, share: float = 0.0) -> str:
    """The way from a sentence to a video, with the place where the work is."""
    at = _ORDER.get(stage, 0)
    marks = []
    for number, (_, name) in enumerate(STEPS):
        state = "done" if number < at else "now" if number == at else "next"
        marks.append(f'<span class="step {state}">{name}</span>')
    done = bar(share) if share else ""
    return f'{status(words, "busy")}<div class="steps" aria-hidden="true">{"".join(marks)}{done}</div>'


def picture(source: str, name: str) -> str:
    """The stage with a portrait while the video is not there yet."""
    return f'{_stage(source)}<img src="{text(source)}" alt="{text(f"Portrait of {name}")}"></div>'


def video(source: str, poster: str, name: str) -> str:
    """The stage with a video that begins to play."""
    label = text(f"{name} talking")
    return (
        f'{_stage(poster)}<video src="{text(source)}" poster="{text(poster)}" aria-label="{label}" '
        "controls autoplay playsinline></video></div>"
    )


def _stage(face: str) -> str:
    """The stage's opening tag: out of focus, the face lights the room around it."""
    return f'<div class="stage" style="--face: url(&quot;{text(face)}&quot;)">'


def clip(source: str, name: str, said: str) -> str:
    """A saved clip with a link to its file."""
    file, label = text(source), text(f"Clip of {name}")
    return (
        f'<figure class="saved"><video src="{file}" aria-label="{label}" controls playsinline></video>'
        f"<figcaption><p>{text(said)}</p>"
        f'<a class="pill go" href="{file}" download="{text(name)}.mp4">Download the video</a>'
        "<p>It is signed as made by a machine.</p></figcaption></figure>"
    )


def data_url(image: UInt8, edge: int = 0) -> str:
    """A picture inside the page itself.

    Args:
        image: (H, W, 3) uint8 RGB.
        edge: Pixels to scale it to; 0 keeps it.
    """
    if edge and edge < image.shape[0]:
        image = cv2.resize(image, (edge, edge), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    assert done
    return "data:image/jpeg;base64," + base64.b64encode(bytes(data)).decode()


def faces(images: Mapping[int, UInt8]) -> str:
    """Faces to choose from, one button each."""
    buttons = []
    for seed, image in images.items():
        buttons.append(
            f'<button type="button" class="face" data-do="face" data-seed="{seed}" aria-pressed="false" '
            f'aria-label="Face {seed}"><img src="{data_url(image, _THUMB)}" alt=""></button>'
        )
    return f'<div class="faces" role="group" aria-label="Faces to choose from">{"".join(buttons)}</div>'


def about(card: PersonaCard) -> str:
    """The character in a few lines."""
    bars = []
    for field, name in _TRAITS:
        share = getattr(card.personal.big5, field)
        ears = f'<span class="for-ears">{100 * share:.0f} per cent</span>'
        bars.append(f'<div class="trait"><dt>{name}</dt><dd>{bar(share)}{ears}</dd></div>')
    greeting = f"<blockquote>{text(card.greeting)}</blockquote>" if card.greeting else ""
    story = f"<p>{text(card.context.backstory)}</p>" if card.context.backstory else ""
    tags = chips("Loves", card.context.loves) + chips("Hates", card.context.hates)
    note = f'<p class="quiet">{text(card.note)}</p>' if card.note else ""
    return (
        f'<article class="about"><h2>{text(card.name)}</h2><p class="quiet">{text(card.description)}</p>'
        f'{greeting}{story}{tags}<dl class="traits">{"".join(bars)}</dl>{note}</article>'
    )


def chips(title: str, words: Iterable[str]) -> str:
    """A titled row of short texts; nothing if there are none."""
    items = "".join(f"<li>{text(word)}</li>" for word in words)
    return f'<div class="chips"><span>{text(title)}</span><ul>{items}</ul></div>' if items else ""


def voice(choice: VoiceChoice) -> str:
    """The voice and why it was chosen."""
    blend = " + ".join(f"{100 * weight:.0f} % {name}" for name, weight in choice.weights)
    effect = "" if choice.effect == "none" else f", effect {choice.effect}"
    reasons = "".join(f"<li>{text(reason)}</li>" for reason in choice.reason)
    return (
        f'<div class="voice"><p><strong>{text(blend + effect)}</strong></p>'
        f'<ul class="reasons">{reasons}</ul></div>'
    )
