"""The whole way from a sentence to a signed video, with the real weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError, ConsentError, UsageError
from chatanything.media.image import write_png
from chatanything.media.video import read_video
from chatanything.provenance.c2pa import verify_file
from chatanything.studio import Studio
from chatanything.voice.match import TOO_CLOSE, closeness

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(llm="rules", size=256)


@pytest.fixture(scope="module")
def apple(studio: Studio) -> Persona:
    return studio.create("a cheerful apple who sings opera", seed=7)


def test_create_gives_a_complete_persona(apple: Persona) -> None:
    assert apple.card.species == "apple"
    assert sum(weight for _, weight in apple.voice.weights) == pytest.approx(1.0)
    assert apple.portrait.image.shape == (256, 256, 3)
    assert apple.portrait.landmarks.shape == (478, 3)
    assert len(apple.references.lips) == 8
    openings = {ref.name: ref.opening for ref in apple.references.lips}
    assert openings["PP"] < 0.05 < openings["aa"]
    assert [record.stage for record in apple.records] == ["persona", "voice", "face"]


def test_say_writes_a_signed_video_in_sync(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    out = tmp_path / "apple.mp4"
    video = studio.say(apple, "Hello, my dear friends!", out=out)
    frames, fps = read_video(out)
    count = sum(1 for _ in frames)
    assert fps == 25
    assert count == pytest.approx(video.duration_s * 25, abs=1)
    assert video.sha256
    assert verify_file(out).state == "valid"
    assert [record.stage for record in video.records][-3:] == ["motion", "render", "write"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["apple.mp4", "apple.mp4.json"]


def test_card_files_keep_the_persona(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    for suffix in (".charx", ".png", ".json"):
        again = studio.load(apple.save(tmp_path / f"apple{suffix}"))
        assert again.voice == apple.voice
        assert again.card.greeting == apple.card.greeting
        assert np.array_equal(again.portrait.image, apple.portrait.image)
        assert np.array_equal(again.references.lips[5].image, apple.references.lips[5].image)


def test_same_seed_same_persona(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    twin = studio.create("a cheerful apple who sings opera", seed=7)
    assert twin.card == apple.card
    assert np.array_equal(twin.portrait.image, apple.portrait.image)
    first = apple.save(tmp_path / "a.png").read_bytes()
    assert len(first) > 1000


def test_a_second_persona_does_not_sound_like_the_first(studio: Studio, apple: Persona) -> None:
    other = studio.create(apple.card.description, seed=apple.card.seed, unlike=[apple.voice])
    assert other.card == apple.card
    assert closeness(other.voice, apple.voice) <= TOO_CLOSE < closeness(apple.voice, apple.voice)


def test_own_picture_needs_consent_and_a_face(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    picture, blank = tmp_path / "face.png", tmp_path / "blank.png"
    write_png(picture, apple.portrait.image)
    write_png(blank, np.full((256, 256, 3), 128, np.uint8))
    with pytest.raises(ConsentError, match="consent"):
        studio.create("a singer", face_image=picture)
    with pytest.raises(UsageError, match="face"):
        studio.create("a singer", face_image=blank, consent="I drew this")
    persona = studio.create("a singer", face_image=picture, consent="I drew this")
    assert persona.portrait.expert == "photo"
    assert persona.card.safety.consent == "I drew this"


def test_a_statement_that_says_nothing_is_refused_before_the_work(
    studio: Studio, apple: Persona, tmp_path: Path
) -> None:
    picture = tmp_path / "face.png"
    write_png(picture, apple.portrait.image)
    told: list[str] = []

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        told.append(stage)

    steps = studio.create_steps("a singer", face_image=picture, consent="ok", progress=progress)
    with pytest.raises(ConsentError, match="says nothing"):
        next(steps)
    assert not told


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_unspeakable_text_is_refused(studio: Studio, apple: Persona, tmp_path: Path, text: str) -> None:
    with pytest.raises(ChatAnythingError):
        studio.say(apple, text, out=tmp_path / "x.mp4")
    assert not list(tmp_path.iterdir())
