"""The figures of voices come from what was wanted and from the sound."""

import numpy as np
import pytest

from chatanything.evaluation.voice_sound import Heard, figures
from chatanything.evaluation.voices import DIMENSIONS, delivery_rows, match_rows, spearman


def test_match_rows_meet_the_bars_on_the_open_half() -> None:
    rows = {row.metric: row for row in match_rows()}
    assert len(rows) == 2 * len(DIMENSIONS)
    bars = {"gender": 0.95, "age": 0.9, "class": 0.9}
    for dimension, bar in bars.items():
        row = rows[f"voices.match.open.{dimension}"]
        assert row.value >= bar
        assert row.control["low"] < row.value <= 1.0


@pytest.mark.parametrize(("b", "r"), [([2, 4, 9], 1.0), ([3, 2, 1], -1.0), ([1, 3, 2], 0.5)])
def test_spearman(b: list[float], r: float) -> None:
    assert spearman([1, 2, 3], b) == pytest.approx(r)


def test_spearman_of_noise_is_small() -> None:
    random = np.random.default_rng(0)
    assert abs(spearman(random.normal(size=500).tolist(), random.normal(size=500).tolist())) < 0.15


@pytest.mark.weights
def test_wishes_are_heard() -> None:
    rows = {row.metric: row for row in delivery_rows(voices=("am_michael",))}
    assert all(rows[f"voices.delivery.{wish}"].value >= 0.8 for wish in ("rate", "pitch", "energy"))
    assert all(row.control["other_wishes"] < 0.75 for row in rows.values())


def _heard(name: str, group: str, vector: np.ndarray, errors: int) -> Heard:
    return Heard(name, group, (vector, vector), errors, 20, (1.0, 3.0), 2.0)


def test_figures_of_heard_voices() -> None:
    axes = np.eye(256, dtype=np.float32)
    near = axes[0] + 0.1 * axes[1]
    heard = [
        _heard("a", "us", axes[0], 0),
        _heard("b", "us", near / np.linalg.norm(near), 4),
        _heard("c", "gb", axes[2], 1),
    ]
    rows = {row.metric: row for row in figures(heard)}
    assert rows["voices.distinct.bank"].n == 3
    assert rows["voices.distinct.bank"].control["too_close"] == 1
    assert rows["voices.distinct.bank"].value == pytest.approx(1 / 3, abs=0.01)
    assert rows["voices.word_error.us"].value == pytest.approx(0.1)
    assert rows["voices.word_error.us"].control["worst_voice"] == pytest.approx(0.2)
    assert rows["voices.real_time_factor"].value == pytest.approx(2.0)
    assert rows["voices.first_audio"].value == pytest.approx(1.0)
