from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from chatanything.face.diffusion import maps
from chatanything.face.diffusion.codec import PatchCodec
from chatanything.face.diffusion.pipeline import FacePipeline
from chatanything.face.diffusion.request import Request
from chatanything.face.kit import render, rig, shapes
from chatanything.face.kit.params import Character
from chatanything.face.landmarks import FaceDetector
from tests.tiny.face_model import tiny_pipeline


@pytest.fixture(scope="module")
def pipeline() -> FacePipeline:
    return tiny_pipeline()


@pytest.fixture(scope="module")
def frame() -> render.Frame:
    return render.render(shapes.build(Character(expression={"mouthSmile": 0.3})), 256, supersample=False)


@pytest.fixture(scope="module")
def request_(frame: render.Frame) -> Request:
    return Request("an old man", maps.from_drawn(frame.landmarks), 0, 5, frame.image)


def test_drawn_and_detected_faces_give_the_same_map(frame: render.Frame) -> None:
    with FaceDetector() as detector:
        (face,) = detector.detect(frame.image)
    drawn, seen = maps.from_drawn(frame.landmarks), maps.from_landmarks(face.landmarks)
    assert drawn.shape == seen.shape == (maps.POINTS, 2)
    eyes = np.linalg.norm(maps.split(drawn)["iris_r"][0] - maps.split(drawn)["iris_l"][0])
    assert np.linalg.norm(drawn - seen, axis=1).mean() < 0.12 * eyes


def test_fold_and_unfold_are_inverse(frame: render.Frame) -> None:
    folded = maps.landmark_map(maps.from_drawn(frame.landmarks), 256)
    assert folded.shape == (maps.CHANNELS, 16, 16)
    assert np.array_equal(maps.fold(maps.unfold(folded)), folded)


def test_the_map_shows_how_far_a_mouth_is_open() -> None:
    inside = []
    for weight in (0.0, 0.5, 1.0):
        scene = shapes.build(Character(expression=rig.blend_visemes({"aa": weight})))
        drawn = {name: render.project(points, scene.camera, 256) for name, points in scene.anchors.items()}
        inside.append(maps.unfold(maps.landmark_map(maps.from_drawn(drawn), 256))[4].sum())
    assert inside[0] < 40 < inside[1] < inside[2]


def test_region_cells_hold_the_lips(frame: render.Frame) -> None:
    points = maps.from_drawn(frame.landmarks)
    cells = maps.region_cells(points, 256, "mouth")
    lips = maps.split(points)["lip_out_up"].astype(int) // maps.CELL
    assert (cells[lips[:, 1], lips[:, 0]] == 1).all()
    eyes = maps.split(points)["eye_r"].astype(int) // maps.CELL
    assert (cells[eyes[:, 1], eyes[:, 0]] == 0).all()


def test_patches_come_back(frame: render.Frame) -> None:
    pixels = torch.from_numpy(frame.image).permute(2, 0, 1)[None].float() / 127.5 - 1
    small = torch.nn.functional.avg_pool2d(pixels, 2)
    codec = PatchCodec(channels=192)
    codec.fit(torch.nn.functional.interpolate(pixels, size=128, mode="bicubic"))
    assert (codec.decode(codec.encode(small)) - small).abs().max() < 1e-3


def test_the_same_request_gives_the_same_bytes(pipeline: FacePipeline, request_: Request) -> None:
    first, second = pipeline([request_], steps=2), pipeline([request_], steps=2)
    assert first[0].tobytes() == second[0].tobytes()
    other = pipeline([replace(request_, seed=6)], steps=2)
    assert not np.array_equal(first[0], other[0])


def test_a_portrait_depends_on_its_own_request_only(pipeline: FacePipeline, request_: Request) -> None:
    others = [replace(request_, seed=9, text="a very young girl with long red hair and glasses"), request_]
    alone, beside = pipeline([request_], steps=2)[0], pipeline(others, steps=2)[1]
    assert np.abs(alone.astype(int) - beside).max() <= 1


def test_words_landmarks_and_expert_all_count(pipeline: FacePipeline, request_: Request) -> None:
    plain = pipeline([request_], steps=2)[0]
    for changed in (
        replace(request_, text="a green frog"),
        replace(request_, points=None),
        replace(request_, expert=None),
        replace(request_, strength=0.5),
    ):
        assert not np.array_equal(plain, pipeline([changed], steps=2)[0])


def test_cells_that_are_not_hidden_stay(pipeline: FacePipeline, request_: Request) -> None:
    hidden = maps.region_cells(np.asarray(request_.points), 256, "mouth")
    kept = replace(request_, kept=request_.template)
    whole = pipeline([replace(kept, hidden=np.zeros_like(hidden))], steps=2, guidance_scale=1.0)[0]
    mouth = pipeline([replace(kept, hidden=hidden)], steps=2, guidance_scale=1.0)[0]
    moved = np.abs(mouth.astype(int) - whole).max(axis=2)
    drawn = np.kron(hidden, np.ones((maps.CELL, maps.CELL))).astype(np.uint8)
    far = cv2.dilate(drawn, np.ones((65, 65), np.uint8)) == 0  # farther than the upsampler looks
    assert moved[far].max() == 0
    assert moved.max() > 0


def test_512_px_is_drawn_too(pipeline: FacePipeline, request_: Request) -> None:
    assert pipeline([request_], steps=1, size=512)[0].shape == (512, 512, 3)


def test_saved_as_diffusers_does_and_loaded_again(
    pipeline: FacePipeline, request_: Request, tmp_path: Path
) -> None:
    pipeline.save_pretrained(tmp_path)
    loaded = FacePipeline.from_pretrained(tmp_path, local_files_only=True)
    assert np.array_equal(loaded([request_], steps=2)[0], pipeline([request_], steps=2)[0])
