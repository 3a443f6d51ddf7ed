"""Names that fit a gender and a species."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from chatanything.persona.lexicon import lexicon, load_toml
from chatanything.types import Gender


@lru_cache(maxsize=1)
def grammar() -> dict[str, Any]:
    """The sentences and names of `grammar.toml`."""
    return load_toml("grammar.toml")


@lru_cache(maxsize=1)
def _known() -> dict[str, Gender]:
    names = grammar()["names"]
    table: dict[str, Gender] = {}
    genders: tuple[Gender, ...] = ("male", "female")
    for gender in genders:
        for name in names[gender].lower().split() + names[f"known_{gender}"].split():
            table[name] = gender
    return table


def gender_of_name(name: str) -> Gender:
    """The usual gender of a first name, "neutral" when it has none or is not listed."""
    words = [word.strip(".'").lower() for word in name.split()]
    first = next((word for word in words if word not in lexicon().lists["titles"]), "")
    return _known().get(first, "neutral")


def pick_names(gender: Gender, family: str, rng: np.random.Generator, count: int) -> list[str]:
    """Names in random order: for people by gender, for everything else nicknames of its family.

    Gendered things get human names of that gender, so that the ear is not misled.
    """
    names = grammar()["names"]
    if family == "human" or gender != "neutral":
        choices = names[gender].split()
    else:
        choices = grammar()["nicknames"][family].split()
    return [str(name) for name in rng.permutation(choices)[:count]]
