"""The attention renderer with an untrained network: it begins as the warp renderer and keeps its promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny.lipsync_face import portrait

from chatanything.image_quality import psnr, ssim
from chatanything.lipsync.attention import AttentionRenderer
from chatanything.lipsync.attention_net import MULTIPLE, LipNet
from chatanything.lipsync.patch_batch import SOURCES, patch_input, to_batch
from chatanything.lipsync.patches import EYE_PICTURES, FacePatches, mixed
from chatanything.lipsync.references import make_references
from chatanything.lipsync.topology import EYES, OUTER_LIPS
from chatanything.lipsync.warp import WarpRenderer
from chatanything.types import Motion, Portrait, ReferenceSet
from chatanything.visemes import VISEMES, blendshape_vector

NAMES = ("sil", "PP", "aa", "ou")


@pytest.fixture(scope="module", params=[256, 512])
def face(request: pytest.FixtureRequest) -> Portrait:
    return portrait(request.param)


@pytest.fixture(scope="module")
def made(face: Portrait) -> ReferenceSet:
    return make_references(face)


@pytest.fixture(scope="module")
def net() -> LipNet:
    torch.manual_seed(0)
    return LipNet(width=8, channels=(8, 8, 16)).eval()


@pytest.fixture(scope="module")
def motion() -> Motion:
    shapes = [blendshape_vector(VISEMES[name]) for name in NAMES]
    shapes[1] = blendshape_vector({**VISEMES["PP"], "eyeBlink": 1.0})
    gaze = np.array([[0, 0], [0, 0], [0.4, 0.1], [-0.4, 0]], np.float32)
    return Motion(25.0, np.stack(shapes), np.zeros((len(shapes), 6), np.float32), gaze)


def test_without_learning_it_is_the_warp(
    face: Portrait, made: ReferenceSet, net: LipNet, motion: Motion
) -> None:
    warp, attention = WarpRenderer(face, made), AttentionRenderer(face, made, net)
    for pose in warp.patches.geometry.poses(motion):
        ours, theirs = attention.face(pose), warp.face(pose)
        assert psnr(ours, theirs, warp.patches.mouth_box) > 27  # five mouths are mixed instead of two
        assert psnr(ours, theirs, warp.patches.eye_box) > 38
        assert ssim(ours, theirs, warp.patches.eye_box) > 0.98


def test_what_lies_outside_mouth_and_eyes_is_the_portrait(
    face: Portrait, made: ReferenceSet, net: LipNet, motion: Motion
) -> None:
    attention = AttentionRenderer(face, made, net)
    still = np.ones(face.image.shape[:2], bool)
    for x0, y0, x1, y1 in (attention.patches.mouth_box, attention.patches.eye_box):
        still[y0:y1, x0:x1] = False
    drawn = attention.face(attention.patches.geometry.poses(motion)[2])
    assert np.array_equal(drawn[still], face.image[still])


def test_the_same_motion_gives_the_same_bytes(
    face: Portrait, made: ReferenceSet, net: LipNet, motion: Motion
) -> None:
    first, second = (
        [frame.image.tobytes() for frame in AttentionRenderer(face, made, net).frames(motion)]
        for _ in range(2)
    )
    assert first == second
    assert len(set(first)) == len(NAMES)


def test_what_did_not_change_is_not_painted_again(
    face: Portrait, made: ReferenceSet, net: LipNet, motion: Motion
) -> None:
    renderer, painted = AttentionRenderer(face, made, net), list[str]()
    handles = [
        part.register_forward_hook(lambda *_, region=region: painted.append(region))
        for region, part in net.attention.items()
    ]
    poses = renderer.patches.geometry.poses(motion)
    try:
        pictures = [renderer.face(poses[number]) for number in (1, 1, 2, 3, 1)]
    finally:
        for handle in handles:
            handle.remove()
    assert sorted(painted) == ["eyes"] * 4 + ["lips"] * 4
    for number, picture in zip((1, 1, 2, 3, 1), pictures, strict=True):
        assert np.array_equal(picture, AttentionRenderer(face, made, net).face(poses[number]))


def test_speech_leaves_the_eyes_alone(face: Portrait, made: ReferenceSet, net: LipNet) -> None:
    shapes = np.stack([blendshape_vector(VISEMES[name]) for name in NAMES])
    poses = AttentionRenderer(face, made, net).patches.geometry.poses(
        Motion(25.0, shapes, np.zeros((len(shapes), 6), np.float32), np.zeros((len(shapes), 2), np.float32))
    )
    eyes = [i for eye in EYES for i in eye]
    lips = list(OUTER_LIPS)
    for pose in poses[2:]:
        assert np.array_equal(pose.landmarks[eyes], poses[0].landmarks[eyes])
        assert np.abs(pose.landmarks[lips] - poses[0].landmarks[lips]).max() > 1


def test_characters_drawn_together_look_as_if_drawn_alone(
    face: Portrait, made: ReferenceSet, net: LipNet, motion: Motion
) -> None:
    # The other one's mouth box is smaller, so that it is padded in the batch.
    one, other = AttentionRenderer(face, made, net), AttentionRenderer(face, made, net)
    x0, y0, x1, y1 = other.patches.mouth_box
    other.patches.mouth_box = (x0, y0, x1 - 9, y1 - 5)
    other.patches.mouth_alpha = other.patches.mouth_alpha[: y1 - y0 - 5, : x1 - x0 - 9]
    poses = one.patches.geometry.poses(motion)
    jobs = [(one, poses[1], motion.head[1]), (other, poses[2], motion.head[2])]
    for (renderer, pose, head), image in zip(jobs, AttentionRenderer.draw_together(jobs), strict=True):
        renderer.last.clear()
        alone = renderer.draw(pose, head).astype(int)
        assert np.abs(image.astype(int) - alone).max() <= 2
    assert AttentionRenderer.draw_together([]) == []


def test_shares_sum_to_one_and_patches_fit_the_network(
    face: Portrait, made: ReferenceSet, net: LipNet, motion: Motion
) -> None:
    patches = FacePatches(face, made)
    pose = patches.geometry.poses(motion)[1]
    eyes = patches.eyes(pose)
    assert np.allclose(eyes.shares.sum(axis=0), 1, atol=1e-5)
    assert mixed(eyes).shape == eyes.values.shape[1:]
    for region, count in (("lips", SOURCES), ("eyes", EYE_PICTURES)):
        x = to_batch([patch_input(patches, pose, region)], "cpu")
        assert x.values.shape[1] == count
        assert x.values.shape[3] % MULTIPLE == x.values.shape[4] % MULTIPLE == 0
        with torch.no_grad():
            shares = net.attention[region](x)
        assert torch.allclose(shares.sum(1), torch.ones(()), atol=1e-4)


def test_measures_of_pictures_know_better_from_worse(face: Portrait) -> None:
    box = (20, 20, 200, 200)
    noise = np.random.default_rng(0).normal(0, 8, face.image.shape)
    near = np.clip(face.image + noise, 0, 255).astype(np.uint8)
    far = np.clip(face.image + 4 * noise, 0, 255).astype(np.uint8)
    for measure in (psnr, ssim):
        values = [measure(picture, face.image, box) for picture in (face.image, near, far)]
        assert values == sorted(values, reverse=True)
    assert ssim(face.image, face.image, box) == pytest.approx(1.0)
