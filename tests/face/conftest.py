"""One drawn keeper, one drawn apple and one clean-shaven picture for all tests of faces."""

from __future__ import annotations

import pytest

from chatanything.face.backends.template import TemplateEngine
from chatanything.face.generate import DrawnFace
from chatanything.face.kit.render import render
from chatanything.face.kit.shapes import build
from chatanything.face.look import design
from chatanything.types import LookBrief, UInt8

KEEPER = LookBrief(
    "a gentle old lighthouse keeper with a white beard and blue eyes", gender="male", age="old", mood="tender"
)


@pytest.fixture(scope="session")
def keeper() -> DrawnFace:
    return TemplateEngine().portrait(KEEPER, size=192, seed=3)


@pytest.fixture(scope="session")
def apple() -> DrawnFace:
    return TemplateEngine().portrait(LookBrief("a green apple", species="apple"), size=128, seed=11)


@pytest.fixture(scope="session")
def photo() -> UInt8:
    """A picture as a user might bring it: one frontal face with a closed mouth."""
    character = design(LookBrief("a woman with short hair", gender="female", age="young"), 2)
    character.expression = {"mouthSmile": 0.2}
    return render(build(character), 288).image
