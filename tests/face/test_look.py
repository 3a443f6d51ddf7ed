"""Words -> parameters of a character."""

from __future__ import annotations

import re

import pytest

from chatanything.face import looks
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import HATS
from chatanything.face.look import _first, choose_body, design
from chatanything.face.looks import BEARD_WORDS, GLASSES_WORDS, HAIR_WORDS, HAT_WORDS
from chatanything.types import LookBrief

pytestmark = pytest.mark.weights
KEEPER = LookBrief(
    "a gentle old lighthouse keeper with a white beard and blue eyes", gender="male", age="old"
)


def spoken(words: str) -> str:
    """As `design` reads them."""
    return " ".join(re.findall(r"[a-z]+", words.lower()))


@pytest.mark.parametrize("seed", range(8))
def test_a_lighthouse_keeper_keeps_what_the_words_say(seed: int) -> None:
    character = design(KEEPER, seed)
    assert (character.kind, character.gender) == ("human", "man")
    assert character.age >= 0.7
    assert character.hat == "sailor"
    assert character.beard in ("full", "long")
    assert character.hair_color == "white"
    assert character.eyes.iris == "blue"
    assert character.background == "lighthouse"


@pytest.mark.parametrize(
    ("words", "beard"),
    [
        ("a man with a moustache", "moustache"),
        ("a man with a goatee", "goatee"),
        ("a bearded man", "full"),
        ("a wizard with a long grey beard", "long"),
    ],
)
def test_beard_words(words: str, beard: str) -> None:
    assert design(LookBrief(words, gender="male"), 5).beard == beard


@pytest.mark.parametrize(
    ("words", "hair"),
    [
        ("a rebellious punk", "mohawk"),
        ("a woman with a mohawk", "mohawk"),
        ("a steampunk inventor", None),
        ("a steam-punk inventor", None),
        ("a cyberpunk hacker woman", None),
        ("a spunky girl", None),
    ],
)
def test_a_punk_is_a_whole_word(words: str, hair: str | None) -> None:
    assert _first(HAIR_WORDS, spoken(words)) == hair


@pytest.mark.parametrize(
    ("words", "hat"),
    [
        ("a captain of a ship", "sailor"),
        ("a lighthouse keeper", "sailor"),
        ("an old seaman among sailors", "sailor"),
        ("a shipping clerk", None),
        ("a man who waits for a shipment", None),
    ],
)
def test_a_ship_is_a_whole_word(words: str, hat: str | None) -> None:
    assert _first(HAT_WORDS, spoken(words)) == hat


@pytest.mark.parametrize(
    ("words", "glasses"),
    [("two teachers", "round"), ("a nerdy boy", "round"), ("a girl with a scholarship", None)],
)
def test_a_scholarship_wears_no_glasses(words: str, glasses: str | None) -> None:
    assert _first(GLASSES_WORDS, spoken(words)) == glasses


def test_long_beards_are_whole_words() -> None:
    beards = {
        words: _first(BEARD_WORDS, words) for words in ("a wizard", "a long bearded man", "a longbeard")
    }
    assert beards == {"a wizard": "long", "a long bearded man": "long", "a longbeard": None}


def test_no_alternative_of_a_table_is_left_alone() -> None:
    """In `a|b` each alternative has its own borders, so that the words around it are others' words."""
    tables = (value for name, value in vars(looks).items() if name.endswith("_WORDS"))
    for pattern, _ in (row for table in tables for row in table):
        assert "|" not in re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", pattern), pattern
        assert pattern.startswith(r"\b"), pattern
        assert pattern.endswith(r"\b"), pattern


def test_words_that_begin_alike_mean_something_else() -> None:
    brows = [design(LookBrief("a woman with blue eyeshadow", gender="female"), n).eyes.iris for n in range(4)]
    assert set(brows) != {"blue"}
    fishery = [design(LookBrief("a fishery clerk", gender="male"), seed).beard for seed in range(12)]
    assert "none" in fishery


def test_children_and_women_get_no_beard_from_words() -> None:
    assert design(LookBrief("a bearded boy", gender="male", age="child"), 1).beard == "none"
    assert design(LookBrief("a woman who loves a bearded man", gender="female"), 1).beard == "none"


@pytest.mark.parametrize(("color", "variant"), [("red", 0), ("green", 1), ("yellow", 2), ("pink", 3)])
def test_the_color_of_an_apple(color: str, variant: int) -> None:
    character = design(LookBrief(f"a {color} apple", species="apple"), 4)
    assert (character.kind, character.variant) == ("apple", variant)


@pytest.mark.parametrize(
    ("species", "kind"),
    [
        ("teapot", "teapot"),
        ("panda", "bear"),
        ("kitten", "cat"),
        ("suitcase", "suitcase"),
        ("goblin", "goblin"),
    ],
)
def test_species_by_name(species: str, kind: str) -> None:
    assert design(LookBrief(f"a friendly {species}", species=species), 2).kind == kind


@pytest.mark.parametrize(
    ("species", "kind"),
    [("meerkat", "monkey"), ("wallaby", "fox"), ("toaster", "thing"), ("qwerty", "thing")],
)
def test_unknown_species_go_by_meaning_and_say_so(species: str, kind: str) -> None:
    look = LookBrief(f"a friendly {species}", species=species)
    body = choose_body(look)
    assert repr(species) in body.note
    assert body.kind == design(look, 2).kind
    if kind == "thing":
        assert body.kind == kind


def test_known_species_need_no_note() -> None:
    assert choose_body(LookBrief("a friendly fox", species="fox")).note == ""


def test_simple_things_take_colour_and_material_from_the_words() -> None:
    vase = design(LookBrief("a blue wooden fridge", species="fridge"), 2)
    assert (vase.kind, vase.tint, vase.stuff) == ("thing", "blue", "wood")


def test_a_librarian_wears_glasses_and_a_king_a_crown() -> None:
    assert design(LookBrief("a strict librarian", gender="female"), 1).glasses == "round"
    assert design(LookBrief("a proud king", gender="male"), 1).hat == "crown"
    plain = design(LookBrief("a baker", gender="male"), 1)
    assert (plain.glasses, plain.hat) == ("none", "none")


def test_mood_sets_the_resting_expression() -> None:
    sad = design(LookBrief("a woman", gender="female", mood="sad"), 1).expression
    happy = design(LookBrief("a woman", gender="female", mood="happy"), 1).expression
    assert sad["mouthFrown"] > 0.2
    assert happy["mouthSmile"] > 0.3
    assert "mouthFrown" not in happy


def test_the_seed_decides_the_rest() -> None:
    brief = LookBrief("somebody")
    assert design(brief, 1).to_dict() == design(brief, 1).to_dict()
    looks = [design(brief, seed).to_dict() for seed in range(6)]
    assert all(a != b for i, a in enumerate(looks) for b in looks[i + 1 :])
    assert all(look["kind"] in KINDS and look["hat"] in HATS for look in looks)


def test_bears_are_told_apart_and_things_have_their_usual_colour() -> None:
    bears = {word: design(LookBrief(f"a {word}", species=word), 3).variant for word in ("panda", "bear")}
    polar = design(LookBrief("a polar bear", species="bear"), 3).variant
    assert polar not in bears.values()
    assert design(LookBrief("a wine bottle", species="bottle"), 3).tint == "green"
    assert design(LookBrief("a blue wine bottle", species="bottle"), 3).tint == "blue"
