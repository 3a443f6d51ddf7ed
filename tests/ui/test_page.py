"""The page with a real studio, driven over HTTP as a browser does."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from gradio_client import Client
from page_server import page_of

from chatanything_ui.create_tab import EXAMPLES

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def client(site):
    return Client(site[0], verbose=False)


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
