"""The figures of voices come from what was wanted and from the sound."""

from itertools import combinations

import numpy as np
import pytest

from chatanything.evaluation.voice_sound import Heard, figures, lines, voices_in
from chatanything.evaluation.voices import DIMENSIONS, delivery_rows, match_rows, spearman
from chatanything.voice.effects import EFFECTS
from chatanything.voice.match import TOO_CLOSE, closeness


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


def _heard(name: str, vector: np.ndarray, errors: int) -> Heard:
    return Heard(name, (vector, vector), errors, 20)


def test_figures_of_heard_voices() -> None:
    axes = np.eye(256, dtype=np.float32)
    near = axes[0] + 0.1 * axes[1]
    heard = [
        _heard("a", axes[0], 0),
        _heard("a b", near / np.linalg.norm(near), 4),
        _heard("c", axes[2], 1),
    ]
    rows = {row.metric: row for row in figures("bank", heard)}
    assert rows["voices.bank.alike"].n == 3
    assert rows["voices.bank.alike"].control["too_close"] == 1
    assert rows["voices.bank.alike"].value == pytest.approx(1 / 3, abs=0.01)
    total = rows["voices.bank.word_error"]
    assert (total.value, total.n) == (pytest.approx(5 / 60, abs=1e-3), 60)
    assert total.control["worst_voice"] == rows["voices.bank.word_error.a_b"].value == pytest.approx(0.2)
    assert total.control["over_8_percent"] == 1


def test_fifty_different_lines() -> None:
    assert len(lines()) == len(set(lines())) == 50


@pytest.mark.weights
def test_voices_that_are_heard() -> None:
    people = [voice for _, voice in voices_in("personas")]
    assert len(people) == len(set(people)) == 10
    alike = [closeness(a, b) for a, b in combinations(people, 2)]
    assert max(alike) <= TOO_CLOSE
    assert len(voices_in("bank")) == 28
    assert len(voices_in("accents")) == 26
    assert {voice.effect for _, voice in voices_in("effects")} == set(EFFECTS) - {"none"}
