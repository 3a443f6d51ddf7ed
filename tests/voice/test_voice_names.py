"""Names of voices: schemes, what stands in, and recordings that need consent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatanything.bundle import Persona, load
from chatanything.errors import ConsentError, NotFoundError, SpeechError, UsageError
from chatanything.media.audio import read_audio, write_wav
from chatanything.settings import settings
from chatanything.studio import Studio
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.clones import clip_of, clones, forget_clone, make_clone
from chatanything.voice.licences import XTTS, accept, accepted
from chatanything.voice.names import check_public, named, stand_in_for
from chatanything.voice.speech import Speaker
from chatanything.voice.stored import voice_from

BANKED = VoiceChoice("kokoro", (("af_heart", 0.6), ("af_bella", 0.4)))
RATE = 24_000
CONSENT = "This is my own voice and I agree"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATANYTHING_HOME", str(tmp_path / "home"))
    settings.cache_clear()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds of somebody speaking."""
    text = "The boats come home at night, and I count every one of them from my window."
    speech = Speaker().speak(text, BANKED, Delivery(), seed=1)
    path = tmp_path_factory.mktemp("clip") / "clip.wav"
    write_wav(path, speech.samples, speech.sample_rate)
    return path


def test_schemes_lead_to_backends() -> None:
    assert named("af_heart") == VoiceChoice("kokoro", (("af_heart", 1.0),), reason=("asked for by name",))
    coqui = named(" coqui:Claribel Dervla ", instead_of=BANKED)
    assert coqui is not None
    assert (coqui.backend, coqui.weights) == ("coqui", (("Claribel Dervla", 1.0),))
    assert stand_in_for(coqui) == BANKED
    again = named("endpoint:alloy", instead_of=coqui)
    assert again is not None
    assert again.stand_in == BANKED
    assert named("a warm old woman") is None


@pytest.mark.parametrize("words", ["coqui:", "endpoint:   ", "coqui:a\nb", "endpoint:" + "x" * 500])
def test_scheme_without_a_usable_name(words: str) -> None:
    with pytest.raises(UsageError, match="names no voice"):
        named(words)


@pytest.mark.weights
def test_recording_becomes_a_voice_with_consent_and_licence(recording: Path) -> None:
    with pytest.raises(ConsentError, match="needs consent"):
        make_clone("ann", recording, consent=" ")
    with pytest.raises(ConsentError, match="licence"):
        make_clone("ann", recording, consent=CONSENT)
    accept(XTTS)
    assert accepted(XTTS)
    kept = make_clone("ann", recording, consent=CONSENT)
    assert [one.name for one in clones()] == ["ann"]
    samples, rate = read_audio(kept.clip)
    assert (rate, samples.ndim) == (22_050, 1)
    choice = named("clone:ann", instead_of=BANKED)
    assert choice is not None
    assert choice.consent is not None
    assert choice.consent.statement == CONSENT
    assert clip_of("ann", choice.consent) == kept.clip
    with pytest.raises(NotFoundError, match="no such voice"):
        check_public("clone:ann")


@pytest.mark.weights
def test_consent_is_for_one_recording(recording: Path, tmp_path: Path) -> None:
    accept(XTTS)
    first = make_clone("ann", recording, consent=CONSENT)
    samples, rate = read_audio(recording)
    write_wav(tmp_path / "other.wav", samples[::-1].copy(), rate)
    make_clone("ann", tmp_path / "other.wav", consent=CONSENT)
    with pytest.raises(ConsentError, match="not for the recording"):
        clip_of("ann", first.consent)
    with pytest.raises(ConsentError, match="not for the recording"):
        clip_of("ann", None)


@pytest.mark.weights
def test_swapped_clip_is_no_voice_any_more(recording: Path) -> None:
    accept(XTTS)
    kept = make_clone("ann", recording, consent=CONSENT)
    kept.clip.write_bytes(kept.clip.read_bytes()[:-2])
    with pytest.raises(NotFoundError, match="clone:ann"):
        named("clone:ann")
    assert clones() == ()


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """Five seconds of sound."""
    path = tmp_path / "noise.wav"
    write_wav(path, np.random.default_rng(0).normal(0, 0.1, 5 * RATE).astype(np.float32), RATE)
    return path


