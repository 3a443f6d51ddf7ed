"""Motion to frames on a face drawn by a formula."""

from dataclasses import replace

import numpy as np
import pytest
from tiny.lipsync_face import landmarks, portrait, tone, units

from chatanything.lipsync import RENDERERS
from chatanything.lipsync.attention import AttentionRenderer
from chatanything.lipsync.geometry import Geometry
from chatanything.lipsync.motion import RuleMotion
from chatanything.lipsync.references import make_references
from chatanything.lipsync.warp import WarpRenderer
from chatanything.measures import inter_ocular, opening
from chatanything.types import Delivery, Float32, Motion, Portrait, ReferenceSet, Speech, Temperament, UInt8
from chatanything.visemes import INDEX, REFERENCE_VISEMES, VISEMES, blendshape_vector


@pytest.fixture(scope="module")
def face() -> Portrait:
    return portrait(256)


@pytest.fixture(scope="module")
def made(face: Portrait) -> ReferenceSet:
    return make_references(face)


@pytest.fixture(scope="module")
def renderer(face: Portrait, made: ReferenceSet) -> WarpRenderer:
    return WarpRenderer(face, made)


def _motion(*shapes: Float32, head: Float32 | None = None, gaze: Float32 | None = None) -> Motion:
    count = len(shapes)
    return Motion(
        25.0,
        np.stack(shapes).astype(np.float32),
        np.zeros((count, 6), np.float32) if head is None else head.astype(np.float32),
        np.zeros((count, 2), np.float32) if gaze is None else gaze.astype(np.float32),
    )


def _shape(viseme: str, **more: float) -> Float32:
    return blendshape_vector({**VISEMES[viseme], **more})


def _images(renderer: WarpRenderer, motion: Motion) -> list[UInt8]:
    return [frame.image for frame in renderer.frames(motion)]


def _dark(image: UInt8, size: int = 256) -> int:
    """Pixels of the mouth's inside."""
    region = image[int(0.6 * size) : int(0.9 * size), int(0.36 * size) : int(0.64 * size)]
    return int((region.max(axis=2) < 90).sum())


def _change(first: UInt8, second: UInt8) -> Float32:
    return np.abs(first.astype(np.float32) - second).max(axis=2)


def test_table_gives_the_renderer() -> None:
    assert RENDERERS.first_with("still").name == "attention"
    assert RENDERERS.factory("attention") is AttentionRenderer
    assert RENDERERS.factory("warp") is WarpRenderer


def test_made_references_have_order_and_openings(face: Portrait, made: ReferenceSet) -> None:
    assert {ref.name for ref in made.lips} == set(REFERENCE_VISEMES)
    openings = {ref.name: ref.opening for ref in made.lips}
    assert made.lips[0].name == "PP"
    assert openings["PP"] < 0.03
    assert openings["aa"] == max(openings.values())
    assert openings["PP"] < openings["FF"] < openings["ih"] < openings["E"] < openings["aa"]
    assert 0.15 < openings["aa"] < 0.5
    for ref in (*made.lips, *made.face):
        assert ref.image.shape == face.image.shape
        assert ref.image.dtype == np.uint8
        assert ref.landmarks.shape == (478, 3)
        assert ref.opening == pytest.approx(opening(ref.landmarks))
    assert [ref.name for ref in made.face][1] == "blink"
    np.testing.assert_array_equal(made.face[0].image, face.image)


def test_made_mouths_have_an_inside_and_rounded_ones_are_narrow(made: ReferenceSet) -> None:
    by_name = {ref.name: ref for ref in made.lips}
    assert _dark(by_name["aa"].image) > 5 * max(1, _dark(by_name["PP"].image))
    width = {name: float(np.ptp(ref.landmarks[[61, 291], 0])) for name, ref in by_name.items()}
    assert width["ou"] < width["PP"] < width["ih"]


def test_made_lids_cover_the_eyes(face: Portrait, made: ReferenceSet) -> None:
    blink = made.face[1]
    for corner in (33, 263):
        side = 1 if corner == 263 else -1
        x = int(face.landmarks[corner, 0] - side * 0.045 * 256)
        y = int(face.landmarks[corner, 1])
        assert face.image[y, x].max() < 120  # the iris
        assert blink.image[y - 2, x].min() > 90  # skin


