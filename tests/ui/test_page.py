"""The page with a real studio, driven over HTTP as a browser does."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from gradio_client import Client

from chatanything.media.video import read_video
from chatanything.settings import load_settings
from chatanything.studio import Studio
from chatanything_ui.app import EXAMPLES, launch

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def page():
    app = launch(Studio(llm="rules", config=load_settings()), port=0, block=False)
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(page):
    return Client(page.local_url, verbose=False, download_files=str(load_settings().cache / "ui"))


def video_path(value):
    video = value["value"]
    return Path(video["video"] if isinstance(video, dict) else video)


def test_importing_needs_no_gradio():
    code = "import sys, chatanything_ui.app\nassert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_page_loads_nothing_from_elsewhere(page):
    with urllib.request.urlopen(page.local_url) as answer:
        html = answer.read().decode()
    assert "chatanything" in html.lower()
    assert not re.findall(r"<(?:script|link)[^>]+(?:src|href)=[\"']?https?://(?!127\.0\.0\.1)", html)
    assert page.analytics_enabled is False
    assert page.share_url is None
    assert page.local_url.startswith("http://127.0.0.1")


def test_every_input_has_a_label(page):
    kinds = {"textbox", "number", "radio", "video", "image", "file"}
    shown = [block for block in page.blocks.values() if block.get_block_name() in kinds]
    assert len(shown) >= 8
    assert all(block.label for block in shown)


def test_create_then_say(client):
    job = client.submit(EXAMPLES[1][0], "Hi!", 7, 256, api_name="/create")
    status, card, voice, video, file = (job.result()[i] for i in (0, 1, 2, 4, 5))
    stages = [update[0] for update in job.outputs()]
    assert stages.index("Choosing the voice ...") < stages.index("Drawing the face ...")
    assert status.endswith("says: Hi!")
    assert "skip" not in str(card)
    assert any("## " in str(update[1]) for update in job.outputs())
    assert any("**Voice:**" in str(update[2]) for update in job.outputs())
    assert voice is not None
    frames, fps = read_video(video_path(video))
    assert fps == 25
    assert next(frames).shape == (256, 256, 3)
    assert file is not None
    assert client.predict("Once more.", 256, api_name="/say")[0].endswith("says: Once more.")


def test_mistakes_are_one_line(client):
    status = client.predict("", "", None, 256, api_name="/create")[0]
    assert status.startswith("**That did not work:** ")
    assert "\n" not in status
    fresh = Client(client.src, verbose=False)
    assert "no character yet" in fresh.predict("Hello", 256, api_name="/say")[0]
