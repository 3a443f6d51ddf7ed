"""One drawn keeper and one drawn apple for all tests of faces."""

from __future__ import annotations

import pytest

from chatanything.face.backends.template import TemplateEngine
from chatanything.face.generate import DrawnFace
from chatanything.types import LookBrief

KEEPER = LookBrief(
    "a gentle old lighthouse keeper with a white beard and blue eyes", gender="male", age="old", mood="tender"
)


@pytest.fixture(scope="session")
def keeper() -> DrawnFace:
    return TemplateEngine().portrait(KEEPER, size=256, seed=3)


@pytest.fixture(scope="session")
def apple() -> DrawnFace:
    return TemplateEngine().portrait(LookBrief("a green apple", species="apple"), size=128, seed=11)
