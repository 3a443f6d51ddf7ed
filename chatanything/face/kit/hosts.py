"""All kinds of characters, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatanything.face.kit import (
    animals,
    bags,
    birds,
    bones,
    clothes,
    desk,
    fantasy,
    farm,
    flowers,
    food,
    footwear,
    fruits,
    fruits_long,
    generic,
    heroes,
    legends,
    luggage,
    monsters,
    nature,
    office,
    pencils,
    people,
    plants,
    things,
    trees,
    undead,
    vegetables,
    wild,
    winter,
)
from chatanything.face.kit.body import Kind

_MODULES: Final = (
    people, food, fruits, fruits_long, vegetables, animals, wild, farm, birds, things, nature, bags, luggage,
    clothes, footwear, fantasy, heroes, legends, winter, monsters, undead, bones, office, desk, pencils,
    flowers, plants, trees, generic,
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for module in _MODULES for kind in module.KINDS}
"""Name -> kind; the first is the human."""
