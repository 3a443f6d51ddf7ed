"""Character -> scene: body, face, hair, what it wears, landmark anchors."""

from __future__ import annotations

from chatanything.face.kit.backdrops import backdrop
from chatanything.face.kit.beard import add_beard
from chatanything.face.kit.builder import Scene, SceneBuilder
from chatanything.face.kit.face import add_face
from chatanything.face.kit.glasses import add_glasses
from chatanything.face.kit.hair import add_hair
from chatanything.face.kit.hats import add_hat
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.marks import add_marks
from chatanything.face.kit.params import Character
from chatanything.face.kit.rig import curves
from chatanything.face.kit.shoulders import add_shoulders
from chatanything.face.kit.site import Site


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
        add_marks(site)
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
        backdrop(c.background),
        -0.15 if c.shoulders else 0.06,
        (1.75 if c.shoulders else 1.62) / c.zoom,
    )
