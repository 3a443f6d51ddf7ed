"""The mixture of diffusers: who draws what, and how a description finds its expert.

An expert is a style token of the shipped model, or a diffusers checkpoint or adapter of the GPU profile;
experts.toml describes them. The router prefers a plain word ("apple"), then asks the language model, whose
answer must be a key, then compares meanings.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.errors import FaceError
from chatanything.face.kit.body import Kind
from chatanything.settings import settings

EXPERTS: Final = ("human", "animal", "plant", "thing", "robot", "fantasy")
"""Their order is the number of the shipped model's style token."""
_OF_CATEGORY: Final[Mapping[str, str]] = {
    "people": "human", "animal": "animal", "cartoon": "fantasy", "fruit": "plant", "plant": "plant",
    "office": "thing", "bag": "thing", "clothes": "thing",
}  # fmt: skip
Ask = Callable[[str, tuple[str, ...]], str | None]
"""Puts a question with the allowed answers to a language model; None when it cannot say."""


@dataclass(frozen=True, slots=True)
class Expert:
    """One expert of experts.toml."""

    key: str
    draws: str
    """What it draws, compared with descriptions by meaning."""
    prompt: str = ""
    """Words that a text-to-image checkpoint gets beside the description."""
    checkpoint: str = ""
    """A diffusers checkpoint: id in weights.lock or folder; empty means the settings' own."""
    adapter: str = ""
    """A LoRA: id in weights.lock or file; empty means the settings' own."""


@dataclass(frozen=True, slots=True)
class Route:
    """The router's choice."""

    expert: Expert
    reason: str


@lru_cache(maxsize=4)
def load_experts(path: Path | None = None) -> Mapping[str, Expert]:
    """The experts of a file, by key; None reads the one of the settings, else the shipped one.

    Raises:
        FaceError: The file is no table of experts, or one is missing or unknown.
    """
    source = path or settings().face_experts or Path(__file__).with_name("experts.toml")
    try:
        rows = tomllib.loads(source.read_text(encoding="utf-8"))["experts"]
        found = {key: Expert(key, **row) for key, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise FaceError(f"the experts in {source.name} cannot be read", got=str(exc)) from exc
    if not found or any(not expert.draws for expert in found.values()):
        raise FaceError(f"an expert in {source.name} does not say what it draws", expected='draws = "..."')
    if set(found) != set(EXPERTS):
        raise FaceError(
            f"{source.name} does not describe the experts that exist",
            expected=", ".join(EXPERTS),
            got=", ".join(found),
        )
    return found


def expert_of(kind: Kind) -> str:
    """The expert that learnt this kind of character."""
    return "robot" if kind.name == "robot" else _OF_CATEGORY[kind.category]


def route(text: str, *, known: str = "", word: str = "", ask: Ask | None = None) -> Route:
    """The expert for a description.

    Args:
        text: The description.
        known: Key of the expert that a plain word of it names; empty if no word does.
        word: That word.
        ask: A language model, asked only when no word is known.
    """
    experts = load_experts()
    if known in experts:
        return Route(experts[known], f"the word {word!r} names what the {known} expert draws")
    if ask is not None:
        options = "; ".join(f"{key}: {expert.draws}" for key, expert in experts.items())
        answer = ask(f"Who should draw this: {text}?\n{options}", tuple(experts))
        if answer is not None and answer in experts:
            return Route(experts[answer], "the language model chose it")
    keys = tuple(experts)
    similarity = embed([experts[key].draws for key in keys]) @ embed([text])[0]
    key = keys[int(np.argmax(similarity))]
    return Route(experts[key], f"closest in meaning ({float(similarity.max()):.2f})")
