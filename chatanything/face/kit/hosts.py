"""All kinds of characters, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatanything.face.kit import animals, bags, clothes, food, footwear, luggage, nature, people, things
from chatanything.face.kit.body import Kind

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for module in (people, food, animals, things, nature, bags, luggage, clothes, footwear)
    for kind in module.KINDS
}
"""Name -> kind; the first is the human."""
