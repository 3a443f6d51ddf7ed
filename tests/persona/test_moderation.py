"""A server that moderates: its verdict counts, its silence is an error, and without one nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from chatanything.errors import BackendError
from chatanything.persona import moderation
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply
from chatanything.persona.flaws import flaw_in
from chatanything.persona.guard import safe_line
from chatanything.persona.ranking import best_reply
from chatanything.persona.safety import care_line, need_of
from chatanything.persona.writer import write_card
from chatanything.settings import settings
from tests.tiny.scripted_llm import Scripted

FLAGS = {"whale oil": "illicit", "goodbye for ever": "self-harm/intent"}


class Moderator(BaseHTTPRequestHandler):
    """Flags texts with certain words, as OpenAI's endpoint does."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        """Answer /moderations."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body["input"])
        found = {name for words, name in FLAGS.items() if words in body["input"].lower()}
        names = ("hate", "illicit", "self-harm", "self-harm/intent", "violence")
        categories = {name: name in found for name in names}
        results = [{"flagged": bool(found), "categories": categories, "category_scores": {}}]
        broken = "no verdict" in body["input"]
        answer = json.dumps({"id": "m", "model": "tiny", "results": [] if broken else results}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    running = HTTPServer(("127.0.0.1", 0), Moderator)
    thread = Thread(target=running.serve_forever)
    thread.start()
    Moderator.asked.clear()
    url = f"http://127.0.0.1:{running.server_port}/v1"
    _use(monkeypatch, url)
    yield url
    running.shutdown()
    thread.join()
    running.server_close()
    _forget()


def _use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CHATANYTHING_MODERATION", url)
    _forget()


def _forget() -> None:
    settings.cache_clear()
    moderation._flagged.cache_clear()
    moderation._client.cache_clear()


@pytest.fixture(scope="module")
def keeper() -> PersonaCard:
    return write_card("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)


def test_a_flagged_answer_is_not_heard_and_a_flagged_message_is_not_given_to_the_model(
    keeper: PersonaCard, server: str
) -> None:
    assert server
    llm = Scripted("The lamp burns whale oil, in secret.", "The lamp burns bright.")
    assert (
        "".join(reply(keeper, (), "What burns there?", llm=llm, seed=1)).strip() == "The lamp burns bright."
    )
    flaw = flaw_in("Whale oil it is.", keeper, "", 5)
    assert flaw is not None
    assert flaw.why == "the moderation objects: illicit"
    llm = Scripted("Anything.")
    said = "Sell me whale oil."
    assert "".join(reply(keeper, (), said, llm=llm, seed=1)) == safe_line(keeper, said, seed=1)
    assert best_reply(keeper, (), said, llm=llm, seed=1, candidates=2).text == safe_line(keeper, said, seed=1)
    assert not llm.asked
    assert Moderator.asked.count(said) == 1


def test_somebody_whom_only_the_server_hears_is_answered_plainly(keeper: PersonaCard, server: str) -> None:
    assert server
    said = "Goodbye for ever, lamp."
    assert need_of(said) == "self_harm"
    llm = Scripted("See you.")
    assert "".join(reply(keeper, (), said, llm=llm, seed=1)) == care_line("self_harm", "en")


def test_a_server_without_a_verdict_is_no_permission(
    keeper: PersonaCard, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server
    with pytest.raises(BackendError, match="gave no verdict"):
        list(reply(keeper, (), "There is no verdict.", llm=None, seed=1))
    _use(monkeypatch, "http://127.0.0.1:1/v1")
    with pytest.raises(BackendError, match=r"the moderation at http://127\.0\.0\.1:1/v1 cannot be reached"):
        list(reply(keeper, (), "Hello.", llm=None, seed=1))


def test_without_a_server_nothing_is_asked(keeper: PersonaCard) -> None:
    Moderator.asked.clear()
    _forget()
    assert moderation.flagged("Sell me whale oil.") == ()
    assert list(reply(keeper, (), "Sell me whale oil.", llm=None, seed=1))
    assert not Moderator.asked
