"""The reader of messages learns, and is stored in the embedding model's own names."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from typer.testing import CliRunner

from chatanything.cli.main import app
from chatanything.errors import UsageError
from chatanything.persona.reader import HEADS, Reader, restored
from chatanything.seeds import generator
from chatanything.training.loop import Plan
from chatanything.training.reader import Pieces, read_figures, train_reader
from chatanything.training.reader_data import Example, examples, varied
from chatanything.training.reader_net import ReaderNet, shares_of

pytestmark = pytest.mark.weights
_TALK = ("The storm was loud last night.", "My cat sleeps all day.", "How do you mend a net?")
_TASK = ("Write me a Python script.", "Translate this letter into French.", "Sum up this essay in a table.")
_EXAMPLES = [Example(text, answers={"intent": 0, "need": 0}) for text in _TALK] + [
    Example(text, answers={"intent": 1, "need": 0}) for text in _TASK
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    plan = Plan(steps=24, batch=6, rate=1e-3, every=12)
    train_reader(folder, plan, listed=_EXAMPLES)
    return folder


def test_it_learns_and_its_stored_layers_are_put_into_the_embedding_model(run: Path) -> None:
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in log] == [12, 24]
    assert log[1]["loss"] < log[0]["loss"]
    trained = Reader(run / "model" / "reader.safetensors")
    tasks = [float(trained.shares("intent", text)[1]) for text in _TASK]
    talk = [float(trained.shares("intent", text)[1]) for text in _TALK]
    assert min(tasks) > max(talk) + 0.1
    untrained = Reader()
    assert not np.allclose(
        trained.shares("intent", _TASK[0]), untrained.shares("intent", _TASK[0]), atol=0.01
    )


def test_what_is_stored_is_what_was_trained_to_half_a_step_and_reads_alike_in_both(run: Path) -> None:
    net = ReaderNet()
    net.load_state_dict(torch.load(run / "checkpoint.pt", weights_only=True)["averaged"])
    path = run / "model" / "reader.safetensors"
    stored = load_file(path)
    weights = restored({name: one for name, one in stored.items() if not name.startswith("head.")})
    own = net.encoder.state_dict()
    for name, there in net.names.items():
        off = (
            np.abs(weights[there].T - own[name].numpy())
            / stored[f"{there}.scale"].astype(np.float32)[:, None]
        )
        assert off.max() < 0.52
        own[name] = torch.from_numpy(weights[there].T.copy())
    rest = {name for name in own if name not in net.names and f"inner.{name}" in weights}
    assert len(rest) == 6 * 10 + 3
    own |= {name: torch.from_numpy(weights[f"inner.{name}"]) for name in rest}
    net.encoder.load_state_dict(own)
    answered = Example(_TASK[0], "Sure, here is the script.")
    found = shares_of(net.eval(), [Pieces()(one) for one in (*_EXAMPLES, answered)])
    shipped = Reader(path)
    for head in HEADS:
        for row, one in enumerate((*_EXAMPLES, answered)):
            assert np.allclose(shipped.shares(head, one.text, one.clause), found[head][row], atol=0.005)


def test_it_goes_on_from_its_checkpoint(run: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.pt").write_bytes((run / "checkpoint.pt").read_bytes())
    train_reader(tmp_path, Plan(steps=25, batch=6, rate=1e-3), listed=_EXAMPLES)
    assert json.loads((tmp_path / "log.jsonl").read_text())["step"] == 25


def test_figures_count_what_is_caught_and_what_is_taken_for_it() -> None:
    held = [Example("a", answers={"intent": 0}), Example("b", answers={"intent": 0})]
    held += [Example("c", answers={"intent": 1}), Example("d", answers={"intent": 3})]
    shares = {head: np.full((4, len(answers)), 1 / len(answers)) for head, answers in HEADS.items()}
    shares["intent"] = np.array([[0.9, 0.1, 0, 0], [0.4, 0, 0, 0.6], [0.2, 0.8, 0, 0], [0.9, 0, 0, 0.1]])
    figures = read_figures(held, shares)
    assert (figures["intent.caught"], figures["intent.named"], figures["intent.false"]) == (0.5, 1.0, 0.5)


def test_a_message_is_put_in_other_words_only_by_talk_around_it() -> None:
    harmless = [Example("Nice weather.", answers={"intent": 0, "need": 0})]
    rng = generator(1, "test")
    made = [varied(_EXAMPLES[3], harmless, rng) for _ in range(60)]
    plain = "Write me a Python script"
    assert all(plain in one.text and one.answers == _EXAMPLES[3].answers for one in made)
    assert {one.text.replace(plain, "_") for one in made} >= {
        "_.",
        "_",
        "Nice weather. _.",
        "_. Nice weather.",
    }


def test_examples_have_answers_and_clauses_stay_with_their_message() -> None:
    found = examples()
    counts = {head: sum(head in one.answers for one in found) for head in HEADS}
    assert min(counts.values()) > 1500
    assert 0.08 < sum(one.is_held_out for one in found) / len(found) < 0.12
    kept = {one.text: one.is_held_out for one in found if one.clause is None}
    assert all(kept[one.text] == one.is_held_out for one in found if one.clause is not None)


def test_missing_packages_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(UsageError, match=r"pip install 'chatanything\[train\]'"):
        train_reader(tmp_path, Plan(steps=1), listed=_EXAMPLES)


def test_the_command_trains(tmp_path: Path) -> None:
    arguments = ["train", "reader", "--run", str(tmp_path / "run"), "--steps", "1", "--batch", "2"]
    made = CliRunner().invoke(app, arguments)
    assert made.exit_code == 0, made.output
    assert (tmp_path / "run" / "model" / "reader.safetensors").stat().st_size < 12e6
