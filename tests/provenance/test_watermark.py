"""The hidden mark: its code, what it survives, what it costs, and that it is not seen where none is."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.evaluation.watermark import coded
from chatanything.provenance import convolution
from chatanything.provenance.watermark import Reading, marked, read_mark, tile
from chatanything.types import Frame, UInt8

PAYLOAD = 0xC0FFEE42


@pytest.fixture(scope="module")
def plain() -> list[UInt8]:
    """A soft picture with some structure, which moves a little."""
    import cv2

    rng = np.random.default_rng(3)
    wall = cv2.resize(
        rng.integers(60, 200, (8, 8, 3)).astype(np.uint8), (280, 256), interpolation=cv2.INTER_CUBIC
    )
    wall[100:180, 80:200] = np.clip(wall[100:180, 80:200] + rng.normal(0, 12, (80, 120, 3)), 0, 255)
    return [np.ascontiguousarray(wall[:, index : index + 256]) for index in range(20)]


@pytest.fixture(scope="module")
def hidden(plain: list[UInt8]) -> list[UInt8]:
    return [frame.image for frame in marked((Frame(one, k) for k, one in enumerate(plain)), PAYLOAD)]


def test_the_code_mends_what_a_sign_alone_cannot() -> None:
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2, 52).astype(np.uint8)
    signs = convolution.encode(bits)
    assert signs.size == convolution.coded_length(52) == 174
    assert np.array_equal(convolution.decode(signs), bits)
    noisy = signs + rng.standard_normal(signs.size) * 0.9
    assert (np.sign(noisy) != signs).sum() > 10
    assert np.array_equal(convolution.decode(noisy), bits)


def test_it_survives_what_happens_to_videos(hidden: list[UInt8]) -> None:
    import cv2

    written = coded(hidden, 18)
    smaller = [np.asarray(cv2.resize(one, (192, 192), interpolation=cv2.INTER_AREA)) for one in written]
    cropped = [np.ascontiguousarray(one[14:244, 12:242]) for one in written]
    for pictures in (written, coded(written, 23), coded(smaller, 23), coded(cropped, 23)):
        found = read_mark(pictures)
        assert found is not None
        assert found.payload == PAYLOAD


def test_nothing_is_read_where_nothing_is(plain: list[UInt8], hidden: list[UInt8]) -> None:
    assert read_mark(coded(plain, 18)) is None
    assert read_mark([]) is None
    assert read_mark([np.zeros((256, 256, 3), np.uint8)] * 3) is None
    reading = Reading(hidden[:4])
    assert reading.mark() is not None
    assert all(reading.mark(key=key) is None for key in (1, 2, 3))


def test_it_costs_little_and_is_the_same_each_time(plain: list[UInt8], hidden: list[UInt8]) -> None:
    error = np.mean((np.stack(hidden).astype(np.float64) - np.stack(plain)) ** 2)
    assert 10 * np.log10(255**2 / error) > 38
    again = [frame.image for frame in marked((Frame(one, 0) for one in plain), PAYLOAD)]
    assert np.array_equal(np.stack(again), np.stack(hidden))
    assert abs(float(tile(PAYLOAD).mean())) < 1e-6
    assert not np.allclose(tile(PAYLOAD), tile(PAYLOAD ^ 1))


def test_small_pictures_stay_as_they_are() -> None:
    small = np.full((64, 64, 3), 90, np.uint8)
    assert next(marked([Frame(small, 0)], 1)).image is small
    assert read_mark([small]) is None
