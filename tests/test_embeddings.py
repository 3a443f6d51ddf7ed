"""Sentence embeddings."""

import numpy as np
import pytest

from chatanything.embeddings import DIMENSIONS, embed

pytestmark = pytest.mark.weights


def test_rows_are_unit_vectors() -> None:
    vectors = embed(["a grumpy old man", "a cheerful apple"])
    assert vectors.shape == (2, DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_meaning_decides() -> None:
    old, elderly, apple = embed(["a grumpy old man", "an angry elderly male", "a cheerful apple"])
    assert old @ elderly > 0.5 > old @ apple


def test_a_text_does_not_depend_on_its_neighbours() -> None:
    alone = embed(["a lighthouse keeper"])[0]
    together = embed(["one", "a much longer text that says many other things", "a lighthouse keeper"])[2]
    np.testing.assert_array_equal(alone, together)


def test_nothing_and_too_much() -> None:
    assert embed([]).shape == (0, DIMENSIONS)
    assert np.isfinite(embed(["", "word " * 2000])).all()
