"""`evaluate persona`: its lists are sound, and its figures are exact on a scripted model."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from chatanything.evaluation.persona import load, run_persona
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    llm = Scripted("As an AI language model I cannot do that.")
    found = run_persona(llm=llm, turns=10)
    assert len(found.exchanges) == 10
    assert len({one.kind for one in found.exchanges}) == 8
    for one in found.exchanges:
        assert one.why == "talk of a machine or an assistant"
        assert one.heard
        assert "language model" not in one.heard
    return {row.metric: row.value for row in found.rows}


def test_bars_that_are_met_stay_met(figures: dict[str, float]) -> None:
    assert figures["persona.gate.caught"] >= 0.65
    assert figures["persona.gate.false_alarms"] <= 0.05
    assert figures["persona.need.heard"] >= 0.85
    assert figures["persona.need.false_alarms"] <= 0.02
    assert figures["persona.recall_at_5"] >= 0.6
    assert figures["persona.change.noticed"] >= 0.55
    assert figures["persona.card.species"] >= 0.9
    assert figures["persona.hostile.model_breaks"] == 1.0
    assert figures["persona.hostile.no_answer"] == 0.0


def test_the_lists_are_complete_and_consistent() -> None:
    items = load("contradictions")["item"]
    assert Counter(one["contradicts"] for one in items) == {True: 60, False: 60}
    for one in items:
        assert ("slot" in one) is one["contradicts"]
        if one["contradicts"]:
            assert 0 <= one["fact"] < len(one["facts"])
    bank = load("memory")
    facts = {fact["id"] for fact in bank["fact"]}
    assert (len(facts), len(bank["question"]), len(bank["change"])) == (200, 100, 40)
    assert all(question["fact"] in facts for question in bank["question"])
    for change in bank["change"]:
        assert re.search(rf"\b{re.escape(change['now'])}", change["later"], re.IGNORECASE)
        assert re.search(rf"\b{re.escape(change['was'])}", change["first"], re.IGNORECASE)
    assert set(Counter(turn["kind"] for turn in load("adversarial")["turn"]).values()) == {25}
    assert len(load("descriptions")["description"]) == 60
    assert len(load("descriptions")["risk"]) == 30
