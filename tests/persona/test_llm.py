"""Real language models: the small one in this process, and the same one behind HTTP."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from chatanything.errors import BackendError, UsageError, WeightsError
from chatanything.persona.backends import LLM_BACKENDS, open_llm
from chatanything.persona.backends.local import LocalLLM
from chatanything.persona.backends.sampling import parse_object
from chatanything.persona.prompt import schema
from chatanything.persona.writer import write_card
from chatanything.settings import settings
from chatanything.weights import ensure

SMALL = "qwen2.5-coder-0.5b-instruct-q4"
ASK = [{"role": "user", "content": "Invent a name for a cat."}]


def memory_mb() -> float:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - not a file on a disk
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@pytest.fixture(scope="module")
def llm() -> Iterator[LocalLLM]:
    model = LocalLLM(SMALL)
    yield model
    model.close()


def test_table_names_every_setting() -> None:
    assert LLM_BACKENDS.names() == ("local", "endpoint", "rules")
    assert LLM_BACKENDS.first_with("chat").name == "local"


def test_rules_need_no_model() -> None:
    with open_llm("rules") as none:
        assert none is None


def test_auto_falls_back_to_rules_with_a_note_and_local_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATANYTHING_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("CHATANYTHING_OFFLINE", "1")
    settings.cache_clear()
    notes: list[str] = []
    with open_llm("auto", progress=lambda *args: notes.append(args[3])) as none:
        assert none is None
    assert len(notes) == 1
    assert notes[0].startswith("no local language model, writing by rules: ")
    with pytest.raises(WeightsError), open_llm("local"):
        pass


@pytest.mark.parametrize("setting", ["", "gpt", "ftp://x"])
def test_unknown_setting_is_a_usage_error(setting: str) -> None:
    with pytest.raises(UsageError, match="auto, local, rules"), open_llm(setting):
        pass


def test_unreachable_endpoint_is_one_clear_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        pytest.raises(BackendError, match="cannot be reached") as caught,
        open_llm(f"http://127.0.0.1:{port}/v1"),
    ):
        pass
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('{"a": 1}', {"a": 1}),
        ('```json\n{"a": [1]}\n```', {"a": [1]}),
        ("no json", {}),
        ('{"a": ', {}),
        ('{"a": 1, "b": "cut of', {"a": 1}),
        ('{"a": [1, 2], "b": 12', {"a": [1, 2]}),
        ('{"a": 1, "b": oops, "c": 3}', {"a": 1}),
        ('{"a": 1,}', {"a": 1}),
        ('My {honest} answer: {"a": 1} {}', {"a": 1}),
        ("{" * 100_000, {}),
        ("[" * 100_000 + '{"a": ' + "[" * 100_000, {}),
        ("[1]", {}),
        ("", {}),
    ],
)
def test_answers_are_parsed_or_empty(text: str, want: dict[str, Any]) -> None:
    assert parse_object(text) == want


@pytest.mark.weights
def test_local_model_is_deterministic_quiet_and_leaves_nothing(
    llm: LocalLLM, capfd: pytest.CaptureFixture[str]
) -> None:
    form = schema(["name", "catchphrase"])
    first, again = (llm.complete_json(ASK, form, seed=3, max_tokens=60) for _ in range(2))
    assert first == again
    assert set(first) == {"name", "catchphrase"}
    texts = {llm.complete(ASK, seed=seed, max_tokens=8) for seed in (1, 2, 3)}
    assert len(texts) > 1
    assert llm.complete_json(ASK, form, seed=3, max_tokens=3) == {}
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""


@pytest.mark.weights
def test_stop_ends_a_completion(llm: LocalLLM) -> None:
    chat = [{"role": "user", "content": "Count from 1 to 9, separated by commas, nothing else."}]
    whole = llm.complete(chat, seed=1, max_tokens=30)
    assert "4" in whole
    assert "4" not in llm.complete(chat, seed=1, max_tokens=30, stop=["4"])


@pytest.mark.weights
def test_local_model_streams_what_it_would_say_and_stops_when_closed(llm: LocalLLM) -> None:
    chat = [{"role": "user", "content": "Count from 1 to 9, separated by commas, nothing else."}]
    pieces = list(llm.stream(chat, seed=1, max_tokens=30))
    assert len(pieces) > 5
    assert "1, 2, 3, 4" in "".join(pieces)
    endless = llm.stream([{"role": "user", "content": "Tell a long story."}], seed=1, max_tokens=2000)
    assert next(endless)
    began = time.monotonic()
    endless.close()
    assert time.monotonic() - began < 10
    assert llm.complete(ASK, seed=1, max_tokens=4)


@pytest.mark.weights
def test_a_stream_that_nobody_reads_does_not_compute(llm: LocalLLM) -> None:
    story = llm.stream([{"role": "user", "content": "Tell a long story."}], seed=1, max_tokens=600)
    assert next(story)
    # What it may compute ahead takes far less work than all of the story, however slow the machine is now.
    began, share = time.process_time(), 1.0
    while share >= 0.05 and time.process_time() - began < 8:
        used = time.process_time()
        time.sleep(0.3)
        share = (time.process_time() - used) / 0.3
    assert share < 0.05, "the model goes on although nothing of its answer is taken"
    rest = [next(story) for _ in range(30)]
    story.close()
    assert len("".join(rest).split()) > 10


@pytest.mark.weights
@pytest.mark.slow
def test_local_model_writes_a_valid_card(llm: LocalLLM) -> None:
    notes: list[str] = []
    text = "a shy teapot who loves rain"
    first = write_card(text, llm=llm, seed=3, progress=lambda *args: notes.append(args[3]))
    assert first.species == "teapot"
    assert first.context.loves[0] == "rain"
    assert first.note == "" or first.note.startswith("Left out ")  # what the critic finds, and nothing else
    assert set(first.provenance.values()) == {"user", "llm", "rule"}
    assert any("asking" in note for note in notes)


@pytest.mark.weights
def test_closing_frees_the_memory() -> None:
    before = memory_mb()
    model = LocalLLM(SMALL)
    model.complete(ASK, seed=1, max_tokens=2)
    assert memory_mb() > before + 300
    model.close()
    assert memory_mb() < before + 250
    with pytest.raises(BackendError, match="closed"):
        model.complete(ASK, seed=1, max_tokens=2)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """llama.cpp's own OpenAI-compatible server with the small model."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(ensure(SMALL)["model.gguf"])
    params.n_ctx, params.n_parallel, params.verbosity = 2048, 1, -1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = params.fit_params = params.ui = False
    params.hostnames, params.port, params.model_alias = ["127.0.0.1"], 0, {"tiny"}
    running = xllamacpp.Server(params)
    yield running.listening_address + "/v1"
    del running


