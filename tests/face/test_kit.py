"""The drawing kit by itself: no weights needed."""

from __future__ import annotations

import random

import numpy as np
import pytest

from chatanything.face.kit import rig
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.materials import PARTS, lin, mix
from chatanything.face.kit.params import BEARDS, GLASSES, HAIR_STYLES, HATS, IRIS_COLORS, Character
from chatanything.face.kit.render import render
from chatanything.face.kit.sampling import sample
from chatanything.face.kit.shapes import build


def _colored(frame_parts: np.ndarray, part: str) -> float:
    return float((frame_parts == PARTS.index(part)).mean())


def test_every_word_for_a_kind_names_one_of_its_variants() -> None:
    for kind in KINDS.values():
        variants = [*kind.names.values(), *kind.colors.values()]
        assert all(variant is None or 0 <= variant < kind.variants for variant in variants), kind.name
        assert set(kind.irises) <= set(IRIS_COLORS), kind.name
    words = [word for kind in KINDS.values() for word in {kind.name, *kind.names}]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_a_face(kind: str) -> None:
    frame = render(build(sample(random.Random(1), kind)), 48, supersample=False)
    assert frame.image.shape == (48, 48, 3)
    assert 0.2 < 1 - _colored(frame.parts, "background") < 0.95
    assert _colored(frame.parts, "sclera_iris") > 0.003
    assert _colored(frame.parts, "lips") > 0.002
    assert frame.depth[frame.parts == 0].max() == 0
    assert all(np.isfinite(points).all() for points in frame.landmarks.values())
    assert frame.landmarks["eye_r"][:, 0].max() < frame.landmarks["eye_l"][:, 0].min()


@pytest.mark.parametrize("hat", ["none", "cap"])
def test_every_hair_style_adds_something_to_a_bald_head(hat: str) -> None:
    bald = len(build(Character(hair="bald", hat=hat)).P)
    assert all(len(build(Character(hair=style, hat=hat)).P) > bald for style in HAIR_STYLES[1:])


def test_what_it_wears_is_drawn() -> None:
    for hat in HATS[1:5]:
        frame = render(build(Character(hat=hat)), 48, supersample=False)
        assert _colored(frame.parts, "hat") > 0.02, hat
    for glasses in GLASSES[1:]:
        assert _colored(render(build(Character(glasses=glasses)), 64).parts, "glasses") > 0.003, glasses
    bare = _colored(render(build(Character(hair="bald")), 48).parts, "hair")
    assert bare == 0
    for beard in BEARDS[1:]:
        frame = render(build(Character(hair="bald", beard=beard)), 48, supersample=False)
        assert _colored(frame.parts, "hair") > 0.003, beard


def test_an_open_mouth_shows_teeth_and_a_closed_one_does_not() -> None:
    wide = render(build(Character(expression={"jawOpen": 0.8})), 96, supersample=False)
    shut = render(build(Character(expression={})), 96, supersample=False)
    assert _colored(wide.parts, "teeth") > 0.001
    assert _colored(wide.parts, "mouth") > 0.003
    assert _colored(shut.parts, "teeth") == 0
    gap = wide.landmarks["lip_in_lo"][5, 1] - wide.landmarks["lip_in_up"][5, 1]
    assert gap > 5


def test_a_box_traces_only_its_pixels() -> None:
    scene = build(Character())
    base = render(scene, 64)
    marked = render(build(Character(background="night")), 64, box=(10, 20, 30, 40), base=base)
    outside = np.ones((64, 64), bool)
    outside[20:40, 10:30] = False
    assert np.array_equal(marked.image[outside], base.image[outside])
    assert not np.array_equal(marked.image[~outside], base.image[~outside])


def test_visemes_add_up_and_are_clipped() -> None:
    mixed = rig.blend_visemes({"aa": 0.5, "ou": 0.5}, {"mouthSmile": 0.9})
    assert mixed["jawOpen"] == pytest.approx(0.5 * sum(rig.VISEMES[one]["jawOpen"] for one in ("aa", "ou")))
    assert 0.1 < mixed["mouthSmile"] < 0.5  # speech takes the edge off, round lips hardly smile
    assert rig.blend_visemes({"sil": 1.0}, {"mouthSmile": 0.9})["mouthSmile"] == 0.9
    assert rig.blend_visemes({"ih": 1.0}, {"mouthSmile": 0.4})["mouthSmile"] < 0.6
    assert max(rig.blend_visemes({"aa": 3.0}).values()) == 1.0


def test_lips_meet_at_the_corners_and_never_cross() -> None:
    for viseme in rig.VISEMES:
        curve = rig.curves(Character(expression=rig.blend_visemes({viseme: 1.0})))
        gap = curve.lip_in_up[:, 1] - curve.lip_in_lo[:, 1]
        assert gap[0] == pytest.approx(0, abs=0.02)
        assert gap.min() > -0.02, viseme
        assert (curve.lip_out_up[1:-1, 1] > curve.lip_in_up[1:-1, 1]).all()


def test_colors() -> None:
    assert lin("#000000").tolist() == [0, 0, 0]
    assert lin("#ffffff").tolist() == [1, 1, 1]
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#123456", "#ffffff", 0.0) == "#123456"
