"""All kinds of characters, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatanything.face.kit import (
    animals,
    bags,
    birds,
    clothes,
    fantasy,
    farm,
    food,
    footwear,
    heroes,
    luggage,
    nature,
    people,
    things,
    wild,
)
from chatanything.face.kit.body import Kind

_MODULES: Final = (
    people, food, animals, wild, farm, birds, things, nature, bags, luggage, clothes, footwear, fantasy,
    heroes,
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for module in _MODULES for kind in module.KINDS}
"""Name -> kind; the first is the human."""
