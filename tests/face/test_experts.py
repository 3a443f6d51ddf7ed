from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.errors import FaceError
from chatanything.face.experts import EXPERTS, expert_of, load_experts, route
from chatanything.face.kit.hosts import KINDS


def test_every_kind_has_an_expert() -> None:
    assert {expert_of(kind) for kind in KINDS.values()} == set(EXPERTS) == set(load_experts())


def test_a_known_word_decides() -> None:
    chosen = route("a grumpy teapot", known="thing", word="teapot")
    assert chosen.expert.key == "thing"
    assert "'teapot'" in chosen.reason


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a nurse who sings", "human"),
        ("a wild boar", "animal"),
        ("a garden vegetable", "plant"),
        ("an android", "robot"),
    ],
)
def test_meaning_decides_without_a_word(text: str, key: str) -> None:
    chosen = route(text)
    assert chosen.expert.key == key
    assert "meaning" in chosen.reason


def test_the_language_model_is_asked_for_keys_only() -> None:
    asked: list[tuple[str, ...]] = []

    def ask(question: str, keys: tuple[str, ...]) -> str:
        assert "a wobbly thingamajig" in question
        asked.append(keys)
        return "fantasy"

    assert route("a wobbly thingamajig", ask=ask).expert.key == "fantasy"
    assert asked == [EXPERTS]


def test_an_answer_that_is_no_key_is_not_believed() -> None:
    chosen = route("a wild boar", ask=lambda *_: "An expert for pigs")
    assert chosen.expert.key == "animal"


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[experts.human]\nprompt = "x"\n')
    with pytest.raises(FaceError, match=r"mine\.toml"):
        load_experts(path)
    path.write_text('[experts.human]\ndraws = "people"\n')
    with pytest.raises(FaceError, match="expected human, animal"):
        load_experts(path)
