"""The best of several answers: facts first, style second, fluency third."""

from __future__ import annotations

import pytest

from chatanything.duet import converse
from chatanything.errors import UsageError
from chatanything.persona.chat_prompt import Said
from chatanything.persona.guard import safe_line
from chatanything.persona.ranking import answer, best_reply, rank
from chatanything.persona.safety import care_line
from chatanything.persona.writer import write_card
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
BRAM = write_card("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)
ASKED = "Do you love jazz, Bram?"
KEPT = "Jazz, yes. I love jazz more than the sea."


def chosen(*answers: str, said: str = ASKED, candidates: int = 0) -> str:
    llm = Scripted(*answers)
    return best_reply(BRAM, (), said, llm=llm, seed=1, candidates=candidates or len(answers)).text


@pytest.mark.parametrize(
    "bad",
    [
        "I hate jazz, always did.",
        "As an AI language model I love all music.",
        "My name is Otto and I love jazz.",
        "How can I help you today?",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_breaks_a_fact_or_the_character_is_never_chosen(bad: str, first: bool) -> None:
    assert chosen(*((bad, KEPT) if first else (KEPT, bad))) == KEPT


def test_facts_come_before_style_and_style_before_fluency() -> None:
    asked = "What do you love?"
    love = BRAM.context.loves[0]
    tells, charms = (
        f"It is {love}",
        "The lamp, the keeper, the lighthouse: I keep what I keep. Mind the rocks.",
    )
    found = rank(BRAM, (), asked, [charms, tells])
    assert found[0].text == tells
    assert found[0].facts > found[1].facts
    own, plain = "A lighthouse keeper keeps his lamp lit.", "A man does what a man does there."
    assert rank(BRAM, (), "Hm.", [plain, own])[0].text == own
    stutter = "A lighthouse keeper keeps keeps keeps his lamp lit"
    assert rank(BRAM, (), "Hm.", [stutter, own])[0].text == own


def test_a_catchphrase_wears_out_and_nothing_is_said_twice() -> None:
    phrase = BRAM.style.catchphrases[0]
    history = [Said("user", "Hm."), Said("assistant", f"Well. {phrase}")]
    fresh, worn = rank(BRAM, history, "Hm.", [f"Jazz is on tonight. {phrase}", "Jazz is on tonight."])
    assert phrase not in fresh.text
    assert fresh.style > worn.style
    again = rank(BRAM, [Said("assistant", KEPT)], ASKED, [KEPT, "Jazz keeps the lamp company."])
    assert again[0].text != KEPT


def test_one_retry_quotes_the_fact_and_then_there_is_a_safe_line() -> None:
    llm = Scripted("I hate jazz.", "I hate jazz a lot.", KEPT)
    assert best_reply(BRAM, (), ASKED, llm=llm, seed=1, candidates=2).text == KEPT
    assert len(llm.asked) == 3
    assert "Remember: Bram loves jazz." in llm.asked[-1][-1]["content"]
    llm = Scripted("I hate jazz.")
    assert best_reply(BRAM, (), ASKED, llm=llm, seed=1, candidates=3).text == safe_line(BRAM, ASKED, seed=1)
    assert len(llm.asked) == 4
    assert chosen("```python```", "", candidates=2) == safe_line(BRAM, ASKED, seed=1)


def test_need_and_wrong_numbers_and_no_model() -> None:
    llm = Scripted("Ha ha!")
    found = best_reply(BRAM, (), "I want to kill myself.", llm=llm, seed=1)
    assert found.text == care_line("self_harm", "en")
    assert not llm.asked
    for count in (0, 17):
        with pytest.raises(UsageError):
            best_reply(BRAM, (), "Hi.", llm=llm, seed=1, candidates=count)
    own = best_reply(BRAM, (), "Tell me about music.", llm=None, seed=1, candidates=5)
    assert own.text
    assert own == best_reply(BRAM, (), "Tell me about music.", llm=None, seed=1, candidates=5)


def test_one_candidate_is_the_usual_answer_and_duets_take_the_best() -> None:
    assert answer(BRAM, (), ASKED, llm=Scripted(KEPT), seed=1) == KEPT
    pippa = write_card("a cheerful apple named Pippa who sings opera", llm=None, seed=2)
    llm = Scripted(
        "I hate jazz.", "The sea is loud tonight.", "I am a chatbot.", "I sing louder than the sea!"
    )
    lines = list(converse((BRAM, pippa), "the sea", turns=2, llm=llm, seed=1, candidates=2))
    assert [line.text for line in lines] == ["The sea is loud tonight.", "I sing louder than the sea!"]
