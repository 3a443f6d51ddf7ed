"""Shards of pictures -> augmented batches for the face model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor

from chatanything.embeddings import DIMENSIONS, embed_tokens
from chatanything.face.diffusion import maps
from chatanything.face.diffusion.pipeline import MAX_WORDS
from chatanything.face.experts import EXPERTS, expert_of
from chatanything.face.kit.hosts import KINDS
from chatanything.training.face_data import POSES, Shard, load_shard
from chatanything.types import Float32, UInt8

_ZOOM: Final = 1.14
_HIDDEN: Final = 0.2
"""Share of pictures of which only the mouth or the eyes are to be drawn."""
_NO_WORDS, _NO_MAP, _NO_EXPERT = 0.12, 0.1, 0.3
"""Shares without a condition, for classifier-free guidance (Ho, Salimans 2022)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures with their conditions; names and shapes as in `FaceFlow.forward`."""

    large: Tensor
    """(n, 3, size, size) in -1..1."""
    images: Tensor
    """(n, 3, size / 2, size / 2) in -1..1."""
    landmark_map: Tensor
    words: Tensor
    word_mask: Tensor
    expert: Tensor
    known_mask: Tensor
    has_map: Tensor
    features: Tensor
    """(n, 1, h, w) 1 in the cells of eyes and lips."""

    def to(self, device: str) -> Batch:
        """The same on a device."""
        return Batch(*(getattr(self, name).to(device, non_blocking=True) for name in self.__slots__))


class FaceBatches:
    """Draws batches at random from shards.

    Args:
        paths: The shards.
        plain: No augmentation and all conditions, for validation.
    """

    def __init__(self, paths: Sequence[Path], *, plain: bool = False) -> None:
        self._shards = [load_shard(path) for path in paths]
        self._words = [_words(path, shard) for path, shard in zip(paths, self._shards, strict=True)]
        self._plain = plain
        self._ends = np.cumsum([len(shard.images) for shard in self._shards])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def draw(self, count: int, rng: np.random.Generator) -> Batch:
        """A batch of random pictures."""
        return self.take(rng.integers(0, len(self), count).tolist(), rng)

    def take(self, indices: Sequence[int], rng: np.random.Generator) -> Batch:
        """A batch of certain pictures."""
        rows = [self._example(index, rng) for index in indices]
        large = torch.from_numpy(np.stack([row[0] for row in rows])).permute(0, 3, 1, 2).float() / 127.5 - 1
        landmark_map = torch.from_numpy(np.stack([row[1] for row in rows]))
        words = torch.from_numpy(np.stack([row[2] for row in rows])).float()
        word_mask = torch.from_numpy(np.stack([row[3] for row in rows]))
        expert, known, has_map = (torch.from_numpy(np.stack([row[k] for row in rows])) for k in (4, 5, 6))
        images = torch.nn.functional.avg_pool2d(large, 2)
        features = _features(landmark_map)
        return Batch(large, images, landmark_map, words, word_mask, expert, known[:, None], has_map, features)

    def _example(
        self, index: int, rng: np.random.Generator
    ) -> tuple[UInt8, Float32, Float32, np.ndarray, np.int64, Float32, np.float32]:
        number = int(np.searchsorted(self._ends, index, side="right"))
        shard, row = self._shards[number], index - (int(self._ends[number - 1]) if number else 0)
        image, points = np.asarray(shard.images[row]), shard.points[row]
        if not self._plain and rng.random() < 0.6:
            image, points = _zoomed(image, points, rng)
        size = image.shape[0]
        landmark_map = maps.landmark_map(points, size)
        known = np.zeros((size // maps.CELL,) * 2, np.float32)
        if not self._plain and rng.random() < _HIDDEN:
            known = 1 - maps.region_cells(points, size, "mouth" if rng.random() < 0.75 else "eyes")
        if not self._plain and rng.random() < 0.5:
            image = image[:, ::-1]
            opened = maps.unfold(landmark_map)[:, :, ::-1]
            landmark_map, known = maps.fold(opened), known[:, ::-1]
        character = row // POSES
        wordings, lengths = self._words[number]
        said = character * wordings.shape[1] + int(rng.integers(wordings.shape[1]))
        words = wordings.reshape(-1, MAX_WORDS, DIMENSIONS)[said]
        mask = np.arange(MAX_WORDS) < lengths.reshape(-1)[said]
        expert = EXPERTS.index(expert_of(KINDS[shard.characters[character]["kind"]]))
        has_map = 1.0
        if not self._plain:
            has_map = float(rng.random() >= _NO_MAP)
            mask = mask & (rng.random() >= _NO_WORDS)
            expert = len(EXPERTS) if rng.random() < _NO_EXPERT else expert
        return (
            np.ascontiguousarray(image), landmark_map, words, mask, np.int64(expert),
            np.ascontiguousarray(known), np.float32(has_map),
        )  # fmt: skip


def _words(path: Path, shard: Shard) -> tuple[np.ndarray, np.ndarray]:
    """Word vectors of all captions, (characters, wordings, MAX_WORDS, d) float16, and their lengths.

    Computed once a shard and kept beside it.
    """
    stored, counted = path / "words.npy", path / "lengths.npy"
    if not counted.exists():
        vectors = np.zeros((len(shard.captions), len(shard.captions[0]), MAX_WORDS, DIMENSIONS), np.float16)
        lengths = np.zeros(vectors.shape[:2], np.int64)
        for i, wordings in enumerate(shard.captions):
            for j, text in enumerate(wordings):
                found = embed_tokens(text)[:MAX_WORDS]
                vectors[i, j, : len(found)] = found
                lengths[i, j] = len(found)
        np.save(stored, vectors)
        np.save(counted, lengths)
    return np.load(stored, mmap_mode="r"), np.load(counted)


def _zoomed(image: UInt8, points: Float32, rng: np.random.Generator) -> tuple[UInt8, Float32]:
    """A slightly smaller part of the picture at the same size."""
    size = image.shape[0]
    scale = float(rng.uniform(1.0, _ZOOM))
    x, y = rng.uniform(0, size * (scale - 1), 2)
    matrix = np.array([[scale, 0, -x + (scale - 1) / 2], [0, scale, -y + (scale - 1) / 2]])
    warped = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return warped, (points * scale - np.array([x, y])).astype(np.float32)


def _features(landmark_map: Tensor) -> Tensor:
    """Cells that show eyes or lips, and their neighbours."""
    n, _, height, width = landmark_map.shape
    shapes = landmark_map.reshape(n, maps.SHAPES, -1, height, width)
    drawn = shapes[:, [0, 1, 3, 4, 5]].amax((1, 2))[:, None]
    return torch.nn.functional.max_pool2d((drawn > 0).float(), 3, 1, 1)
