"""Changes of mind of a user: what is told of them, and that no answer goes by what was."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply
from chatanything.persona.chat_prompt import Change, Recollection
from chatanything.persona.memory.changes import asks_for_what_was_told, goes_by_the_old, passes_over
from chatanything.persona.memory.memory import Memory
from chatanything.persona.safety import is_foul
from chatanything.persona.writer import write_card
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights

TEA = (Change("My favourite drink is green tea.", "I have gone off tea, it is black coffee now."),)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory("bram-1", "Bram", "ada", tmp_path)


@pytest.fixture(scope="module")
def keeper() -> PersonaCard:
    return write_card("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)


def changed_to(memory: Memory, first: str, later: str) -> None:
    memory.note(first, "", at_s=1.0)
    memory.note("My brother Paul is a train driver.", "", at_s=2.0)
    memory.note(later, "", at_s=3.0)


def test_what_no_longer_holds_is_told_only_to_who_asks_for_it(memory: Memory) -> None:
    changed_to(memory, "My favourite drink is green tea.", "I have gone off tea, it is black coffee now.")
    known = memory.recollect("What should I have to drink?")
    assert known.remembered[-1] == '"I have gone off tea, it is black coffee now."'
    assert "favourite" not in str((known.about_user, known.remembered))
    assert known.changed[0].was == "My favourite drink is green tea."
    past = memory.recollect("What did I use to drink, before?")
    assert "(Before: My favourite drink is green tea.)" in " ".join((*past.about_user, *past.remembered))
    assert past.changed == ()


def test_a_question_connects_two_statements_that_no_word_connects(memory: Memory) -> None:
    changed_to(memory, "I'm a cat person.", "Since we looked after that mutt I want a dog and nothing else.")
    assert len(memory.statements) == 3
    known = memory.recollect("What animal should I take home from the shelter?")
    assert [(one.was, one.now) for one in known.changed] == [
        ("I'm a cat person.", "Since we looked after that mutt I want a dog and nothing else.")
    ]
    assert "cat person" not in str((known.about_user, known.remembered))


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("My dream is to be a pilot.", "They failed me on my eyesight, so I want to be a carpenter."),
        ("I live in Bonn.", "I live in Rome with my aunt."),
        ("I work as a cook.", "I work for the railway."),
        ("Everybody calls me Teddy.", "Please call me Theodore in here."),
    ],
)
def test_what_there_is_one_of_is_replaced_by_what_is_said_later(
    memory: Memory, first: str, later: str
) -> None:
    changed_to(memory, first, later)
    assert [(one.was, one.text) for one in memory.statements if one.was] == [(first, later)]


def test_a_change_told_in_two_sentences_is_recalled_whole(memory: Memory) -> None:
    later = "I painted over it. All that purple gave me headaches, so these days I go for a soft grey."
    changed_to(memory, "I love purple, my whole kitchen is purple.", later)
    known = memory.recollect("Which colour should I pick for the bathroom?")
    assert known.changed[0].now == later


@pytest.mark.parametrize(
    ("clause", "is_old"),
    [
        ("Green tea.", True),
        ("You should have a green tea, my dear.", True),
        ("Coffee, and not too much of it.", False),
        ("You used to drink green tea, did you not?", False),
        ("Black coffee instead of tea.", False),
        ("My favourite is whisky.", False),
        ("The green sea is beautiful this morning, and so are all the ships on it.", False),
        ("Whatever you like.", False),
    ],
)
def test_an_answer_that_goes_by_an_old_taste_is_noticed(clause: str, is_old: bool) -> None:
    assert bool(goes_by_the_old(clause, "What should I have to drink?", TEA)) == is_old


def test_a_question_that_is_not_about_the_user_is_left_alone() -> None:
    assert goes_by_the_old("Green tea.", "What do sailors drink?", TEA) == ()


def test_an_old_taste_is_not_heard(keeper: PersonaCard) -> None:
    memory = Recollection(changed=TEA)

    def said(*answers: str) -> str:
        llm = Scripted(*answers)
        return "".join(reply(keeper, (), "What should I drink?", llm=llm, seed=1, memory=memory)).strip()

    assert said("Green tea.", "A strong black coffee.") == "A strong black coffee."
    assert "I have gone off tea, it is black coffee now" in said("Green tea.")
    assert "Green tea." not in said("Green tea.")


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("Where do I live?", True),
        ("It's late. What did I say my sister is called?", True),
        ("Which crisps shall I grab for tonight?", True),
        ("What do you think of my hat?", False),
        ("Where do you live?", False),
        ("I live in York.", False),
        ("Do you still remember my sister's name?", True),
        ("Can you tell me where I live?", True),
        ("Did I ever tell you about my dog?", True),
        ("Do you know what I should think of you?", False),
        ("Do you know the sea?", False),
        ("How are the ships today?", False),
    ],
)
def test_questions_about_oneself_are_told_from_talk(said: str, asks: bool) -> None:
    assert asks_for_what_was_told(said) == asks


def test_who_asks_for_somebody_he_told_of_asks_for_what_he_told(memory: Memory) -> None:
    memory.note("Gareth is my best friend and fixes lorries.", "", at_s=1.0)
    memory.note("I like Bram's stories about ships.", "", at_s=2.0)
    assert memory.recollect("What does Gareth do for a living?").wanted == (
        "Gareth is my best friend and fixes lorries.",
    )
    assert memory.recollect("What does Gwen do for a living?").wanted == ()
    assert memory.recollect("What does Bram think of ships?").wanted == ()


@pytest.mark.parametrize(
    ("answer", "over"),
    [
        ("You live in Hull, of course.", False),
        ("By the docks, with the gulls.", False),
        ("I live in a lighthouse.", True),
        ("Hm. Who knows?", True),
    ],
)
def test_an_answer_with_nothing_of_what_was_told_is_noticed(answer: str, over: bool) -> None:
    assert passes_over(answer, "Where do I live?", ("I live in Hull, right by the docks.",)) == over


def test_numbers_are_told_in_digits_or_words() -> None:
    assert not passes_over("Twelve.", "How old is Leo?", ("Leo turned 12 today.",))
    assert passes_over("Ten.", "How old is Leo?", ("Leo turned 12 today.",))


def test_what_was_told_is_asked_for_again_and_at_last_quoted(keeper: PersonaCard) -> None:
    memory = Recollection(wanted=("We moved to Hull, right by the docks.",))

    def said(*answers: str) -> tuple[str, Scripted]:
        llm = Scripted(*answers)
        given = {"llm": llm, "seed": 1, "memory": memory}
        return "".join(reply(keeper, (), "Where do I live?", **given)).strip(), llm

    first, asked = said("In Hull, by the docks.")
    assert first == "In Hull, by the docks."
    assert 'they told you: "We moved to Hull' in asked.asked[0][-1]["content"]
    assert said("In a lighthouse.", "You live in Hull.")[0] == "You live in Hull."
    assert "We moved to Hull, right by the docks" in said("In a lighthouse.")[0]
    german = keeper.model_copy(update={"language": "de"})
    heard = "".join(reply(german, (), "Where do I live?", llm=Scripted("Am Hafen."), seed=1, memory=memory))
    assert heard.strip() == "Am Hafen."


def test_the_memory_names_what_answers_a_question(memory: Memory) -> None:
    changed_to(memory, "I live in Bonn.", "We've moved, the new flat is in Rome.")
    assert memory.recollect("Where do I live?").wanted == ("We've moved, the new flat is in Rome.",)
    assert memory.recollect("Where did I live before?").wanted == ()
    assert memory.recollect("Where do you live?").wanted == ()
    assert memory.recollect("What did I have for lunch?").wanted == ()


def test_a_foul_word_of_the_user_is_not_quoted(keeper: PersonaCard) -> None:
    foul = (Change("My favourite drink is green tea.", "That tea is fucking shit, it is black coffee now."),)
    given = {"llm": Scripted("Green tea."), "seed": 1, "memory": Recollection(changed=foul)}
    heard = "".join(reply(keeper, (), "What should I drink?", **given))
    assert heard
    assert not is_foul(heard)


def test_where_several_things_may_be_meant_a_wrong_fact_is_not_heard(keeper: PersonaCard) -> None:
    told = ("My mum lives in Canada.", "My dad has moved to a flat in Leeds.")

    def heard(said: str, *answers: str) -> str:
        memory = Recollection(tuple(f'"{one}"' for one in told), wanted=told)
        return "".join(reply(keeper, (), said, llm=Scripted(*answers), seed=1, memory=memory)).strip()

    said = heard("Where do my parents live?", "In Rome, by the river.", "In Paris, I think.")
    assert all(one.rstrip(".") in said for one in told)
    assert "Paris" not in said
    assert (
        heard("Where do my parents live?", "In Rome.", "In Leeds and in Canada.") == "In Leeds and in Canada."
    )
    # Advice may be good that goes by nothing of it.
    advice = heard("Where should I take my parents?", "To Rome.", "To the theatre, by all means.")
    assert advice == "To the theatre, by all means."


def test_no_more_of_it_is_quoted_than_can_be_listened_to(keeper: PersonaCard) -> None:
    told = tuple(
        f"My uncle number {number} {'lives in a very long street ' * 4}in Leeds." for number in range(3)
    )
    memory = Recollection(wanted=told)
    said = "".join(
        reply(keeper, (), "Where does he live, my uncle?", llm=Scripted("Mars."), seed=1, memory=memory)
    )
    assert "number 2" in said
    assert "number 0" not in said