def test_references_depend_on_nothing_but_the_portrait(face: Portrait, made: ReferenceSet) -> None:
    again = make_references(face)
    for first, second in zip((*made.lips, *made.face), (*again.lips, *again.face), strict=True):
        assert first.image.tobytes() == second.image.tobytes()


def test_rest_is_the_portrait(face: Portrait, renderer: WarpRenderer) -> None:
    (image,) = _images(renderer, _motion(np.zeros(52, np.float32)))
    assert image.shape == (256, 256, 3)
    assert image.dtype == np.uint8
    difference = _change(image, face.image)
    assert difference.mean() < 1.5
    assert np.percentile(difference, 99) < 40


def test_mouth_opens_and_only_the_mouth(face: Portrait, renderer: WarpRenderer) -> None:
    rest, wide, shut = _images(renderer, _motion(np.zeros(52, np.float32), _shape("aa"), _shape("PP")))
    assert _dark(wide) > _dark(rest) + 150
    assert _dark(shut) <= _dark(rest) + 10
    upper = slice(0, int(face.landmarks[1, 1]) - 40)
    assert _change(wide, rest)[upper].max() <= 2


def test_geometry_reaches_the_references(face: Portrait, made: ReferenceSet) -> None:
    geometry = Geometry(face, made)
    shapes = [_shape(ref.name) for ref in made.lips]
    for pose, ref in zip(geometry.poses(_motion(*shapes)), made.lips, strict=True):
        assert opening(pose.landmarks) == pytest.approx(ref.opening, abs=0.035), ref.name
        assert pose.mix.min() >= 0
        assert pose.mix.sum() <= 1 + 1e-5


def test_a_blink_shuts_the_eyes_step_by_step(face: Portrait, renderer: WarpRenderer) -> None:
    steps = _images(renderer, _motion(*(_shape("sil", eyeBlink=k / 4) for k in range(5))))
    eyes = face.landmarks[[33, 263, 159, 145], :2]
    low, high = eyes.min(axis=0).astype(int) - 2, eyes.max(axis=0).astype(int) + 3
    white = [int((image[low[1] : high[1], low[0] : high[0]].min(axis=2) > 225).sum()) for image in steps]
    assert white == sorted(white, reverse=True)
    assert white[-1] < 0.1 * white[0]


def test_gaze_moves_the_iris_the_right_way(face: Portrait, renderer: WarpRenderer) -> None:
    gaze = np.array([(-1, 0), (0, 0), (1, 0)], np.float32)
    images = _images(renderer, _motion(*np.zeros((3, 52), np.float32), gaze=gaze))
    y = int(face.landmarks[33, 1])
    x0, x1 = int(face.landmarks[33, 0]) + 2, int(face.landmarks[133, 0]) - 2
    centers = []
    for image in images:
        dark = image[y - 3 : y + 4, x0:x1].max(axis=2) < 120
        centers.append(float(np.nonzero(dark)[1].mean()))
    assert centers[0] + 1 < centers[1] < centers[2] - 1


def test_the_head_moves_over_a_still_background(face: Portrait, renderer: WarpRenderer) -> None:
    head = np.zeros((2, 6), np.float32)
    head[1, 3] = 0.06
    rest, moved = _images(renderer, _motion(*np.zeros((2, 52), np.float32), head=head))
    change = _change(moved, rest)
    assert change[:20].max() <= 2
    assert change[-8:].max() <= 2
    y = int(face.landmarks[33, 1])
    edge = [int(np.flatnonzero(image[y, :, 0] > 180)[0]) for image in (rest, moved)]
    assert edge[1] - edge[0] == pytest.approx(0.06 * inter_ocular(face.landmarks), abs=1.6)


