"""Captions of kit characters in many wordings, from the parameters that drew them.

Every wording names a random part of what can be seen, in words that people type; some carry a temper or
a hobby as well, which the picture cannot show, so that such words do no harm.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

from chatanything.face import looks
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import BACKGROUNDS, SKINS, Character

_CHILD, _MIDDLE, _OLD = 0.22, 0.5, 0.7
_SAID: Final = 0.7
"""Chance of an attribute to be named."""
_SKIN: Final = (
    ("pale skin", "porcelain skin"), ("fair skin",), ("light skin",), ("tanned skin", "tan skin"),
    ("olive skin",), ("brown skin",), ("dark skin", "dark brown skin"), ("deep dark skin", "black skin"),
)  # fmt: skip
_HAIR: Final[Mapping[str, Sequence[str]]] = {
    "bald": ("a bald head", "no hair"), "short": ("short {c} hair",), "buzz": ("a {c} buzz cut",),
    "bob": ("a {c} bob", "chin-length {c} hair"), "long": ("long {c} hair", "flowing {c} hair"),
    "bun": ("{c} hair in a bun",), "curly": ("curly {c} hair", "{c} curls"), "ponytail": ("a {c} ponytail",),
    "mohawk": ("a {c} mohawk",), "quiff": ("a {c} quiff",), "afro": ("a {c} afro",),
    "side part": ("{c} hair with a side part",), "slicked back": ("slicked back {c} hair",),
    "undercut": ("a {c} undercut",), "spiky": ("spiky {c} hair", "messy {c} hair"),
    "pixie": ("a {c} pixie cut",), "bowl": ("a {c} bowl cut",), "receding": ("receding {c} hair",),
    "balding": ("balding {c} hair", "a balding head"), "wavy": ("wavy {c} hair",),
    "bangs": ("{c} hair with bangs", "{c} hair with a fringe"), "topknot": ("a {c} topknot",),
    "space buns": ("{c} space buns",), "pigtails": ("{c} pigtails",), "braids": ("{c} braids",),
    "ringlets": ("{c} ringlets",), "afro puffs": ("{c} afro puffs",), "dreadlocks": ("{c} dreadlocks",),
}  # fmt: skip
_HAIR_COLOR: Final[Mapping[str, Sequence[str]]] = {
    "blonde": ("blonde", "golden"), "red": ("red", "ginger"), "grey": ("grey", "gray", "silver"),
}  # fmt: skip
_BEARD: Final[Mapping[str, Sequence[str]]] = {
    "moustache": ("a moustache",), "handlebar": ("a handlebar moustache", "a curled moustache"),
    "goatee": ("a goatee",), "full": ("a beard", "a full beard"), "long": ("a long beard",),
}  # fmt: skip
_HAT: Final[Mapping[str, Sequence[str]]] = {
    "cap": ("a cap", "a baseball cap"), "sailor": ("a sailor cap", "a captain's hat"),
    "beanie": ("a beanie", "a woolly hat"), "crown": ("a crown", "a golden crown"),
    "leaf": ("a leaf on top",),
    "antenna": ("an antenna",), "fedora": ("a fedora",), "top hat": ("a top hat",),
    "straw hat": ("a straw hat",), "beret": ("a beret",), "chef": ("a chef's hat",),
    "wizard": ("a wizard hat", "a pointed hat"), "hard hat": ("a hard hat",),
    "police": ("a police cap",), "cowboy": ("a cowboy hat",), "headphones": ("headphones",),
    "flower": ("a flower in the hair",), "bow": ("a hair bow",), "headscarf": ("a headscarf", "a hijab"),
    "turban": ("a turban",),
}  # fmt: skip
_HAT_JOB: Final[Mapping[str, Sequence[str]]] = {
    "sailor": ("sailor", "captain", "lighthouse keeper"), "crown": ("king", "queen"),
    "chef": ("chef", "cook"),
    "wizard": ("wizard",), "hard hat": ("builder",), "police": ("police officer",),
    "cowboy": ("cowboy", "sheriff"), "top hat": ("magician",), "straw hat": ("farmer", "gardener"),
    "fedora": ("detective",), "beret": ("painter",), "headphones": ("DJ",),
}  # fmt: skip
_OUTFIT: Final[Mapping[str, Sequence[str]]] = {
    "plain": ("a {c} shirt",), "sweater": ("a {c} sweater", "a {c} jumper"), "shirt": ("a shirt and tie",),
    "suit": ("a suit",), "hoodie": ("a {c} hoodie",), "dress": ("a {c} dress",),
    "uniform": ("a uniform",), "lab coat": ("a lab coat",), "apron": ("an apron",),
    "scarf": ("a {c} scarf",),
}  # fmt: skip
_OUTFIT_JOB: Final[Mapping[str, Sequence[str]]] = {
    "lab coat": ("scientist", "doctor"), "apron": ("baker", "barista"), "suit": ("banker", "lawyer"),
    "shirt": ("teacher", "clerk"), "uniform": ("officer", "pilot"),
}  # fmt: skip
_TEMPER: Final = (
    "grumpy", "cheerful", "shy", "proud", "lazy", "wise", "curious", "gentle", "nervous", "friendly", "bossy",
    "clever", "dreamy", "brave", "silly", "sleepy", "kind", "strict", "polite", "lonely", "witty",
    "mysterious",
)  # fmt: skip
_HOBBY: Final = (
    "who loves jazz", "who sings opera", "who tells stories", "who dreams of the sea", "who collects stamps",
    "who plays chess", "who bakes bread", "who writes poems", "who loves to dance", "who talks too much",
    "who knows every star", "who hates Mondays", "who is afraid of water", "who gives advice",
)  # fmt: skip


def captions(c: Character, rng: random.Random, count: int) -> tuple[str, ...]:
    """Different wordings for one character.

    Args:
        c: Whom the picture shows.
        rng: Decides what is named, and how.
        count: How many.
    """
    return tuple(_caption(c, rng) for _ in range(count))


def _caption(c: Character, rng: random.Random) -> str:
    subject, named = _person(c, rng) if c.kind == "human" else _thing(c, rng)
    if rng.random() < 0.25:
        subject = f"{rng.choice(_TEMPER)} {subject}"
    text = f"{'an' if subject[0] in 'aeio' else 'a'} {subject}"
    details = [detail for detail in named if rng.random() < _SAID]
    rng.shuffle(details)
    if details:
        text += " with " + ", ".join(details)
    worn = _worn(c, rng)
    if worn:
        text += (", wearing " if details else " wearing ") + " and ".join(worn)
    mood = _mood(c, rng)
    if mood and rng.random() < 0.5:
        text += f", {mood}"
    if rng.random() < 0.2:
        text += f", {rng.choice(_HOBBY)}"
    return text + _place(c, rng)


def _person(c: Character, rng: random.Random) -> tuple[str, list[str]]:
    child, man = c.age < _CHILD, c.gender == "man"
    noun = ("boy" if man else "girl") if child else ("man" if man else "woman")
    jobs = [*_HAT_JOB.get(c.hat, ()), *_OUTFIT_JOB.get(c.outfit, ())]
    if c.hat == "crown":
        jobs = ["king" if man else "queen"]
    if jobs and not child and rng.random() < 0.4:
        noun = f"{'' if rng.random() < 0.5 else 'male ' if man else 'female '}{rng.choice(jobs)}"
    if c.age > _OLD:
        noun = rng.choice(("old ", "elderly ")) + noun
    elif c.age > _MIDDLE:
        noun = rng.choice(("middle-aged ", "")) + noun
    elif not child and c.age < 0.35:
        noun = rng.choice(("young ", "")) + noun
    if c.build < -0.4:
        noun = rng.choice(("thin ", "slim ", "")) + noun
    elif c.build > 0.3:
        noun = rng.choice(("plump ", "heavy ", "chubby ", "")) + noun
    color = rng.choice(_HAIR_COLOR.get(c.hair_color, (c.hair_color,)))
    named = [rng.choice(_SKIN[c.skin]), rng.choice(_HAIR[c.hair]).format(c=color), f"{c.eyes.iris} eyes"]
    if c.beard in _BEARD:
        named.append(rng.choice(_BEARD[c.beard]))
    marks = ((c.freckles > 0.3, "freckles"), (c.scar, "a scar"), (c.stubble > 0.3, "stubble"),
             (c.lipstick, "lipstick"), (c.makeup > 0.4, "make-up"))  # fmt: skip
    return noun, named + [word for shown, word in marks if shown]


def _thing(c: Character, rng: random.Random) -> tuple[str, list[str]]:
    """What a kind is called in this variant, with the words that mean its colour."""
    kind, variant = KINDS[c.kind], c.variant % 4
    if c.kind in ("thing", "creature"):
        return _simple(c, rng), ["a face"] if rng.random() < 0.3 else []
    exact = [word for word, wanted in kind.names.items() if wanted == variant]
    loose = [kind.name, *(word for word, wanted in kind.names.items() if wanted is None)]
    noun = rng.choice(exact) if exact and rng.random() < 0.6 else rng.choice(loose)
    colors = [word for word, wanted in kind.colors.items() if wanted == variant and word not in noun]
    if colors and rng.random() < _SAID:
        noun = f"{rng.choice(colors)} {noun}"
    if kind.category not in ("animal", "cartoon") and rng.random() < 0.2:
        noun = f"{rng.choice(('talking', 'living'))} {noun}"
    named = [f"{c.eyes.iris} eyes"] if rng.random() < 0.5 else []
    return noun, named + (["a face"] if rng.random() < 0.2 else [])


def _simple(c: Character, rng: random.Random) -> str:
    """What a simple body might be, from its shape, colour and material."""
    meant = looks.SHAPES[c.kind, c.variant % 4].split(": ")[1].split(", ")
    noun = rng.choice([*meant, c.kind]).removeprefix("a ").removeprefix("an ").removeprefix("the ")
    made = {"metal": "metal", "wood": "wooden", "stone": "stone", "glass": "glass", "paper": "paper"}
    stuff = made.get(c.stuff, "") if rng.random() < _SAID else ""
    return " ".join(word for word in (c.tint if rng.random() < _SAID else "", stuff, noun) if word)


def _worn(c: Character, rng: random.Random) -> list[str]:
    worn = []
    if c.hat in _HAT and not (KINDS[c.kind].own_top and c.hat not in ("leaf", "antenna")):
        worn.append(rng.choice(_HAT[c.hat]))
    if c.glasses != "none":
        named = (
            ("a monocle",) if c.glasses == "monocle" else ("glasses", f"{c.glasses} glasses", "spectacles")
        )
        worn.append(rng.choice(named))
    if c.shoulders and rng.random() < 0.6:
        worn.append(rng.choice(_OUTFIT[c.outfit]).format(c=c.cloth))
    return [what for what in worn if rng.random() < _SAID]


def _mood(c: Character, rng: random.Random) -> str:
    shown = c.expression
    moods: Sequence[str] = ()
    if shown.get("jawOpen", 0.0) > 0.3:
        moods = ("mouth open", "mouth wide open")
    elif shown.get("mouthFrown", 0.0) > 0.25:
        moods = ("sad", "frowning") if shown.get("browDown", 0.0) < 0.3 else ("angry", "disgusted")
    elif shown.get("browDown", 0.0) > 0.5:
        moods = ("angry", "furious")
    elif shown.get("eyeWide", 0.0) > 0.3:
        moods = ("surprised", "astonished")
    elif shown.get("mouthSmile", 0.0) > 0.6:
        moods = ("smiling", "happy")
    return rng.choice(moods) if moods else ""


def _place(c: Character, rng: random.Random) -> str:
    if rng.random() > 0.5:
        return ""
    if c.background in BACKGROUNDS:
        return f", {c.background} background"
    return rng.choice((f", {c.background} background", f", {c.background} in the background"))


assert len(_SKIN) == len(SKINS)
