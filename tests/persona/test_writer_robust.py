"""Whatever a language model answers, the card is valid, whole, and tells who wrote what."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatanything.persona.card import PersonaCard
from chatanything.persona.checks import check_fields
from chatanything.persona.face_words import look_conflict
from chatanything.persona.hero import named, under_one_name
from chatanything.persona.lexicon import lexicon
from chatanything.persona.prompt import FIELDS
from chatanything.persona.rules import read_description
from chatanything.persona.rules_writer import said_home
from chatanything.persona.writer import write_card
from tests.tiny.scripted_llm import Scripted

DESCRIPTIONS = (
    "a grumpy old lighthouse keeper who loves jazz",
    "a shy teapot",
    "a 7-year-old girl who wants to be a dragon tamer",
    "a wise female robot",
    "a cheerful wolf named Otto who hates queues",
)
GOOD = {
    "name": "Silas Thorne",
    "backstory": "Silas kept the light through every storm. Nobody ever thanked him, and he liked that.",
    "greeting": "Shut the door behind you, the tea is mine and the fog is yours.",
    "manner": "Short and salty.",
    "catchphrase": "Mind the rocks.",
    "lines": ["I keep the lamp.", "I count ships.", "I play Monk at night."],
    "loves": ["jazz", "clear nights"],
    "hates": ["tourists", "ferries"],
    "look": "A face with a broad brow and narrow eyes.",
}
ORIGINS = {"user", "llm", "rule"}
WRITTEN = (
    "name", "backstory", "greeting", "manner", "constitution", "loves", "hates", "catchphrases", "look",
    "home", "routine", "values", "gender", "age_band", "species", "role", "voice", "big5", "mood", "traits",
    "kind", "axes", "lexicon", "facts", "situations", "description",
)  # fmt: skip


def check(card: PersonaCard) -> None:
    """Valid, whole, consistent, and every field has an origin."""
    assert PersonaCard.from_json(card.to_json()) == card
    card.to_json().encode()
    prose = [card.name, card.greeting, card.look, card.style.manner, card.social.home, card.context.backstory]
    prose += [card.context.routine, *card.personal.constitution, *card.style.catchphrases]
    assert all(text.strip() for text in prose), prose
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for text in prose for c in text), prose
    assert card.context.loves
    assert card.context.hates
    assert card.personal.values
    assert card.facts
    assert card.situations
    assert set(WRITTEN) <= set(card.provenance)
    assert set(card.provenance.values()) <= ORIGINS
    voice, look, social = card.voice_brief(), card.look_brief(), card.social
    assert (voice.gender, voice.age) == (look.gender, look.age) == (social.gender, social.age_band)
    assert look.species == card.species
    known = lexicon().species.get(card.species)
    family = "human" if card.species == "human" else known.family if known else "thing"
    assert look_conflict(card.look, card.species, family, social.gender, social.age_band) == ""


def written(text: str, *answers: str, seed: int = 3) -> PersonaCard:
    return write_card(text, llm=Scripted(*answers), seed=seed)


@pytest.mark.parametrize("text", DESCRIPTIONS)
@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I'm sorry, I cannot do that.",
        "null",
        "[]",
        json.dumps(GOOD),
        json.dumps(GOOD)[:120],
        json.dumps(GOOD)[:-1],
        f"Sure! Here it is:\n```json\n{json.dumps(GOOD, indent=2)}\n```\nEnjoy {{it}}!",
        json.dumps(dict.fromkeys(FIELDS, 7)),
        json.dumps(dict.fromkeys(FIELDS)),
        json.dumps({key: [[], {}, None] for key in FIELDS}),
        json.dumps(dict.fromkeys(FIELDS, "")),
        json.dumps({"card": GOOD}),
        '{"name": "\\ud800\\u0000", "greeting": "\\u0007 one two three four five six seven."}',
    ],
)
def test_any_answer_ends_in_a_whole_card(text: str, answer: str) -> None:
    check(written(text, answer))


def test_who_wrote_what_is_told() -> None:
    text = "an old lighthouse keeper named Silas who loves jazz"
    full = written(text, json.dumps(GOOD)).provenance
    assert (full["name"], full["loves"], full["backstory"], full["look"]) == ("user", "user", "llm", "llm")
    assert (full["routine"], full["species"]) == ("rule", "rule")
    empty = written(text, "").provenance
    assert (empty["name"], empty["backstory"], empty["greeting"]) == ("user", "rule", "rule")
    cut = written(text, json.dumps(GOOD)[: json.dumps(GOOD).index('"manner"')], "").provenance
    assert (cut["backstory"], cut["manner"]) == ("llm", "rule")


def test_the_story_is_asked_for_again_and_only_it() -> None:
    llm = Scripted(json.dumps({**GOOD, "backstory": ""}), json.dumps({"backstory": GOOD["backstory"]}))
    card = write_card("an old fisherman", llm=llm, seed=3)
    assert len(llm.asked) == 2
    assert card.context.backstory == GOOD["backstory"]


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_subnormal=False),
    st.text(max_size=60),
    st.lists(st.one_of(st.text(max_size=40), st.integers(), st.none()), max_size=4),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    st.sampled_from(
        [GOOD["backstory"] * 20, "I am an AI language model.", "An old man.", "She " * 30, ["I x."] * 9]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=9),
    st.sampled_from(DESCRIPTIONS),
    st.integers(0, 1500),
    st.integers(0, 3),
)
def test_mutated_answers_end_in_a_whole_card(changes: dict[str, Any], text: str, cut: int, seed: int) -> None:
    answer = json.dumps({**GOOD, **changes})
    check(written(text, answer[: cut + 1] if cut < len(answer) else answer, seed=seed))


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("look", "A tall man with a bushy white moustache and a wide mouth.", False),
        ("look", "A young man with a big, round eye and a wide mouth.", False),
        ("look", "A young man with brown eyes and a wide mouth.", True),
        ("manner", "Rapid-fire sentences with a quick smile.", False),
        ("manner", "Dismissive, often using profanity.", False),
        ("manner", "He says things like 'I am the best', and 'look at me'.", False),
        ("manner", "Grand words and small pauses.", True),
        ("hates", ["moustache", "beer", "nothing"], False),
        ("hates", ["drizzle", "his moustache"], True),
        ("catchphrase", "Watch this and.", False),
    ],
)
def test_what_a_small_model_writes_is_looked_at(field: str, value: object, kept: bool) -> None:
    reading = read_description("a teenage boy who is far too confident about his moustache", seed=1)
    good, bad = check_fields({field: value}, reading)
    assert (field in good) == kept
    assert (field in bad) != kept
    if field == "hates" and kept:
        assert good["hates"] == ("drizzle",)


def test_a_story_has_one_hero_and_no_circles() -> None:
    assert under_one_name("Tobias is a captain. He counts.", "Leopold") == "Leopold is a captain. He counts."
    assert under_one_name("Each day Tobias counts.", "Leopold", ["Tobias"]) == "Each day Leopold counts."
    turned = "Viktor taught chess. The fair left, and only Quentin had said goodbye."
    assert under_one_name(turned, "Viktor", ["Quentin"]).endswith("only Viktor had said goodbye.")
    friends = "Ada writes poems to her friend Elena."
    assert under_one_name(friends, "Ada", ["Elena"]) == friends
    assert named("Casey mends umbrellas. She's calm, and her friends like her.", "Casey") == (
        "Casey mends umbrellas. Casey is calm, and their friends like them."
    )
    reading = read_description("a nervous young man", seed=1)
    circles = "Dmitri had been afraid of doors, and " + "he had been afraid of doors, and " * 3 + "of stairs."
    good, _ = check_fields(
        {"name": "Dmitri", "backstory": f"Dmitri grew up above a bakery by the sea. {circles}"}, reading
    )
    assert good["backstory"] == "Dmitri grew up above a bakery by the sea."


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("a student who lives on instant noodles", ""),
        ("an anxious teacup from a very large family", ""),
        ("a baker from Lyon", "Lyon"),
        ("a sailor on the sea", "the sea"),
    ],
)
def test_nobody_lives_in_noodles(text: str, home: str) -> None:
    assert said_home(read_description(text, seed=1)) == home


def test_a_title_is_no_name_and_ends_no_sentence() -> None:
    reading = read_description("old Mr Pomeroy, who feeds the ducks and argues with them", seed=1)
    story = "Mr. Pomeroy was once inspired by a book without an end. He has fed every duck of the park since."
    good, _ = check_fields({"backstory": story}, reading)
    assert good["backstory"] == story.replace("Mr.", "Mr")


def test_names_that_only_the_prompt_knows_are_nobodys() -> None:
    answer = {
        **GOOD,
        "name": "Silas",
        "lines": ["I keep the lamp.", "I count ships.", "I play Monk at night."],
    }
    plain = write_card("a grumpy old fisherman", llm=Scripted(json.dumps(answer)), seed=3)
    asked = Scripted(json.dumps(answer))
    write_card("a grumpy old fisherman", llm=asked, seed=3)
    offered = re.search(r"name like ([^,;]+)", asked.asked[-1][-1]["content"])
    assert offered
    stranger = offered[1].strip()
    answer["hates"], answer["lines"] = (
        [stranger.lower(), "ferries"],
        [f"I miss {stranger}.", *answer["lines"]],
    )
    answer["backstory"] = f"The light went out one night, and only {stranger} kept watch. The sea was kind."
    card = write_card("a grumpy old fisherman", llm=Scripted(json.dumps(answer)), seed=3)
    assert stranger not in str((card.context, card.personal.constitution))
    assert "only Silas kept watch" in card.context.backstory
    assert card.personal.constitution[:3] == plain.personal.constitution[:3]
