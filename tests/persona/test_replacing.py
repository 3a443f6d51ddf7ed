"""What makes an earlier statement outdated, told by a small network, and its training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.replacing import SURE, WEIGHTS, replaces
from chatanything.training.changes import pairs, strangers, train_changes

pytestmark = pytest.mark.weights

OUTDATED = (
    (
        "I live in a flat above a bakery in Ghent.",
        "We've got the keys! The garden is tiny, but Bruges is lovely.",
    ),
    ("I drink four cups of coffee a day.", "Coffee gives me palpitations, so I've gone over to mint tea."),
    ("My boss is called Mr Lund.", "Mr Lund retired on Friday, my boss is a Mrs Amadi."),
    ("The party is on Saturday.", "Sorry, I got that wrong, the party is on Sunday."),
)
BOTH_HOLD = (
    ("I live in a flat above a bakery in Ghent.", "My grandmother grew up in Bruges."),
    ("I drink four cups of coffee a day.", "My husband can't stand coffee."),
    ("My boss is called Mr Lund.", "I moved my desk to the window."),
    ("I have a dog.", "I sold some old books at the market."),
)


def test_what_makes_another_statement_outdated_is_told_from_what_does_not() -> None:
    assert sum(replaces(*pair) >= SURE for pair in OUTDATED) * 2 >= len(OUTDATED)
    assert [pair for pair in BOTH_HOLD if replaces(*pair) >= SURE] == []
    assert min(replaces(*pair) for pair in OUTDATED) > max(replaces(*pair) for pair in BOTH_HOLD)


def test_news_of_somebody_that_names_no_i_takes_the_old_ones_place(tmp_path: Path) -> None:
    memory = Memory("bram-1", "Bram", "ada", tmp_path)
    memory.note("My sister Rosa lives in Turin.", "", at_s=1.0)
    memory.note("Lovely weather. The ships are late.", "", at_s=2.0)
    memory.note("Rosa rang, she's left Turin for good and moved to Genoa.", "", at_s=3.0)
    assert [(one.was, one.text) for one in memory.statements] == [
        ("My sister Rosa lives in Turin.", "Rosa rang, she's left Turin for good and moved to Genoa.")
    ]


def test_another_language_replaces_nothing_that_nobody_understood(tmp_path: Path) -> None:
    memory = Memory("bram-1", "Bram", "ada", tmp_path)
    memory.note("My sister Rosa lives in Turin.", "", at_s=1.0)
    memory.note("Meine Schwester Rosa ist nicht mehr in Turin, sie ist nach Genua gezogen.", "", at_s=2.0)
    assert memory.statements[0].text == "My sister Rosa lives in Turin."


def test_training_again_gives_the_installed_weights(tmp_path: Path) -> None:
    read = train_changes(tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as made, np.load(WEIGHTS) as installed:
        assert np.allclose(made["weights"], installed["weights"], atol=2e-3)
    assert read.pairs == len(pairs())
    assert read.caught > 4 * read.false_alarms


def test_strangers_are_no_changes_and_never_a_changes_own_first() -> None:
    listed = pairs()
    changes = {(first, later) for first, later, replaced in listed if replaced}
    made = strangers(listed)
    assert len(made) > 0.9 * len(changes)
    assert not any(replaced or (first, later) in changes for first, later, replaced in made)