def test_no_recording_stays_without_its_consent(noise: Path) -> None:
    accept(XTTS)
    home = settings().cache / "clones"
    with pytest.raises(ConsentError):
        make_clone("ann", noise, consent="ok")
    assert list(home.iterdir()) == []
    kept = make_clone("ann", noise, consent=CONSENT)
    with pytest.raises(ConsentError):
        make_clone("ann", noise, consent="ok")
    assert clones() == (kept,)
    newer = make_clone("ann", noise, consent=CONSENT + ", again")
    assert clones() == (newer,)
    assert list(home.iterdir()) == [home / "ann"]


@pytest.mark.parametrize("consent", [None, "{}", "no JSON"])
def test_damaged_recordings_are_named_and_can_be_deleted(
    consent: str | None, noise: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = settings().cache / "clones" / "ann"
    # What a killed process leaves, now and before there were temporary folders.
    for place in (folder, folder.with_name(".ann.0a1b2c")):
        place.mkdir(parents=True)
        (place / "clip.wav").write_bytes(noise.read_bytes())
        if consent is not None:
            (place / "consent.json").write_text(consent)
    assert clones() == ()
    assert {str(folder) in one.message for one in caplog.records} == {True, False}
    assert len(caplog.records) == 2
    assert forget_clone("ann") == folder
    assert list(folder.parent.iterdir()) == []
    with pytest.raises(NotFoundError, match="clone:ann"):
        forget_clone("ann")


@pytest.mark.parametrize("name", ["", "..", ".", "../personas", "*"])
def test_only_recordings_are_deleted(name: str, tmp_path: Path) -> None:
    other = settings().cache / "personas" / "bo"
    other.mkdir(parents=True)
    (settings().cache / "clones").mkdir()
    with pytest.raises(NotFoundError):
        forget_clone(name)
    assert other.is_dir()


@pytest.mark.parametrize("name", ["", "../up", "Ann", "a b", ".hidden", "x" * 60])
def test_names_that_could_leave_the_folder(name: str, tmp_path: Path) -> None:
    accept(XTTS)
    with pytest.raises(UsageError, match="cannot be used"):
        make_clone(name, tmp_path / "none.wav", consent=CONSENT)
    with pytest.raises((NotFoundError, UsageError)):
        named("clone:" + name)


def test_too_little_sound(tmp_path: Path) -> None:
    accept(XTTS)
    write_wav(tmp_path / "silence.wav", np.zeros(24_000 * 6, np.float32), 24_000)
    with pytest.raises(SpeechError, match="too little sound"):
        make_clone("ann", tmp_path / "silence.wav", consent=CONSENT)


def test_licence_under_another_name_is_not_accepted() -> None:
    path = accept(XTTS)
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, "name": "Coqui Public Model License 2.0"}))
    assert not accepted(XTTS)
    path.write_text("[]")
    assert not accepted(XTTS)


@pytest.fixture(scope="module")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


@pytest.mark.weights
def test_persona_keeps_voice_consent_and_stand_in(apple: Persona, recording: Path, tmp_path: Path) -> None:
    accept(XTTS)
    make_clone("ann", recording, consent=CONSENT)
    voice = Studio(llm="rules").voice_named("clone:ann", seed=1, instead_of=apple.voice)
    replace(apple, voice=voice).save(tmp_path / "apple.charx")
    stored = load(tmp_path / "apple.charx")
    assert stored.voice == voice
    assert stored.voice is not None
    assert stored.voice.stand_in == apple.voice


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": []},
        {"weights": [["x", -1.0]]},
        {"backend": ""},
        {"weights": [["x", float("nan")]]},
        {"weights": [["x\n", 1.0]]},
        {"rate": float("inf")},
        {"pitch": "high"},
        {"stand_in": {"backend": "kokoro", "weights": []}},
        {"consent": {"statement": "ok", "who": "me", "when": "now", "clip_sha256": "0"}},
    ],
)
def test_damaged_voice_in_a_file(wrong: dict[str, object]) -> None:
    raw: dict[str, object] = {"backend": "coqui", "weights": [["x", 1.0]], **wrong}
    with pytest.raises((ValueError, TypeError, KeyError, ConsentError)):
        voice_from(raw)
