"""The page with a real studio, driven over HTTP as a browser does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import httpx
import pytest
from gradio_client import Client
from page_server import page_of
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from chatanything.persona.memory.store import path_for
from chatanything_ui.app import create_page
from chatanything_ui.create_tab import EXAMPLES
from chatanything_ui.creation import Creation
from chatanything_ui.gallery_tab import Gallery
from chatanything_ui.links import Links
from chatanything_ui.runs import BatchRuns
from chatanything_ui.site import Site
from chatanything_ui.verify_tab import Verifier
from chatanything_ui.visitors import USER, Visitors

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def client(site):
    return Client(site[0], verbose=False)


def upload(url, name, data):
    """The path that Gradio gives an upload."""
    return httpx.post(f"{url}/gradio_api/upload", files={"files": (name, data)}).raise_for_status().json()[0]


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.status, answer.headers, answer.read()


def test_importing_needs_no_gradio():
    code = "import sys, chatanything_ui.app\nassert 'gradio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_page_loads_nothing_from_elsewhere(site):
    html = fetch(site[0])[2].decode()
    assert "ChatAnything" in html
    ours = re.sub(r'<script[^>]*src="[^"]*iframeResizer[^>]*>', "", html)
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://(?!127\.)', ours)


def test_the_servers_own_routes_win(site):
    assert fetch(f"{site[0]}/health")[2].startswith(b'{"status"')
    assert b"swagger" in fetch(f"{site[0]}/docs")[2].lower()
    assert b'"object":"list"' in fetch(f"{site[0]}/v1/models")[2]
    assert "/ui/ticket" not in fetch(f"{site[0]}/openapi.json")[2].decode()


def test_create_shows_each_piece_and_keeps_the_result(site, client):
    job = client.submit("", EXAMPLES[1][0], "Hi, <b>you</b>!", 7, 256, api_name="/create")
    status, stage = job.result()[:2]
    said = [re.sub("<[^>]+>", "", update[0]) for update in job.outputs()]
    at = [next(i for i, line in enumerate(said) if words in line) for words in ("voice", "face", "Speaking")]
    assert at == sorted(at)
    assert "is in your gallery." in status
    assert any("&lt;b&gt;you&lt;/b&gt;" in str(update[2]) for update in job.outputs())
    assert not any("<b>you</b>" in str(update) for update in job.outputs())
    video = re.search(r'src="(/ui/files/[^"]+)"', stage)[1]
    code, headers, data = fetch(site[0] + video)
    assert (code, headers["content-type"]) == (200, "video/mp4")
    assert data[4:8] == b"ftyp"
    kept = site[1].libraries.of("local").all()[0]
    assert (kept.greeting, kept.clip.read_bytes()) == ("Hi, <b>you</b>!", data)
    assert site[1].libraries.of("local").load(kept.id).card.provenance["greeting"] == "user"


def test_mistakes_are_one_line(client):
    status = client.predict("", "", "", None, 256, api_name="/create")[0]
    assert "That did not work: " in status
    assert "\n" not in status


def test_files_need_their_own_address(site, kept):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{site[0]}/ui/files/{'0' * 32}/local/portrait/{kept.id}")


def test_an_upload_that_two_browsers_share_is_there_for_both(tmp_path, apple):
    card = apple.save(tmp_path / "card.png").read_bytes()
    with page_of(tmp_path, alone=False) as (url, services):
        # Gradio gives the same file of both the same path.
        paths = {upload(url, "card.png", card) for _ in range(2)}
        assert len(paths) == 1
        path = paths.pop()
        site = Site(services, Visitors(alone=False), Links(), BatchRuns(services.libraries, "rules"))
        verifier, gallery = Verifier(site), Gallery(site, Creation(site))
        for token in ("a" * 32, "b" * 32):
            assert "as it was made" in verifier.look(token, path)[0]
            status, _ = list(gallery.bring_in(token, path, ""))[-1]
            assert "has moved in" in status
        assert [one.name for one in (tmp_path / "ui").iterdir()] == ["uploads"]  # no copy stays
        Path(path).unlink()
        assert "Upload it again" in verifier.look("a" * 32, path)[0]
        assert "Upload it again" in list(gallery.bring_in("a" * 32, path, ""))[-1][0]


def test_uploads_are_gone_within_an_hour(site, tmp_path):
    blocks = create_page(site[1]).routes[-1].app.get_blocks()
    assert sum(blocks.delete_cache) <= 3600
    uploads = site[1].config.cache / "ui" / "uploads"
    for name, age_s in (("old", 3700), ("new", 60)):
        (uploads / name).mkdir()
        (uploads / name / "card.png").write_bytes(b"x")
        os.utime(uploads / name / "card.png", (time.time() - age_s,) * 2)
    create_page(site[1])
    assert not (uploads / "old" / "card.png").exists()
    assert (uploads / "new" / "card.png").exists()


def test_a_call_from_the_page_is_of_its_visitor(site, kept):
    url, services = site
    live = f"{url.replace('http', 'ws')}/v1/live?persona={kept.id}"

    def ticket(remember):
        body = json.dumps({"persona": kept.id, "remember": remember}).encode()
        request = urllib.request.Request(f"{url}/ui/ticket", body, {"Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request).read())["ticket"]

    for remember in (True, False):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{live}&ticket={ticket(remember)}&user=somebody")
        assert refused.value.response.status_code == 401
    memory = path_for(USER, kept.id, services.memories("local"))
    for remember in (False, True):
        with connect(f"{live}&ticket={ticket(remember)}") as call:
            assert json.loads(call.recv(60))["type"] == "ready"
            assert memory.exists() is remember


def test_visitors_of_a_public_page_do_not_see_each_other(tmp_path, apple):
    with page_of(tmp_path, alone=False) as (url, services):
        client = Client(url, verbose=False)
        refused = client.predict("", EXAMPLES[0][0], "", 1, 256, api_name="/create")[0]
        assert "does not know your browser" in refused
        made = client.predict("a" * 32, EXAMPLES[0][0], "Hi!", 1, 256, api_name="/create")[1]
        owners = [folder.name for folder in (tmp_path / "owners").iterdir()]
        assert len(owners) == 1
        assert "a" * 32 not in owners[0]
        assert len(services.libraries.of(owners[0]).all()) == 1
        address = re.search(r'src="(/ui/files/[^"]+)"', made)[1]
        assert fetch(url + address)[0] == 200
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(url + address.replace(owners[0], "web-" + "0" * 32))