@pytest.mark.weights
def test_endpoint_speaks_the_openai_protocol(server: str) -> None:
    with open_llm(server) as llm:
        assert llm is not None
        assert llm.name == "tiny"
        answer = llm.complete_json(ASK, schema(["name"]), seed=1, max_tokens=60)
        assert isinstance(answer["name"], str)
        assert llm.complete(ASK, seed=1, max_tokens=4)
        pieces = llm.stream(ASK, seed=1, max_tokens=40)
        first = [next(pieces), next(pieces)]
        pieces.close()
        assert llm.complete(ASK, seed=1, max_tokens=40).startswith("".join(first))


@pytest.mark.weights
def test_refusing_endpoint_is_one_clear_line(server: str) -> None:
    with open_llm(server) as llm:
        assert llm is not None
        with pytest.raises(BackendError, match="refused the request with status") as caught:
            llm.complete([{"role": "user", "content": "x " * 4000}], seed=1, max_tokens=4)
        assert "\n" not in str(caught.value)


def _dies_in_mid_stream(server: socket.socket) -> None:
    """An endpoint that lists one model, streams two words and is gone."""
    listed = json.dumps({"object": "list", "data": [{"id": "m", "object": "model", "created": 0}]}).encode()
    pieces = b"".join(
        b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n"
        for text in ("The lamp ", "is lit. ")
    )
    plain = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    chunked = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n"
    )
    for answer in (plain % (len(listed), listed), chunked % (len(pieces), pieces)):
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(answer)
        connection.close()


def test_an_endpoint_that_dies_in_mid_stream_is_one_clear_line_and_what_was_said_stays() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_dies_in_mid_stream, args=(server,))
        thread.start()
        with open_llm(f"http://127.0.0.1:{server.getsockname()[1]}/v1") as llm:
            assert llm is not None
            heard: list[str] = []
            with pytest.raises(BackendError, match="the endpoint http://127") as caught:
                heard.extend(llm.stream(ASK, seed=1, max_tokens=20))
        thread.join()
    assert "".join(heard) == "The lamp is lit. "
    assert "\n" not in str(caught.value)
