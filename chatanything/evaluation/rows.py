"""One measured figure with its controls, in the shape that scripts read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of an evaluation."""

    metric: str
    """Dotted name: evaluation, then what was measured ("lipsync.lag")."""
    value: float
    unit: str
    """"ms", "s", "share" (0..1), "r" (-1..1), ..."""
    n: int
    """How many things the value is drawn from: clips, phones, frames or repeats."""
    control: Mapping[str, float] = field(default_factory=dict)
    """The same figure where it should come out different, or its spread; names say which."""
    by: str = ""
    """The language model that answered, and who judged it; "" where none had a part."""
