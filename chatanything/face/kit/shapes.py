"""Character -> scene: body, face, hair, what it wears, landmark anchors."""

from __future__ import annotations

import numpy as np

from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import Scene, SceneBuilder
from chatanything.face.kit.face import add_face
from chatanything.face.kit.hair import add_beard, add_hair
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.materials import mix
from chatanything.face.kit.params import BACKGROUNDS, Character
from chatanything.face.kit.rig import curves
from chatanything.face.kit.site import Site
from chatanything.face.kit.wear import add_glasses, add_hat, add_shoulders


def build(c: Character) -> Scene:
    """Build and bake a character."""
    b = SceneBuilder()
    f = curves(c)
    b.group()
    kind = KINDS[c.kind]
    h = kind.build(b, c, f.jaw)
    body, extra = b.groups[0], b.groups[1:]
    b.groups = [body]  # the face blends with the body only, not with leaves and whiskers
    site = Site(b, c, h, f)
    add_face(site)
    b.groups += extra
    if c.kind == "human":
        if c.freckles > 0:
            _freckles(b, c, h)
        add_hair(b, c)
        add_beard(site)
    if not kind.own_top or c.hat in ("leaf", "antenna"):
        add_hat(b, c, h)
    add_glasses(site)
    if c.shoulders:
        add_shoulders(b, c, h)
    return b.bake(
        c,
        site.anchors,
        BACKGROUNDS[c.background],
        -0.06 if c.shoulders else 0.06,
        (1.70 if c.shoulders else 1.62) / c.zoom,
    )


def _freckles(b: SceneBuilder, c: Character, h: Host) -> None:
    """Spots over nose and cheeks; every face has them in the same places, more or fewer."""
    rng = np.random.default_rng(7)
    color = mix(h.color, "#7c3a18", 0.6)
    for _ in range(int(26 * c.freckles)):
        x, y = rng.uniform(-0.5, 0.5), rng.uniform(-0.42, -0.16)
        b.decal(h.skin, (x, y, 0.7), (0.016, 0.016, 0.5), color, 0.6, 0.4)
