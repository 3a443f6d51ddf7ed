"""Character parameters.

Lengths are in head units (half a human head is about 1.1), angles in degrees, colours '#rrggbb' sRGB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

HAIR_STYLES = (
    "bald", "short", "buzz", "bob", "long", "bun", "curly", "ponytail", "mohawk", "quiff", "afro",
    "side part", "slicked back", "undercut", "spiky", "pixie", "bowl", "receding", "balding", "wavy",
    "bangs", "topknot", "space buns", "pigtails", "braids", "ringlets", "afro puffs", "dreadlocks",
)  # fmt: skip
BEARDS = ("none", "moustache", "goatee", "full", "long", "handlebar")
HATS = (
    "none", "cap", "sailor", "beanie", "crown", "leaf", "antenna", "fedora", "top hat", "straw hat",
    "beret", "chef", "wizard", "hard hat", "police", "cowboy", "headphones", "flower", "bow",
    "headscarf", "turban",
)  # fmt: skip
LOOSE_HATS = ("none", "leaf", "antenna", "headphones", "flower", "bow")
"""Worn on the hair: they do not press it flat."""
GLASSES = ("none", "round", "square", "cat-eye", "aviator", "monocle")
OUTFITS = (
    "plain", "sweater", "shirt", "suit", "hoodie", "dress", "uniform", "lab coat", "apron", "scarf",
)  # fmt: skip
FACES = ("oval", "round", "square", "heart", "long")
# skin tone (name, base, hair colours and iris colours that go with it)
SKINS = (
    ("porcelain", "#f6d5c3", ("blonde", "red", "brown"), ("blue", "green", "grey")),
    ("fair", "#f1c3a4", ("blonde", "red", "brown", "black"), ("blue", "green", "hazel", "brown")),
    ("light", "#e8b08a", ("blonde", "brown", "black"), ("blue", "hazel", "brown")),
    ("tan", "#d4976c", ("brown", "black"), ("hazel", "brown")),
    ("olive", "#c08a5b", ("brown", "black"), ("hazel", "brown")),
    ("brown", "#9c6440", ("dark brown", "black"), ("brown", "dark brown")),
    ("dark brown", "#74452b", ("black", "dark brown"), ("dark brown", "brown")),
    ("deep", "#52301f", ("black",), ("dark brown",)),
)
HAIR_COLORS = {
    "blonde": "#e3b45f",
    "red": "#b34a1e",
    "brown": "#5f3820",
    "dark brown": "#33201a",
    "black": "#1b1614",
    "grey": "#a8a6a6",
    "white": "#e8e6e2",
}
IRIS_COLORS = {
    "blue": "#3d86c6",
    "green": "#4f9150",
    "grey": "#7b8d99",
    "hazel": "#97692e",
    "brown": "#6a3a19",
    "dark brown": "#40220f",
    "amber": "#d08a1c",
    "violet": "#7a4fc0",
    "cyan": "#2bb5c4",
}
CLOTH_COLORS = {
    "red": "#c93838",
    "blue": "#2f62b8",
    "navy": "#22315c",
    "green": "#3c8a52",
    "yellow": "#e8b832",
    "white": "#e8e8ea",
    "black": "#2c2c32",
    "purple": "#7248a8",
    "teal": "#2a8f8f",
    "pink": "#e07a9b",
}
BACKGROUNDS = {
    "sky blue": ("#bfe0f7", "#8fc0ea"),
    "peach": ("#fbdcc5", "#f2b494"),
    "mint": ("#cdeedd", "#8fd0b4"),
    "lavender": ("#ddd5f5", "#b0a2e0"),
    "cream": ("#f7efdc", "#e6d3ab"),
    "rose": ("#f9d3dc", "#e99fb2"),
    "teal": ("#8fcfd0", "#3d8f98"),
    "slate": ("#8d99ab", "#4d5a70"),
    "night": ("#44508c", "#20264e"),
}


@dataclass
class Eyes:
    """Eyes; factors on the usual face unless noted."""

    size: float = 1.0  # 0.8..1.35, scale of eyeball and opening
    spacing: float = 1.0  # 0.9..1.12
    iris: str = "brown"  # key of IRIS_COLORS
    iris_size: float = 1.0  # 0.8..1.25
    tilt: float = 0.0  # -1..1, outer corner down..up
    openness: float = 1.0  # 0.7..1.2


@dataclass
class Brows:
    """Eyebrows."""

    thickness: float = 1.0  # 0.5..1.8
    arch: float = 0.5  # 0 flat .. 1 arched
    raise_: float = 0.0  # -0.5..1
    slant: float = 0.0  # -1 sad .. 1 stern


@dataclass
class Nose:
    """The nose; factors on the usual face unless noted."""

    size: float = 1.0  # 0.7..1.4
    width: float = 1.0  # 0.7..1.4
    length: float = 1.0  # 0.8..1.25
    upturn: float = 0.0  # -1..1


@dataclass
class Mouth:
    """The mouth; factors on the usual face."""

    width: float = 1.0  # 0.8..1.25
    upper: float = 1.0  # 0.5..1.7 upper lip thickness
    lower: float = 1.0  # 0.5..1.7 lower lip thickness


@dataclass
class Character:
    """Everything that `shapes.build` needs to draw one character."""

    kind: str = "human"
    gender: str = "neutral"  # "man", "woman", "neutral"
    age: float = 0.3  # 0 child .. 1 very old (wrinkles, grey hair)
    skin: int = 2  # index of SKINS (human)
    variant: int = 0  # colour variant of non-human kinds (its builder)
    head_width: float = 1.0  # 0.9..1.12
    jaw_width: float = 1.0  # 0.85..1.2
    chin: float = 1.0  # 0.8..1.25 size
    cheeks: float = 1.0  # 0.8..1.3
    ears: float = 1.0  # 0.8..1.4 size
    eyes: Eyes = field(default_factory=Eyes)
    brows: Brows = field(default_factory=Brows)
    nose: Nose = field(default_factory=Nose)
    mouth: Mouth = field(default_factory=Mouth)
    hair: str = "short"
    hair_color: str = "brown"
    beard: str = "none"
    shaven: bool = False  # no hair on the upper lip, whatever the beard
    glasses: str = "none"
    hat: str = "none"
    lipstick: bool = False
    freckles: float = 0.0  # 0..1
    lashes: float = 0.4  # 0..1
    shoulders: bool = True
    cloth: str = "blue"
    outfit: str = "plain"
    face: str = "oval"  # one of FACES
    build: float = 0.0  # -1 thin .. 1 heavy (face, neck, shoulders)
    stubble: float = 0.0  # 0..1
    makeup: float = 0.0  # 0..1 eye shadow and rouge
    mole: bool = False
    scar: bool = False
    tint: str = ""  # key of generic.TINTS, of generic bodies; empty: by material or variant
    stuff: str = ""  # key of generic.STUFFS, of generic bodies
    background: str = "sky blue"
    yaw: float = 0.0  # + turns to the viewer's right, -25..25
    pitch: float = 0.0  # + looks down
    roll: float = 0.0  # + tilts clockwise
    light: tuple[float, float] = (-35.0, 40.0)  # azimuth, elevation of the key light in degrees
    zoom: float = 1.0  # 0.8..1.3
    expression: dict[str, float] = field(default_factory=dict)  # rig.SHAPES name -> 0..1

    def to_dict(self) -> dict[str, Any]:
        """Plain nested dictionary (for JSON)."""
        return asdict(self)


def from_dict(raw: Mapping[str, Any]) -> Character:
    """The inverse of `Character.to_dict`.

    Raises:
        TypeError: A name that is no parameter.
        KeyError: A part is missing.
    """
    parts = {"eyes": Eyes, "brows": Brows, "nose": Nose, "mouth": Mouth}
    fields: dict[str, Any] = {**raw, "light": tuple(raw["light"])}
    for name, cls in parts.items():
        fields[name] = cls(**raw[name])
    return Character(**fields)
