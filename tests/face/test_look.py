"""Words -> parameters of a character."""

from __future__ import annotations

import pytest

from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import HATS
from chatanything.face.look import choose_body, design
from chatanything.types import LookBrief

pytestmark = pytest.mark.weights
KEEPER = LookBrief(
    "a gentle old lighthouse keeper with a white beard and blue eyes", gender="male", age="old"
)


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
