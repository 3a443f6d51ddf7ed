"""The fixed material of the lip-sync evaluation: who speaks, and what is said."""

from __future__ import annotations

from typing import Final

PERSONAS: Final = (
    "a warm young woman who runs a small bakery",
    "a grumpy old lighthouse keeper with a grey beard",
    "a cheerful red apple who sings opera",
    "a wise owl who teaches astronomy",
    "a nervous little robot who loves gardening",
    "an elegant old lady who collects butterflies",
    "a wise old oak tree who tells stories",
    "a strict young maths teacher with black hair and glasses",
    "a polite teapot who gossips",
    "a shy little boy who loves dinosaurs",
)
"""Five people and five things of different build."""
PEOPLE: Final = frozenset(PERSONAS[who] for who in (0, 1, 5, 7, 9))
PAIRS: Final = 200
"""Every persona with every sentence."""

SENTENCES: Final = (
    "My brother Bob built a big blue boat before breakfast.",
    "Please put the purple paper back upon the bookshelf, will you?",
    "Mum baked plum pies, and everybody grabbed a piece.",
    "The moon rose slowly. Nobody spoke. Then a baby laughed.",
    "Have you ever seen five fat foxes vanish over a fence?",
    "Bring me a map, a lamp, and maybe a bit of rope.",
    "I would rather swim in cold water than sit by the warm stove.",
    "Apples, pears, and pumpkins piled up beside the barn.",
    "She sells fresh fish at the market every Thursday morning.",
    "Stop! Keep both palms on the table, please.",
    "We walked home happily, humming a simple melody.",
    "Can a clumsy camel climb a steep and bumpy path?",
    "The old clock in the hall ticks louder at night.",
    "My favorite pupils played piano, drums, and trumpet together.",
    "Oh wow, you found our yellow umbrella under the bridge!",
    "Perhaps tomorrow. Perhaps never. But I promise I will be here.",
    "Thick fog crept up from the river and covered the town.",
    "A bumblebee bumped my elbow while I picked blackberries.",
    "George usually chooses orange juice and a cheese sandwich.",
    "Good night, my friend, and may your dreams be peaceful.",
)
"""Sentences of four to seven seconds, rich in P, B and M, with questions, lists and full stops inside."""


def pair(number: int) -> tuple[int, int]:
    """Who says what in clip `number`, 0..PAIRS - 1: persona and sentence.

    The first ten clips have all personas, the first twenty all sentences.
    """
    turn, sentence = divmod(number, len(SENTENCES))
    return (sentence + turn) % len(PERSONAS), sentence
