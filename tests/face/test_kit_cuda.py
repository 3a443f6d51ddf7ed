"""The GPU's kernels, run by numba's simulator on the CPU, against the CPU renderer."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatanything.errors import BackendError
from chatanything.face.kit import cuda, render
from chatanything.training import face_data

_ROOT = Path(__file__).parents[2]
_SIMULATED = '''
import random

import numpy as np
from numba import cuda

from chatanything.face.kit import cuda as gpu
from chatanything.face.kit import grid, render, shapes
from chatanything.face.kit.sampling import sample


class Memory(np.ndarray):
    """Memory of the GPU: the simulator's own arrays cannot be handed to compiled functions."""

    def copy_to_host(self):
        return np.array(self)

    def copy_to_device(self, array):
        self[...] = array


cuda.to_device = lambda array: np.array(array).view(Memory)
# 1e6, not nothing: reading what was never written must show
cuda.device_array = lambda shape, dtype: np.full(shape, 1e6, dtype).view(Memory)
gpu._FILLERS = (3, 2)
gpu.require()

scene = shapes.build(sample(random.Random(2), "cat"))
field = gpu._field(scene, cuda)
expected = grid.build_field(scene.P, scene.PT, scene.G, scene.H[12:15], float(scene.H[15]))
for point in scene.H[12:15] + np.random.default_rng(1).uniform(-1, 1, (4000, 3)) * scene.H[15]:
    assert grid.field_dist(field, *point) == grid.field_dist(expected, *point)


def check(is_, wanted):
    np.testing.assert_allclose(is_.raw, wanted.raw, atol=1e-9)
    np.testing.assert_allclose(is_.depth, wanted.depth, atol=1e-6)
    assert np.abs(is_.image.astype(int) - wanted.image).max() <= 1
    assert (is_.parts == wanted.parts).all()
    assert all((is_.landmarks[name] == points).all() for name, points in wanted.landmarks.items())


cpu = render.render(scene, SIZE)
assert (cpu.parts > 0).mean() > 0.2
check(gpu.render(scene, SIZE), cpu)
speaking = sample(random.Random(2), "cat")
speaking.expression = {"jawOpen": 0.8}
scene, box = shapes.build(speaking), (3, 6, SIZE - 2, SIZE - 1)
changed = render.render(scene, SIZE, box=box, base=cpu)
assert (changed.image != cpu.image).any()
check(gpu.render(scene, SIZE, box=box, base=cpu), changed)
print("same", flush=True)
'''


def _simulate(script: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_kernels_draw_what_the_cpu_draws() -> None:
    done = _simulate(_SIMULATED.replace("SIZE", "16"))
    assert done.stdout.endswith("same\n"), done.stderr[-3000:]


def test_without_the_package_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BackendError, match=r"numba-cuda.*pip install 'chatanything\[train-gpu\]'"):
        face_data.make_shards(tmp_path, 1, device="cuda")
    assert not list(tmp_path.iterdir())


def test_without_a_gpu_the_error_names_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    numba_cuda = pytest.importorskip("numba.cuda")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(numba_cuda, "is_available", lambda: False)
    monkeypatch.setattr(numba_cuda, "cuda_error", lambda: "\nno driver\nfound", raising=False)
    with pytest.raises(BackendError, match=r"NVIDIA GPU.*got no driver found.*--device cpu"):
        cuda.require()


def test_pictures_to_learn_from_are_drawn_where_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn = []

    def draw(*args: Any, **options: Any) -> render.Frame:
        drawn.append(options)
        return render.render(*args, **options)

    monkeypatch.setattr(cuda, "require", lambda: None)
    monkeypatch.setattr(cuda, "render", draw)
    here = face_data.make_shard(tmp_path / "cpu", 0, characters=1, size=32)
    assert not drawn
    there = face_data.make_shard(tmp_path / "cuda", 0, characters=1, size=32, device="cuda")
    assert len(drawn) == face_data.POSES
    assert (face_data.load_shard(here).images == face_data.load_shard(there).images).all()
