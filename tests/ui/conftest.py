"""A real server with the page, somebody in its gallery, and a real browser in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from page_server import page_of

from chatanything.bundle import Persona
from chatanything.library import Kept
from chatanything.media.audio import resample, write_wav
from chatanything.server.services import Services
from chatanything.studio import Studio
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.speech import Speaker

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip
SPOKEN = "What did you sing last night?"
MIC_RATE = 48_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Services]]:
    with page_of(tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.fixture(scope="session")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


@pytest.fixture(scope="module")
def kept(site: tuple[str, Services], apple: Persona) -> Kept:
    """Somebody who lives in the gallery."""
    return site[1].libraries.of("local").add(apple, now_s=1.0)


@pytest.fixture(scope="session")
def voice_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Words that our own voice says into the browser's microphone: a second of silence, then the question."""
    speech = Speaker().speak(SPOKEN, VoiceChoice("kokoro", (("af_heart", 1.0),)), Delivery(), 1)
    sound = resample(speech.samples, speech.sample_rate, MIC_RATE)
    quiet = np.zeros(MIC_RATE, np.float32)
    path = tmp_path_factory.mktemp("voice") / "question.wav"
    write_wav(path, np.concatenate([quiet, sound, np.tile(quiet, 30)]), MIC_RATE)
    return path


@pytest.fixture
def browser(voice_file: Path):
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed here; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice_file}"]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield running
        running.close()


@pytest.fixture
def visit(browser, site):
    """A page of one visitor; nothing may go wrong in its scripts or leave the machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if _elsewhere(request.url) else None)
    page.goto(site[0])
    page.wait_for_selector("#create")
    yield page
    context.close()
    assert not wrong


def _elsewhere(url):
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))
