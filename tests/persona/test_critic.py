"""What contradicts the rest of a card is taken out, and named."""

from __future__ import annotations

import json

import pytest

from chatanything.persona.card import PersonaCard
from chatanything.persona.critic import Verdict, criticise
from chatanything.persona.rules import read_description
from chatanything.persona.rules_writer import draft_by_rules
from chatanything.persona.writer import write_card
from tests.tiny.scripted_llm import Scripted


def judged(text: str, llm: Scripted | None = None, **changes: object) -> tuple[PersonaCard, Verdict]:
    card = write_card(text, llm=None, seed=3)
    fields = card.model_dump(mode="json")
    for path, value in changes.items():
        section, _, field = path.partition("__")
        if field:
            fields[section][field] = value
        else:
            fields[section] = value
    changed = PersonaCard.from_mapping(fields)
    spare = draft_by_rules(read_description(text, seed=3), 3, name=card.name)
    return changed, criticise(changed, spare, llm=llm, seed=1)


@pytest.mark.parametrize(
    "text",
    [
        "a grumpy old lighthouse keeper who loves jazz",
        "a shy teapot",
        "a 7-year-old girl who loves mud",
        "a wolf",
    ],
)
def test_a_sound_card_stays_as_it_is(text: str) -> None:
    before, verdict = judged(text)
    assert verdict.dropped == ()
    assert verdict.card == before


def test_a_child_has_not_worked_for_forty_years() -> None:
    first, wrong, last = (
        "Mia collects stones.",
        "She worked at the mill for forty years.",
        "Her pockets are full.",
    )
    story = f"{first} {wrong} {last}"
    _, verdict = judged("a little girl named Mia", context__backstory=story)
    assert verdict.card.context.backstory == f"{first} {last}"
    assert len(verdict.dropped) == 1
    assert "forty years" in verdict.dropped[0]
    assert not any("forty" in fact.text for fact in verdict.card.facts)
    _, kept = judged("an old woman named Mia", context__backstory=story)
    assert kept.dropped == ()


def test_what_is_loved_is_not_hated() -> None:
    _, verdict = judged("a sailor who loves dogs", context__hates=["barking dogs", "paperwork"])
    assert verdict.card.context.hates == ("paperwork",)
    assert verdict.dropped == ("from the hates: barking dogs (it loves dogs)",)
    _, other = judged("a sailor who hates fish", context__loves=["fish", "tea"])
    assert other.card.context.loves == ("tea",)
    _, both = judged(
        "a sailor who loves fish and hates fish", context__loves=["fish"], context__hates=["fish"]
    )
    assert both.card.context.loves == both.card.context.hates == ("fish",)
    assert "your own words disagree" in both.dropped[0]


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("a shy teapot", "An old man with a white beard."),
        ("a young woman", "An elderly face with wrinkles."),
        ("a fisherman", "A woman with red lips."),
        ("a wolf", "A round yellow cupcake."),
    ],
)
def test_the_look_is_of_the_same_being(text: str, look: str) -> None:
    _, verdict = judged(text, look=look)
    assert verdict.card.look != look
    assert look in verdict.dropped[0]


def test_lines_that_deny_a_fact_are_replaced_and_the_users_own_stay() -> None:
    text = "a postman who loves jazz"
    lines = ["I hate jazz.", "I sing.", "I walk.", "I post.", "I whistle."]
    _, verdict = judged(text, personal__constitution=lines)
    assert "I hate jazz." not in verdict.card.personal.constitution
    assert len(verdict.card.personal.constitution) >= 5
    _, own = judged(text, personal__constitution=lines, provenance={"personal.constitution": "user"})
    assert own.card.personal.constitution[0] == "I hate jazz."


def test_a_served_model_is_asked_once_and_believed_within_bounds() -> None:
    llm = Scripted(json.dumps({"wrong": [1, 999, "x", -1]}), exclusive=False)
    before, verdict = judged("a wolf", llm)
    assert len(llm.asked) == 1
    first = before.context.backstory.split(". ")[0]
    assert first not in verdict.card.context.backstory
    assert verdict.dropped[0].startswith("from the backstory: ")
    for answer in ("", "[]", '{"wrong": 7}', '{"wrong": []}'):
        assert judged("a wolf", Scripted(answer, exclusive=False))[1].dropped == ()
    local = Scripted(json.dumps({"wrong": [1]}))
    assert judged("a wolf", local)[1].dropped == ()
    assert not local.asked


def test_nothing_that_a_model_adds_denies_what_the_user_said() -> None:
    text = "a grumpy lighthouse keeper named Helena who loves jazz"
    answer = {
        "name": "Helena",
        "backstory": "Helena trusts only what can be checked twice. She kept the lamp for thirty winters, "
        "alone with the gulls. Then a promise was broken and she started to hate jazz.",
        "greeting": "Wipe your feet, whoever you are, the stairs are clean.",
        "catchphrase": "I hate jazz!",
        "lines": ["I love jazz more than sleep.", "I count the ships.", "I mend what breaks."],
    }
    card = write_card(text, llm=Scripted(json.dumps(answer)), seed=3)
    assert "hate jazz" not in card.context.backstory
    assert card.style.catchphrases
    assert "I hate jazz!" not in card.style.catchphrases
    assert "I love jazz more than sleep." in card.personal.constitution
    assert "hate jazz" in card.note
    assert not any("hate jazz" in fact.text for fact in card.facts)


def test_two_first_names_are_one_too_many() -> None:
    card = write_card("an old woman who bakes", llm=Scripted(json.dumps({"name": "Helena Rosalind"})), seed=3)
    assert card.name == "Helena"
