"""Who suits a wish, and why."""

from __future__ import annotations

import pytest

from chatanything.errors import UsageError
from chatanything.persona.match import best_matches
from chatanything.persona.writer import write_card

pytestmark = pytest.mark.weights
CARDS = [
    write_card(text, llm=None, seed=seed)
    for seed, text in enumerate(
        (
            "a patient, gentle Spanish teacher from Madrid",
            "a grumpy, impatient lighthouse keeper who loves jazz",
            "a cheerful, energetic apple who sings opera",
            "a wise old robot who loves chess",
            "a shy young nurse who collects stamps",
        )
    )
]


def first(wish: str) -> str:
    return best_matches(wish, CARDS)[0].card.description


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("I want someone patient to learn Spanish with", "Spanish teacher"),
        ("somebody to talk about jazz with", "jazz"),
        ("an energetic friend who makes me laugh and sings", "opera"),
        ("a robot to play chess against", "chess"),
        ("a young woman who knows about stamps", "stamps"),
    ],
)
def test_the_right_one_comes_first(wish: str, words: str) -> None:
    assert words in first(wish)


def test_reasons_are_named_and_only_what_is_asked_counts() -> None:
    best = best_matches("I want someone patient to learn Spanish with", CARDS)[0]
    names = [reason.name for reason in best.reasons]
    assert "warmth" in names or "calm" in names
    assert "subject" in names
    assert "gender" not in names
    assert all(0 <= reason.score <= 1 for reason in best.reasons)
    assert "wanted" in str(best.reasons[0])
    assert 0 <= best.score <= 1


def test_the_order_is_the_same_whoever_comes_first() -> None:
    wish = "somebody calm"
    forth = [one.card.id for one in best_matches(wish, CARDS)]
    assert forth == [one.card.id for one in best_matches(wish, CARDS[::-1])]
    assert best_matches(wish, []) == ()
    with pytest.raises(UsageError):
        best_matches("", CARDS)
