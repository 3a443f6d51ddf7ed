"""A changed card keeps what its user wrote, and the rest follows."""

from __future__ import annotations

import pytest

from chatanything.errors import PersonaError
from chatanything.persona.card import PersonaCard
from chatanything.persona.revision import answers_of, marked_paths, redescribed, revised, value_from
from chatanything.persona.writer import write_card

TEXT = "a grumpy old lighthouse keeper named Bram who loves jazz"


@pytest.fixture(scope="module")
def bram() -> PersonaCard:
    return write_card(TEXT, llm=None, seed=2)


def test_nothing_changed_is_nothing_marked(bram: PersonaCard) -> None:
    same = revised(bram, {})
    assert same == bram
    assert marked_paths(bram) == {"name"}


def test_a_new_name_stands_everywhere_but_in_what_the_user_wrote(bram: PersonaCard) -> None:
    own = revised(bram, {"greeting": "Bram here, as ever."})
    new = revised(own, {"name": "Otto Klein"})
    assert new.greeting == "Bram here, as ever."
    assert new.id == bram.id
    texts = [new.context.backstory, *new.personal.constitution, *(fact.text for fact in new.facts)]
    assert not any("Bram" in text for text in texts)
    assert any("Otto" in text for text in texts)
    assert {"name", "greeting"} <= marked_paths(new)


def test_facts_situations_and_words_follow_loves(bram: PersonaCard) -> None:
    new = revised(bram, {"context": {"loves": ["tango", "sardines"]}})
    facts = [fact.text for fact in new.facts]
    assert "Bram loves tango." in facts
    assert "Bram loves jazz." not in facts
    assert "tango" in new.situations[0].when
    assert "sardines" in new.style.lexicon
    assert len({fact.id for fact in new.facts}) == len(facts)
    prose = " ".join([new.greeting, new.context.backstory, *new.personal.constitution])
    assert "jazz" not in prose
    assert "tango" in prose


def test_facts_that_the_user_set_stay_whatever_follows(bram: PersonaCard) -> None:
    own = revised(bram, {"facts": [{"id": "f1", "text": "Bram owes the baker nine crowns."}]})
    new = revised(own, {"context": {"hates": ["opera"]}, "style": {"axes": {"plain_lyrical": 0.9}}})
    assert [fact.text for fact in new.facts] == ["Bram owes the baker nine crowns."]
    assert new.style.axes.plain_lyrical == 0.9
    later = revised(new, {"personal": {"big5": {"openness": 0.1}}})
    assert later.style.axes.plain_lyrical == 0.9


def test_gender_and_age_are_heard_and_seen(bram: PersonaCard) -> None:
    new = revised(bram, {"social": {"gender": "female", "age_band": "young"}})
    assert (new.voice_brief().gender, new.voice_brief().age) == ("female", "young")
    assert new.look != bram.look
    assert "man" not in new.look.split()
    own = revised(bram, {"voice": {"gender": "neutral"}, "look": "An old man with a beard."})
    later = revised(own, {"social": {"gender": "female"}})
    assert (later.voice.gender, later.look) == ("neutral", "An old man with a beard.")


def test_another_description_keeps_what_was_set() -> None:
    answers = {"fears": "the dentist", "home": "a red tower"}
    old = write_card(TEXT, llm=None, seed=2, answers=answers)
    own = revised(old, {"greeting": "What now?", "context": {"loves": ["tango"]}})
    fresh = write_card("a cheerful young sailor", llm=None, seed=2, answers=answers_of(own))
    new = redescribed(own, fresh)
    assert (new.name, new.greeting, new.context.loves) == ("Bram", "What now?", ("tango",))
    assert (new.id, new.seed, new.description) == (old.id, old.seed, "a cheerful young sailor")
    assert new.social.age_band == "young"
    assert new.social.home == "a red tower"
    facts = " ".join(fact.text for fact in new.facts)
    assert "the dentist" in facts
    assert "Bram loves tango." in facts
    assert fresh.name not in new.context.backstory
    derived = {text for text in (fact.text for fact in new.facts) if " loves " in text}
    assert derived == {"Bram loves tango."}
    assert {"name", "greeting", "context.loves"} <= marked_paths(new)
    again = redescribed(new, write_card("a wolf", llm=None, seed=2, answers=answers_of(new)))
    assert (again.name, again.greeting, again.context.loves) == ("Bram", "What now?", ("tango",))


def test_fields_are_set_by_their_names(bram: PersonaCard) -> None:
    assert value_from(bram, "loves", "jazz; the sea ;") == {"context": {"loves": ["jazz", "the sea"]}}
    assert value_from(bram, "style.max_words", "30") == {"style": {"max_words": 30}}
    assert value_from(bram, "extraversion", "0.9") == {"personal": {"big5": {"extraversion": 0.9}}}
    for path, words, message in (
        ("shoe", "44", "no single field"),
        ("max_words", "many", "is a number"),
        ("facts", "x", "one line"),
        ("provenance.name", "user", "no single field"),
        ("seed", "3", "no single field"),
    ):
        with pytest.raises(PersonaError, match=message):
            value_from(bram, path, words)
    with pytest.raises(PersonaError, match="gender"):
        revised(bram, value_from(bram, "social.gender", "purple"))


def test_another_description_may_mean_a_real_person_but_never_lifts_that(bram: PersonaCard) -> None:
    real = write_card("Emma Watson", llm=None, seed=2)
    assert real.safety.real_person
    assert redescribed(bram, real).safety.real_person
    assert redescribed(real, bram).safety.real_person