@pytest.mark.parametrize("masks", [True, False])
def test_nothing_breaks_it(face: Portrait, masks: bool) -> None:
    subject = face if masks else Portrait(face.image, face.landmarks, face.face_box)
    drawn = WarpRenderer(subject, make_references(subject))
    shapes = [np.ones(52, np.float32), np.zeros(52, np.float32), *np.eye(52, dtype=np.float32)]
    head = np.zeros((len(shapes), 6), np.float32)
    head[:, :3] = np.where(np.arange(len(shapes)) % 2, 0.5, -0.5)[:, None]
    head[0, 3:] = (0.5, -0.5, 0.3)
    gaze = np.tile(np.array([(1, -1)], np.float32), (len(shapes), 1))
    images = _images(drawn, _motion(*shapes, head=head, gaze=gaze))
    assert len(images) == 54
    for image in images:
        assert image.shape == (256, 256, 3)
        assert image.dtype == np.uint8
        assert image.std() > 15
    for pose in Geometry(subject, make_references(subject)).poses(_motion(*shapes)):
        assert np.isfinite(pose.landmarks).all()


def test_a_sentence_end_to_end(renderer: WarpRenderer) -> None:
    timing = units("M AY B IH G B L UW B OW T")
    speech = Speech(tone(timing), 16000, timing)
    motion = RuleMotion().motion(
        speech, delivery=Delivery(head_motion=0.0), temperament=Temperament(), fps=25.0, seed=3
    )
    seen: list[tuple[str, int, int]] = []
    frames = list(renderer.frames(motion, lambda stage, done, total, *_: seen.append((stage, done, total))))
    assert [frame.pts for frame in frames] == list(range(len(motion)))
    assert seen[-1] == ("render", len(motion), len(motion))
    dark = np.array([_dark(frame.image) for frame in frames])
    top = np.percentile(dark, 95)
    assert top > 100
    for unit in timing:
        span = dark[max(0, int(unit.start_s * 25) - 1) : int(np.ceil(unit.end_s * 25)) + 1]
        if unit.text in ("M", "B"):
            assert span.min() <= 0.25 * top, unit
    assert dark[0] <= 0.1 * top
    assert dark[-1] <= 0.1 * top
    again = [frame.image.tobytes() for frame in renderer.frames(motion)]
    assert again == [frame.image.tobytes() for frame in frames]


@pytest.mark.parametrize("size", [128, 512])
def test_other_sizes(size: int) -> None:
    face = portrait(size)
    drawn = WarpRenderer(face, make_references(face))
    wide, shut = _images(drawn, _motion(_shape("aa"), _shape("PP", eyeBlink=1.0)))
    assert wide.shape == shut.shape == (size, size, 3)
    assert _dark(wide, size) > 3 * max(1, _dark(shut, size))
    assert INDEX["jawOpen"] == int(np.argmax(_shape("aa")))


def test_the_drawn_face_itself() -> None:
    points = landmarks(256)
    assert opening(points) < 0.01
    assert inter_ocular(points) == pytest.approx(0.31 * 256, rel=0.05)


def test_what_a_reference_shows_beside_the_lips_is_not_taken_over() -> None:
    face = portrait(256)
    made = make_references(face)
    x, y = (int(value) for value in face.landmarks[13, :2] + (0.55 * inter_ocular(face.landmarks), 0))
    spotted = []
    for one in made.lips:
        image = one.image.copy()
        image[y - 3 : y + 3, x - 3 : x + 3] = (0, 255, 0)
        spotted.append(replace(one, image=image))
    references = replace(made, lips=tuple(spotted))
    shape = _shape("aa")
    for expert, shown in (("human", False), ("template", True)):
        (picture,) = _images(WarpRenderer(replace(face, expert=expert), references), _motion(shape))
        green = picture[..., 1].astype(int) - picture[..., 0]
        assert bool(green[y - 8 : y + 8, x - 8 : x + 8].max() > 100) is shown


def test_a_spread_mouth_is_not_filled_from_round_lips() -> None:
    face = portrait(256)
    patches = WarpRenderer(face, make_references(face)).patches
    names = ["portrait", *(one.name for one in make_references(face).lips)]
    for wanted, unwanted in (("ih", "ou"), ("ou", "ih")):
        (pose,) = patches.geometry.poses(_motion(_shape(wanted)))
        _, chosen = patches.mouth(pose, 3)
        assert names.index(wanted) in chosen
        assert names.index(unwanted) not in chosen
