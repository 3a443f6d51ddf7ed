"""What holds for all inputs, tried on many."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatanything.errors import ChatAnythingError
from chatanything.persona.cards_io import read_card
from chatanything.provenance import convolution
from chatanything.provenance.blocklist import Blocklist, Question
from chatanything.provenance.sidecars import read_sidecar
from chatanything.server.wire import parse

FEW = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


@FEW
@given(st.lists(st.integers(0, 1), min_size=1, max_size=80))
def test_every_message_comes_back_from_its_code(bits: list[int]) -> None:
    message = np.array(bits, np.uint8)
    coded = convolution.encode(message)
    assert coded.size == convolution.coded_length(len(bits))
    assert np.array_equal(convolution.decode(coded * 3.0), message)


@FEW
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_listed_name_is_found_between_any_words(before: str, after: str) -> None:
    listed = Blocklist(("jane doe",))
    assert listed.refusal(Question("create", f"{before} JÁNE\tDoe! {after}"))
    assert not Blocklist().refusal(Question("create", f"{before} Jane Doe {after}"))


@FEW
@given(TREES)
def test_any_json_is_a_card_a_message_a_sidecar_or_refused(
    tmp_path_factory: pytest.TempPathFactory, tree: object
) -> None:
    text = json.dumps(tree)
    path = Path(tmp_path_factory.getbasetemp()) / "any.json"
    path.write_text(text)
    for read in (lambda: read_card(path), lambda: parse(text), lambda: read_sidecar(path)):
        with suppress(ChatAnythingError):
            read()
