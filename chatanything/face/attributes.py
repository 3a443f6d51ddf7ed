"""A small classifier of what a portrait shows: the judge of `evaluate faces`.

It learns from renders only, so it says how well a face model does what words ask, not whether people like it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import numpy as np
import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn

from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import HAIR_COLORS, Character
from chatanything.types import UInt8

EDGE: Final = 64
"""Pixels of the pictures that it looks at."""
_AGES: Final = (0.22, 0.68)
"""Where childhood ends and old age begins."""
_LIGHT, _DARK = 3, 5
"""First tanned and first dark skin."""
_CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "color": (
        "red",
        "orange",
        "yellow",
        "green",
        "teal",
        "blue",
        "purple",
        "pink",
        "brown",
        "beige",
        "white",
        "grey",
        "black",
        "golden",
    ),
    "gender": ("woman", "man"),
    "age": ("child", "adult", "old"),
    "skin": ("light", "tan", "dark"),
    "hair color": tuple(name for name in HAIR_COLORS if name != "dark brown"),
    "bald": ("no", "yes"),
    "beard": ("no", "yes"),
    "glasses": ("no", "yes"),
    "hat": ("no", "yes"),
}
_SAME: Final[Mapping[str, str]] = {
    "gray": "grey", "silver": "grey", "gold": "golden", "ginger": "orange", "cream": "beige", "tan": "beige",
    "violet": "purple", "navy": "blue", "turquoise": "teal",
}  # fmt: skip
"""Colour words that mean another class."""
_BALD: Final = ("bald", "balding")
_COVERED: Final = ("headscarf", "turban")


class AttributeJudge(ModelMixin, ConfigMixin):
    """Reads kind, colour, gender, age, skin, hair colour, baldness, beard, glasses and hat off a portrait.

    Args:
        kinds: Names of the kinds that it can tell apart.
        width: Channels of its first layer.
        accuracy: Attribute -> share of held-out renders that it read right, kept with the weights.
    """

    @register_to_config
    def __init__(
        self,
        kinds: Sequence[str] = ("human",),
        width: int = 32,
        accuracy: Mapping[str, float] | None = None,  # noqa: ARG002 - read from the config
    ) -> None:
        super().__init__()
        self.classes: dict[str, tuple[str, ...]] = {"kind": tuple(kinds), **_CLASSES}
        layers: list[nn.Module] = []
        channels = 3
        for stage in range(4):
            out = width * 2**stage
            layers += [nn.Conv2d(channels, out, 3, stride=2, padding=1), nn.GroupNorm(8, out), nn.SiLU()]
            layers += [nn.Conv2d(out, out, 3, padding=1), nn.GroupNorm(8, out), nn.SiLU()]
            channels = out
        self.trunk = nn.Sequential(*layers)
        self.heads = nn.ModuleList(nn.Linear(2 * channels, len(names)) for names in self.classes.values())

    def features(self, images: Tensor) -> Tensor:
        """(n, 3, EDGE, EDGE) in -1..1 -> (n, f): mean and maximum over the picture."""
        x = self.trunk(images)
        return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        """(n, 3, EDGE, EDGE) in -1..1 -> attribute -> (n, classes) logits."""
        seen = self.features(images)
        return {name: head(seen) for name, head in zip(self.classes, self.heads, strict=True)}

    @torch.no_grad()
    def read(self, pictures: Sequence[UInt8]) -> list[dict[str, str]]:
        """Attribute -> class of every picture, (H, W, 3) uint8 RGB each."""
        logits = self(small(pictures))
        return [
            {name: self.classes[name][int(values[row].argmax())] for name, values in logits.items()}
            for row in range(len(pictures))
        ]


def small(pictures: Sequence[UInt8]) -> Tensor:
    """Pictures as the judge wants them, (n, 3, EDGE, EDGE) in -1..1."""
    pixels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
    return nn.functional.interpolate(pixels, size=EDGE, mode="area")


def labels(character: Character) -> dict[str, str]:
    """What the judge should read off a portrait of a character; what it cannot have is left out."""
    found = {
        "kind": character.kind,
        "glasses": _yes(character.glasses not in ("none", "monocle")),
    }
    if character.kind != "human":
        color = _color(character)
        return {**found, "color": color} if color else found
    young, old = _AGES
    found["gender"] = character.gender
    found["age"] = "child" if character.age < young else "old" if character.age > old else "adult"
    found["skin"] = "light" if character.skin < _LIGHT else "tan" if character.skin < _DARK else "dark"
    found["beard"] = _yes(character.beard in ("full", "long", "goatee"))
    found["hat"] = _yes(character.hat not in ("none", "flower", "bow", "headphones", "antenna", "leaf"))
    if found["hat"] == "no":
        found["bald"] = _yes(character.hair in _BALD)
    if character.hair not in (*_BALD, "buzz") and character.hat not in _COVERED:
        found["hair color"] = character.hair_color.removeprefix("dark ")
    return found


def _color(character: Character) -> str:
    """The colour word of the body; empty where its kind has none for this variant."""
    words = [
        word for word, variant in KINDS[character.kind].colors.items() if variant == character.variant % 4
    ]
    named = [_SAME.get(word, word) for word in (character.tint, *words) if word]
    return next((word for word in named if word in _CLASSES["color"]), "")


def _yes(shown: bool) -> str:
    return "yes" if shown else "no"


def loss_of(
    logits: Mapping[str, Tensor], wanted: Sequence[Mapping[str, str]], judge: AttributeJudge
) -> Tensor:
    """Mean cross entropy over the attributes that each picture has.

    Args:
        logits: From `AttributeJudge.forward`.
        wanted: `labels` of every picture.
        judge: Knows the classes.
    """
    entropy: Callable[..., Tensor] = nn.functional.cross_entropy
    total: list[Tensor] = []
    for name, values in logits.items():
        number = {word: i for i, word in enumerate(judge.classes[name])}
        target = [number.get(row.get(name, ""), -100) for row in wanted]
        if any(value >= 0 for value in target):
            total.append(entropy(values, torch.tensor(target, device=values.device)))
    return cast("Tensor", torch.stack(total).sum())
