"""Random plausible characters."""

from __future__ import annotations

import random

from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import (
    BACKGROUNDS,
    CLOTH_COLORS,
    SKINS,
    Brows,
    Character,
    Eyes,
    Mouth,
    Nose,
)


def sample(rng: random.Random, kind: str | None = None, pose: float = 0.0) -> Character:
    """Random plausible character; ``pose`` 0..1 scales the head rotation range of 25 degrees."""
    u = rng.uniform
    kind = kind or rng.choice(tuple(KINDS))
    c = Character(
        kind=kind,
        variant=rng.randrange(4),
        background=rng.choice(list(BACKGROUNDS)),
        cloth=rng.choice(list(CLOTH_COLORS)),
    )
    c.eyes = Eyes(
        u(0.94, 1.14),
        u(0.96, 1.06),
        rng.choice(KINDS[kind].irises),
        u(0.9, 1.15),
        u(-0.6, 0.8),
        u(0.9, 1.1),
    )
    c.brows = Brows(u(0.7, 1.4), u(0.3, 1), u(0.0, 0.5), u(-0.6, 0.15))
    c.nose = Nose(u(0.8, 1.25), u(0.8, 1.3), u(0.9, 1.12), u(-0.5, 0.8))
    c.mouth = Mouth(u(0.88, 1.15), u(0.7, 1.3), u(0.75, 1.35))
    c.head_width, c.jaw_width, c.chin, c.cheeks, c.ears = (
        u(0.94, 1.08),
        u(0.88, 1.12),
        u(0.85, 1.2),
        u(0.85, 1.2),
        u(0.85, 1.25),
    )
    c.light = (rng.choice((-1, 1)) * u(20, 50), u(25, 50))
    body = KINDS[kind]
    c.shoulders = body.shoulders
    c.expression = {
        "mouthSmile": u(0.3, 0.85),
        "jawOpen": rng.choice((0, 0, u(0, 0.25))),
        "browInnerUp": u(0, 0.3),
    }
    if kind == "human":
        c.gender = rng.choice(("man", "woman"))
        c.age = rng.choice((u(0.05, 0.2), u(0.25, 0.5), u(0.25, 0.5), u(0.55, 0.75), u(0.8, 1.0)))
        c.skin = rng.randrange(len(SKINS))
        _, _, hairs, irises = SKINS[c.skin]
        c.hair_color = (
            rng.choice(hairs)
            if c.age < 0.6
            else rng.choice(("grey", hairs[-1]))
            if c.age < 0.8
            else rng.choice(("grey", "white"))
        )
        c.eyes.iris = rng.choice(irises)
        if c.gender == "woman":
            c.hair = rng.choice(("bob", "long", "bun", "curly", "ponytail", "afro" if c.skin > 4 else "long"))
            c.lipstick, c.lashes, c.eyes.size = rng.random() < 0.5, u(0.35, 0.75), u(1.02, 1.16)
            c.brows.thickness, c.jaw_width = u(0.6, 0.95), u(0.85, 0.98)
            c.mouth.upper, c.mouth.lower = u(0.95, 1.4), u(0.95, 1.4)
        else:
            c.hair = rng.choice(
                (
                    "short",
                    "buzz",
                    "quiff",
                    "mohawk",
                    "short",
                    "bald" if c.age > 0.5 else "quiff",
                    "curly",
                    "afro" if c.skin > 4 else "short",
                )
            )
            c.beard = (
                rng.choice(("none", "none", "moustache", "goatee", "full", "long" if c.age > 0.7 else "full"))
                if c.age > 0.22
                else "none"
            )
            c.brows.thickness = u(1.0, 1.6)
            c.lashes = u(0.0, 0.3)
        if c.age < 0.22:
            c.eyes.size *= 1.06
            c.cheeks = 1.25
            c.jaw_width *= 0.95
            c.nose.size *= 0.82
        c.freckles = u(0.4, 1) if c.skin < 3 and rng.random() < 0.3 else 0.0
        c.hat = rng.choice(("none", "none", "none", "cap", "sailor", "beanie", "crown"))
        c.glasses = rng.choice(("none", "none", "round", "square"))
    else:
        c.age = 0.3
        c.lashes = rng.choice((0.0, 0.2, 0.6))
        if kind == "alien":
            c.eyes.size = u(1.1, 1.22)
        c.hat = (
            rng.choice(("none", "none", "none", "cap", "sailor", "beanie", "crown"))
            if not body.own_top
            else "none"
        )
        c.glasses = rng.choice(("none", "none", "none", "none", "round", "square"))
    if pose:
        c.yaw, c.pitch, c.roll = u(-25, 25) * pose, u(-18, 18) * pose, u(-15, 15) * pose
    return c
