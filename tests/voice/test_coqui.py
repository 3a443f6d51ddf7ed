"""The coqui voices on their real library, in their own environment, with tiny random checkpoints."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import ConsentError, SpeechError, VoiceUnavailableError
from chatanything.media.audio import write_wav
from chatanything.settings import settings
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.backends import coqui_env
from chatanything.voice.backends.coqui import Coqui
from chatanything.voice.clones import make_clone
from chatanything.voice.licences import XTTS, accept
from chatanything.voice.names import named
from chatanything.voice.speech import Speaker

pytestmark = [pytest.mark.coqui, pytest.mark.slow]

MAKER = Path(__file__).parents[1] / "tiny" / "coqui_models.py"
BERT = VoiceChoice("coqui", (("bert", 1.0),))
TEXT = "The boats come home at night."


@pytest.fixture(scope="module")
def environment() -> Path:
    """The installed environment's Python; `make test-coqui` installs it."""
    settings.cache_clear()
    python = coqui_env.python()
    if python is None:
        pytest.skip("the coqui voices are not installed: make test-coqui")
    return python


@pytest.fixture(scope="module")
def models(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coqui")
    for kind in ("vits", "xtts"):
        command = [str(environment), "-I", str(MAKER), kind, str(folder / kind)]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def home(environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, with the installed environment in it."""
    (tmp_path / "home/environments").mkdir(parents=True)
    (tmp_path / "home/environments/coqui").symlink_to(coqui_env.folder(), target_is_directory=True)
    monkeypatch.setenv("CHATANYTHING_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    return tmp_path / "home"


@pytest.fixture
def vits(home: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Coqui]:
    monkeypatch.setenv("CHATANYTHING_COQUI_MODEL", str(models / "vits/model.pth"))
    settings.cache_clear()
    engine = Coqui()
    yield engine
    engine.close()


def test_many_speakers_each_with_bytes_of_its_own(vits: Coqui) -> None:
    assert vits.speakers() == ("anna", "bert", "carla")
    first, rate = vits.recite(TEXT, BERT, 1.0, seed=3)
    assert rate == 22_050
    assert np.abs(first).max() > 0
    np.testing.assert_array_equal(first, vits.recite(TEXT, BERT, 1.0, seed=3)[0])
    assert not np.array_equal(first, vits.recite(TEXT, BERT, 1.0, seed=4)[0])
    anna = VoiceChoice("coqui", (("anna", 1.0),))
    assert not np.array_equal(first, vits.recite(TEXT, anna, 1.0, seed=3)[0])
    slow, _ = vits.recite(TEXT, BERT, 0.5, seed=3)
    assert len(slow) > 1.5 * len(first)


def test_unknown_speaker_is_a_line_and_the_worker_lives_on(vits: Coqui) -> None:
    with pytest.raises(SpeechError, match="no speaker 'zoe'; it has: anna, bert, carla"):
        vits.recite(TEXT, VoiceChoice("coqui", (("zoe", 1.0),)), 1.0, seed=3)
    assert len(vits.recite(TEXT, BERT, 1.0, seed=3)[0])


def test_worker_killed_between_sentences_is_started_again(vits: Coqui) -> None:
    before, _ = vits.recite(TEXT, BERT, 1.0, seed=3)
    assert vits._worker is not None
    os.kill(vits._worker._process.pid, signal.SIGKILL)
    vits._worker._process.wait(5)
    np.testing.assert_array_equal(before, vits.recite(TEXT, BERT, 1.0, seed=3)[0])


def test_whole_speech_with_phones(vits: Coqui) -> None:
    speech = Speaker().speak(TEXT, BERT, Delivery(), seed=1)
    assert speech.backend == "coqui"
    phones = [unit for unit in speech.units if unit.kind == "phone"]
    assert phones[0].start_s == 0
    assert phones[-1].end_s == pytest.approx(speech.duration_s, abs=0.01)


def test_pickle_with_code_in_it_is_refused(vits: Coqui, models: Path, tmp_path: Path, monkeypatch) -> None:
    class Evil:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path}/owned",)

    (tmp_path / "model.pth").write_bytes(pickle.dumps({"model": Evil()}))
    monkeypatch.setenv("CHATANYTHING_COQUI_MODEL", str(tmp_path / "model.pth"))
    monkeypatch.setenv("CHATANYTHING_COQUI_CONFIG", str(models / "vits/config.json"))
    settings.cache_clear()
    with pytest.raises(VoiceUnavailableError) as caught:
        vits.recite(TEXT, BERT, 1.0, seed=3)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "owned").exists()


def test_xtts_speaks_like_a_recording(home: Path, models: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("CHATANYTHING_COQUI_MODEL", str(models / "xtts"))
    settings.cache_clear()
    time = np.arange(24_000 * 5) / 24_000
    hum = 0.3 * np.sin(2 * np.pi * 140 * time) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))
    write_wav(tmp_path / "clip.wav", hum.astype(np.float32), 24_000)
    engine = Coqui()
    with pytest.raises(ConsentError, match="licence of XTTS has not been accepted"):
        engine.speakers()
    accept(XTTS)
    make_clone("ann", tmp_path / "clip.wav", consent="This is my own voice and I agree")
    choice = named("clone:ann")
    assert choice is not None
    made, rate = engine.recite(TEXT, choice, 1.0, seed=3)
    assert rate == 24_000
    assert len(made) > 0
    np.testing.assert_array_equal(made, engine.recite(TEXT, choice, 1.0, seed=3)[0])
    with pytest.raises(SpeechError, match="no speaker"):
        engine.recite(TEXT, BERT, 1.0, seed=3)
    monkeypatch.setenv("CHATANYTHING_COQUI_LANGUAGE", "tlh")
    settings.cache_clear()
    with pytest.raises(SpeechError, match="does not speak the language"):
        engine.recite(TEXT, choice, 1.0, seed=3)
    engine.close()


def test_vits_cannot_speak_like_a_recording(vits: Coqui, tmp_path: Path) -> None:
    accept(XTTS)
    noise = np.random.default_rng(1).normal(0, 0.1, 24_000 * 5).astype(np.float32)
    write_wav(tmp_path / "clip.wav", noise, 24_000)
    make_clone("ann", tmp_path / "clip.wav", consent="This is my own voice and I agree")
    choice = named("clone:ann")
    assert choice is not None
    with pytest.raises(SpeechError, match="it takes XTTS"):
        vits.recite(TEXT, choice, 1.0, seed=3)
