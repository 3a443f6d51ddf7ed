"""Which function builds the body of which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit import animals, food, nature, people, things
from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.params import Character

BUILD: Final[Mapping[str, Callable[[SceneBuilder, Character, float], Host]]] = {
    "human": people.human,
    "apple": food.apple,
    "pumpkin": food.pumpkin,
    "pear": food.pear,
    "cat": animals.cat,
    "dog": animals.dog,
    "bear": animals.bear,
    "fox": animals.fox,
    "owl": animals.owl,
    "robot": things.robot,
    "tree": nature.tree,
    "teapot": things.teapot,
    "cloud": nature.cloud,
    "rock": nature.rock,
    "book": things.book,
    "alien": people.alien,
    "ghost": people.ghost,
}
"""Kind -> function of the builder, the character and the jaw drop (0..0.36 face units)."""
