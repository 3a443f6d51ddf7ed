"""Drawn portraits and their references."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chatanything.errors import FaceError
from chatanything.face.backends.template import TemplateEngine
from chatanything.face.check import check_landmarks
from chatanything.face.contours import EYE_LEFT, EYE_RIGHT, LIPS_INNER_LOWER, LIPS_INNER_UPPER, exact
from chatanything.face.generate import DrawnFace
from chatanything.face.kit import render, rig, shapes
from chatanything.face.kit.params import Character, from_dict
from chatanything.face.landmarks import FaceDetector
from chatanything.measures import opening
from chatanything.types import LookBrief
from chatanything.visemes import REFERENCE_VISEMES

pytestmark = pytest.mark.weights
APPLE = LookBrief("a green apple", species="apple")


def test_portrait_is_whole(keeper: DrawnFace) -> None:
    portrait = keeper.portrait
    assert portrait.image.shape == (192, 192, 3)
    assert portrait.image.dtype == np.uint8
    assert portrait.landmarks.shape == (478, 3)
    assert portrait.landmarks.dtype == np.float32
    assert (portrait.guide, portrait.expert, portrait.seed) == ("human", "template", 3)
    assert check_landmarks(portrait.landmarks, 192, 192).ok
    x0, y0, x1, y1 = portrait.face_box
    assert 0 <= x0 < x1 <= 192
    assert 0 <= y0 < y1 <= 192


def test_masks_split_head_and_background(keeper: DrawnFace) -> None:
    head, background = keeper.portrait.masks["head"], keeper.portrait.masks["background"]
    assert head.dtype == background.dtype == np.bool_
    assert not (head & background).any()
    tip = keeper.portrait.landmarks[1, :2].astype(int)
    assert head[tip[1], tip[0]]
    assert background[5, 5]
    assert not head[187, 96]  # the sweater does not move with the head


def test_references_in_order(keeper: DrawnFace) -> None:
    assert tuple(reference.name for reference in keeper.references.lips) == REFERENCE_VISEMES
    assert tuple(reference.name for reference in keeper.references.face) == ("neutral", "blink")
    assert len({reference.image.tobytes() for reference in keeper.references.lips}) == 8
    assert np.array_equal(keeper.references.face[0].image, keeper.portrait.image)


@pytest.mark.parametrize("name", ["keeper", "apple"])
def test_openings_go_from_closed_to_wide(name: str, request: pytest.FixtureRequest) -> None:
    drawn: DrawnFace = request.getfixturevalue(name)
    gap = {reference.name: reference.opening for reference in drawn.references.lips}
    assert gap["PP"] < 0.01
    assert gap["PP"] < gap["FF"] < gap["SS"] < gap["ih"] < gap["E"] < gap["oh"] < gap["aa"]
    assert gap["aa"] > 0.25
    assert max(reference.opening for reference in drawn.references.face) < 0.05


def test_a_blink_closes_both_eyes_only(keeper: DrawnFace) -> None:
    neutral, blink = keeper.references.face
    for contour in (EYE_RIGHT, EYE_LEFT):
        height = [np.ptp(face.landmarks[list(contour), 1]) for face in (neutral, blink)]
        assert height[1] < 0.5 * height[0]
    changed = (neutral.image != blink.image).any(axis=2)
    rows = np.flatnonzero(changed.any(axis=1))
    mouth = keeper.portrait.landmarks[13, 1]
    assert len(rows) > 0
    assert rows.max() < mouth


def test_references_change_only_near_the_mouth(keeper: DrawnFace) -> None:
    eyes = keeper.portrait.landmarks[[33, 263], 1].mean()
    for reference in keeper.references.lips:
        changed = (reference.image != keeper.portrait.image).any(axis=2)
        assert changed.any()
        assert np.flatnonzero(changed.any(axis=1)).min() > eyes


def test_a_boxed_reference_equals_a_full_drawing(apple: DrawnFace) -> None:
    """What the box leaves out must not differ visibly from tracing everything again."""
    character = from_dict(apple.recipe["character"])
    rest = {k: v for k, v in character.expression.items() if k != "jawOpen"}
    character.expression = rig.blend_visemes({"aa": 1.0}, rest)
    full = render.render(shapes.build(character), 128).image.astype(int)
    boxed = next(reference for reference in apple.references.lips if reference.name == "aa")
    difference = np.abs(full - boxed.image.astype(int)).max(axis=2)
    assert (difference > 24).mean() < 0.002


def test_lip_landmarks_are_those_of_the_drawing(apple: DrawnFace) -> None:
    character = from_dict(apple.recipe["character"])
    frame = render.render(shapes.build(character), 128)
    landmarks = apple.portrait.landmarks[:, :2]
    assert np.abs(landmarks[list(LIPS_INNER_UPPER)] - frame.landmarks["lip_in_up"]).max() < 0.5
    assert np.abs(landmarks[list(LIPS_INNER_LOWER[1:-1])] - frame.landmarks["lip_in_lo"][1:-1]).max() < 0.01
    assert np.abs(landmarks[list(EYE_RIGHT)] - frame.landmarks["eye_r"]).max() < 0.01


def test_exact_moves_the_surroundings_along(apple: DrawnFace) -> None:
    character = from_dict(apple.recipe["character"])
    drawn = render.render(shapes.build(character), 128).landmarks
    found = apple.portrait.landmarks.copy()
    found[:, 0] += 2.0
    back = exact(found, drawn)
    assert back[13, 0] == pytest.approx(apple.portrait.landmarks[13, 0], abs=0.01)
    near, far = back[11, 0] - found[11, 0], back[10, 0] - found[10, 0]
    assert -2.1 < near < -1.0  # just above the upper lip
    assert abs(far) < 0.7  # top of the forehead


def test_same_seed_same_bytes(apple: DrawnFace) -> None:
    again = TemplateEngine().portrait(APPLE, size=128, seed=11)
    assert again.portrait.image.tobytes() == apple.portrait.image.tobytes()
    assert again.portrait.landmarks.tobytes() == apple.portrait.landmarks.tobytes()
    for one, two in zip(again.references.lips, apple.references.lips, strict=True):
        assert one.image.tobytes() == two.image.tobytes()


def test_recipe_draws_the_same_face(apple: DrawnFace) -> None:
    recipe = json.loads(json.dumps(apple.recipe))
    again = TemplateEngine().redraw(recipe, size=128)
    assert again.portrait.image.tobytes() == apple.portrait.image.tobytes()
    assert again.portrait.seed == apple.portrait.seed
    assert again.recipe == apple.recipe


def test_other_seeds_differ() -> None:
    from chatanything.face.look import design

    pictures = [render.render(shapes.build(design(APPLE, seed)), 64).image for seed in range(4)]
    for i, one in enumerate(pictures):
        for two in pictures[i + 1 :]:
            assert np.abs(one.astype(int) - two.astype(int)).mean() > 2


def test_progress_counts_every_picture() -> None:
    calls: list[tuple[str, int, int]] = []
    TemplateEngine().portrait(
        APPLE,
        size=64,
        seed=1,
        progress=lambda stage, done, total, note="": calls.append((stage, done, total)),
    )
    assert {stage for stage, _, _ in calls} == {"face"}
    done = [number for _, number, _ in calls]
    assert done == sorted(done)
    assert calls[-1][1] == calls[-1][2] == len(REFERENCE_VISEMES) + 2


@pytest.mark.parametrize("recipe", [{}, {"seed": 1}, {"seed": 1, "character": {"kind": "human"}}])
def test_a_broken_recipe_is_an_error(recipe: dict[str, object]) -> None:
    with pytest.raises(FaceError, match="recipe"):
        TemplateEngine().redraw(recipe, size=64)


def test_recipe_refuses_unknown_names() -> None:
    raw = Character().to_dict()
    assert from_dict(raw) == Character()
    with pytest.raises(TypeError):
        from_dict({**raw, "wings": 2})
    recipe = {"seed": 1, "character": {**raw, "kind": "unknown"}}
    with pytest.raises(FaceError, match="recipe"):
        TemplateEngine().redraw(recipe, size=64)


def test_a_moustache_never_makes_the_mouth_read_as_open() -> None:
    brief = LookBrief(species="human", text="a wizard with a long white beard", gender="male", age="old")
    drawn = TemplateEngine().portrait(brief, size=192, seed=3)
    character = drawn.recipe["character"]
    with FaceDetector() as detector:
        (face,) = detector.detect(drawn.portrait.image)
    assert opening(face.landmarks) < 0.06
    assert character["beard"] == "long"
    assert character["shaven"] == (drawn.portrait.attempts > 1)
