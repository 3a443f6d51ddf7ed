"""A made-up user talks, and every turn knows what a good answer holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.errors import UsageError
from chatanything.persona.memory.memory import Memory
from chatanything.persona.simulated_user import Exchange, UserTurn, simulate, user_turns
from chatanything.persona.writer import write_card
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
BRAM = write_card("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)
ADA = write_card("a young nurse named Ada who loves stamps and chess", llm=None, seed=2)


def test_turns_are_the_same_for_a_seed_and_know_their_aims() -> None:
    turns = user_turns(ADA, BRAM, turns=12, seed=1)
    assert turns == user_turns(ADA, BRAM, turns=12, seed=1)
    assert turns != user_turns(ADA, BRAM, turns=12, seed=2)
    assert (turns[0].aim, turns[-1].aim) == ("greet", "bye")
    assert {"tell", "ask_about_you", "ask_about_me", "change"} <= {turn.aim for turn in turns}
    assert "Ada" in turns[0].text
    assert any(turn.expects == BRAM.context.loves for turn in user_turns(ADA, BRAM, turns=20, seed=1))
    changed = next(place for place, turn in enumerate(turns) if turn.aim == "change")
    assert "chess" in turns[changed].text
    assert turns[changed + 1].expects == ("chess",)


@pytest.mark.parametrize("count", [2, 5, 40])
def test_any_length_begins_and_ends(count: int) -> None:
    turns = user_turns(ADA, BRAM, turns=count, seed=3)
    assert 2 <= len(turns) <= count
    assert (turns[0].aim, turns[-1].aim) == ("greet", "bye")
    with pytest.raises(UsageError):
        user_turns(ADA, BRAM, turns=1, seed=3)


def test_answers_are_checked_by_words_without_their_endings() -> None:
    turn = UserTurn("What do you love?", "ask_about_you", ("plum cake", "jazz"))
    assert Exchange(turn, "Plum cakes, now and then.").is_met
    assert not Exchange(turn, "Cake.").is_met
    assert Exchange(UserTurn("Hello!", "greet"), "Hm.").is_met
    assert not Exchange(UserTurn("Hello!", "greet"), "").is_met


def test_a_conversation_reaches_the_memory_and_the_model(tmp_path: Path) -> None:
    memory = Memory(BRAM.id, BRAM.name, "ada", tmp_path)
    llm = Scripted("Jazz, child.", "Hm, if you say so.")
    turns = user_turns(ADA, BRAM, turns=12, seed=1)
    talk = list(simulate(BRAM, turns, llm=llm, seed=1, memory=memory))
    assert len(talk) == len(turns)
    held = [one.text for one in memory.statements]
    assert any("chess" in text for text in held)
    assert not any("is stamps." in text for text in held)
    asked = next(place for place, turn in enumerate(turns) if turn.expects == ("chess",))
    assert "chess" in str(llm.asked[asked])
    memory.close()


def test_without_a_model_the_card_answers_for_itself() -> None:
    turns = user_turns(ADA, BRAM, turns=10, seed=1)
    talk = list(simulate(BRAM, turns, llm=None, seed=1))
    about = [one for one in talk if one.turn.aim == "ask_about_you"]
    assert sum(one.is_met for one in about) >= len(about) / 2
