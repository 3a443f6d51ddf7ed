"""Two characters who talk with each other."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from chatanything.bundle import Persona
from chatanything.duet import Line, converse, perform_duet
from chatanything.errors import UsageError
from chatanything.evaluation.mouth import opening_of
from chatanything.face.landmarks import FaceDetector
from chatanything.media.audio import read_audio
from chatanything.media.video import read_video
from chatanything.persona.writer import write_card
from chatanything.provenance.c2pa import verify_file
from chatanything.studio import Studio
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
BRAM = write_card("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)
PIPPA = write_card("a cheerful apple named Pippa who sings opera", llm=None, seed=2)


def texts(*answers: str, turns: int = 6) -> list[tuple[int, str]]:
    llm = Scripted(*answers)
    found = converse((BRAM, PIPPA), "the sea", turns=turns, llm=llm, seed=1)
    return [(line.speaker, line.text) for line in found]


def test_they_take_turns_and_each_hears_the_other() -> None:
    llm = Scripted("The sea is loud.", "I sing louder!", "Hm. Prove it.", "La la la!")
    lines = list(converse((BRAM, PIPPA), "the sea", turns=4, llm=llm, seed=1))
    assert [line.speaker for line in lines] == [0, 1, 0, 1]
    assert llm.asked[0][-1]["content"] == "I am Pippa. Let us talk about the sea."
    assert "You are Bram" in llm.asked[2][0]["content"]
    assert [turn["content"] for turn in llm.asked[2][-2:]] == ["The sea is loud.", "I sing louder!"]
    assert [turn["role"] for turn in llm.asked[2][-2:]] == ["assistant", "user"]
    assert "You are Pippa" in llm.asked[3][0]["content"]
    assert [turn["role"] for turn in llm.asked[3][-3:]] == ["user", "assistant", "user"]


def test_nobody_speaks_for_the_other_and_talks_end() -> None:
    assert texts("Loud, it is. Pippa: And wet!", "Bram: Yes.", turns=1) == [(0, "Loud, it is.")]
    assert texts("The sea was loud when I told Pippa: never again.", turns=1) == [
        (0, "The sea was loud when I told Pippa: never again.")
    ]
    assert texts("Loud.\n\nPippa : Wet.", turns=1) == [(0, "Loud.")]
    assert texts("Good night, apple.", "Goodbye, Bram.", "Still here?") == [
        (0, "Good night, apple."),
        (1, "Goodbye, Bram."),
    ]
    assert texts("The same old song.", "Always the same?", "The same old song.")[-1] == (
        1,
        "Always the same?",
    )


def test_two_of_one_name_keep_their_lines() -> None:
    llm = Scripted("Bram: The sea is loud.", "Bram: The sea is calm.")
    lines = list(converse((BRAM, BRAM), "the sea", turns=2, llm=llm, seed=1))
    assert [line.text for line in lines] == ["The sea is loud.", "The sea is calm."]


def test_without_a_model_their_cards_speak() -> None:
    lines = list(converse((BRAM, PIPPA), "music", turns=5, llm=None, seed=3))
    assert len(lines) == 5
    assert len({line.text for line in lines}) == 5


@pytest.mark.parametrize(("topic", "turns"), [("", 3), ("x" * 201, 3), ("sea", 0), ("sea", 41)])
def test_wrong_topics_and_lengths_are_refused(topic: str, turns: int) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        converse((BRAM, PIPPA), topic, turns=turns, llm=None, seed=1)


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(llm="rules", size=256, renderer="warp", fps=12.5)


@pytest.fixture(scope="module")
def pair(studio: Studio) -> tuple[Persona, Persona]:
    return (
        studio.create("a warm young woman who runs a bakery", seed=7),
        studio.create("a grumpy old lighthouse keeper with a beard", seed=7),
    )


def test_both_are_seen_and_only_the_speakers_mouth_moves(
    studio: Studio, pair: tuple[Persona, Persona], tmp_path: Path
) -> None:
    lines = [Line(0, "Papa baked a big apple pie."), Line(1, "Maybe. But my boat is bigger.")]
    out = tmp_path / "duet.mp4"
    made = perform_duet(studio, pair, lines, out=out, seed=1)
    with av.open(str(out)) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == (512, 256)
        assert float(stream.average_rate) == 12.5
    frames = np.stack(list(read_video(out)[0]))
    assert len(frames) == pytest.approx(made.duration_s * 12.5, abs=2)
    with FaceDetector() as detector:
        moved = []
        for side in (0, 1):
            half = frames[:, :, 256 * side : 256 * (side + 1)]
            found = [detector.detect(np.ascontiguousarray(picture)) for picture in half]
            opening = opening_of([faces[0].landmarks if faces else None for faces in found])
            middle = len(opening) // 2
            moved.append((np.nanstd(opening[: middle - 3]), np.nanstd(opening[middle + 3 :])))
    assert moved[0][0] > 2 * moved[0][1]
    assert moved[1][1] > 2 * moved[1][0]
    sidecar = json.loads(Path(f"{out}.json").read_text())
    assert sidecar["persona"] == f"{pair[0].card.name} and {pair[1].card.name}"
    assert verify_file(out).state == "valid"
    samples, _ = read_audio(out)
    assert np.abs(samples).max() > 0.05
    again = perform_duet(studio, pair, lines, out=tmp_path / "again.mp4", seed=1)
    assert again.duration_s == made.duration_s


def test_pictures_of_two_sizes_and_empty_talks_are_refused(
    studio: Studio, pair: tuple[Persona, Persona], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="nothing is said"):
        perform_duet(studio, pair, [], out=tmp_path / "x.mp4", seed=1)
    large = Studio(llm="rules", size=512).create("a cheerful apple", seed=1)
    with pytest.raises(UsageError, match="differ in size"):
        perform_duet(studio, (pair[0], large), [Line(0, "Hi.")], out=tmp_path / "x.mp4", seed=1)
    assert not list(tmp_path.iterdir())
