"""The cut-up distance field against the plain one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from chatanything.face.kit.grid import Field, build_field, field_dist
from chatanything.face.kit.render import render
from chatanything.face.kit.sampling import sample
from chatanything.face.kit.sdf import scene_dist
from chatanything.face.kit.shapes import build


def _scene(kind: str) -> tuple[Field, tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray, float]:
    scene = build(sample(random.Random(2), kind))
    field = build_field(scene.P, scene.PT, scene.G, scene.H[12:15], float(scene.H[15]))
    return field, (scene.P, scene.PT, scene.G), scene.H[12:15], float(scene.H[15])


@pytest.mark.parametrize("kind", ["human", "apple", "tree", "robot"])
def test_distances_agree_near_surfaces_and_are_safe_elsewhere(kind: str) -> None:
    field, tables, center, radius = _scene(kind)
    points = center + np.random.default_rng(1).uniform(-radius, radius, (20_000, 3))
    exact = np.array([scene_dist(*tables, *point) for point in points])
    cut = np.array([field_dist(field, *point) for point in points])
    near = np.abs(exact) < 0.2
    assert near.sum() > 500
    assert np.quantile(np.abs(cut - exact)[near], 0.99) < 0.01
    surface = points[np.abs(exact) < 0.02]
    far = points[(exact > 0.5) & (np.abs(points - center).max(1) < radius)][:500]
    gaps = np.linalg.norm(far[:, None] - surface[None], axis=2).min(1)
    steps = np.array([field_dist(field, *point) for point in far])
    assert len(far) > 100
    assert (steps > 0.2).all()
    assert (steps <= gaps + 0.02).all()


def test_a_picture_does_not_depend_on_what_was_traced_before() -> None:
    scene = build(sample(random.Random(2), "cat"))
    base = render(scene, 64)
    box = render(scene, 64, box=(20, 30, 50, 60), base=base)
    assert np.array_equal(base.image, box.image)
    assert np.array_equal(base.image, render(scene, 64).image)
