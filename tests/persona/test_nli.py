"""A network for contradictions that the user brings: asked about near facts, and refused when it is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from chatanything.errors import BackendError
from chatanything.persona import nli
from chatanything.persona.flaws import flaw_in
from chatanything.persona.nli import Entailment, contradicted
from chatanything.persona.writer import write_card
from chatanything.settings import settings
from tests.tiny.onnx_classifier import word_classifier

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier for which "dread" contradicts and "adore" follows; all else is neutral."""
    folder = tmp_path_factory.mktemp("nli")
    words = {"[UNK]": 0, "dread": 1, "adore": 2}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.array([[0.0, 0.1, 0.0], [9.0, 0.0, 0.0], [0.0, 0.0, 9.0]], np.float32)
    (folder / "model.onnx").write_bytes(word_classifier(table))
    labels = {"0": "Contradiction", "1": "neutral", "2": "entailment"}
    (folder / "config.json").write_text(json.dumps({"id2label": labels}))
    return folder


def _use(monkeypatch: pytest.MonkeyPatch, folder: Path | str) -> None:
    monkeypatch.setenv("CHATANYTHING_NLI", str(folder))
    settings.cache_clear()
    nli._network.cache_clear()


def test_it_reads_pairs_and_its_verdict_is_a_flaw(network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Entailment(network)
    assert pair.contradiction("I love storms.", "I dread storms.") > 0.99
    assert pair.contradiction("I love storms.", "I adore storms.") < 0.01
    card = write_card("a keeper named Bram who loves storms", llm=None, seed=2)
    assert flaw_in("Storms are what I dread.", card, "", 5) is None  # a word that the rules do not know
    _use(monkeypatch, network)
    flaw = flaw_in("Storms are what I dread.", card, "", 5)
    assert flaw is not None
    assert flaw.fact == "Bram loves storms."
    facts = ["Bram loves storms.", "Bram is a keeper."]
    assert contradicted("Storms are what I dread.", facts, "Bram") == 0
    assert contradicted("I adore storms.", facts, "Bram") is None
    assert contradicted("My accountant plays dread golf.", facts[:1], "Bram") is None  # about something else


def test_what_is_no_such_network_is_one_clear_line(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BackendError, match=r"no model\.onnx, tokenizer\.json, config\.json"):
        Entailment(tmp_path)
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes((network / name).read_bytes())
    (tmp_path / "config.json").write_text('{"id2label": {"0": "yes", "1": "no"}}')
    with pytest.raises(BackendError, match="its classes are yes, no"):
        Entailment(tmp_path)
    (tmp_path / "config.json").write_bytes((network / "config.json").read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"no network")
    _use(monkeypatch, tmp_path)
    with pytest.raises(BackendError, match="cannot be used"):
        contradicted("Storms are what I dread.", ["Bram loves storms."], "Bram")
    settings.cache_clear()
    nli._network.cache_clear()
