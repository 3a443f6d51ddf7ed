"""The body follows the noun, not what else the words mention."""

from __future__ import annotations

import pytest

from chatanything.face.look import design
from chatanything.types import LookBrief

pytestmark = pytest.mark.weights


@pytest.mark.parametrize(
    ("species", "text", "kind"),
    [
        ("human", "a grumpy old lighthouse keeper who loves jazz and his cat", "human"),
        ("human", "a librarian surrounded by books", "human"),
        ("human", "a grandmother who bakes apple pie", "human"),
        ("person", "a red-haired dog walker", "human"),
        ("", "a cheerful apple who sings opera", "apple"),
        ("apple tree", "an apple tree full of birds", "tree"),
        ("teapot", "a teapot from Leeds", "teapot"),
        ("penguin", "a penguin", "penguin"),
    ],
)
def test_the_body_follows_the_noun(species: str, text: str, kind: str) -> None:
    assert design(LookBrief(text=text, species=species), 3).kind == kind
