"""Stop strings of a streamed answer, wherever its pieces are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatanything.persona.backends.stops import StopCutter

STOPS = ("\nUser:", "\n\n", "ab")


@given(st.lists(st.text("abU ser:\n", max_size=6), max_size=20))
def test_what_passes_does_not_depend_on_the_pieces(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = min((at for stop in STOPS if (at := text.find(stop)) >= 0), default=len(text))
    cutter = StopCutter(STOPS)
    out = "".join(map(cutter.feed, pieces))
    assert cutter.stopped is (end < len(text))
    assert out + cutter.rest() == text[:end]
    assert cutter.rest() == ""


@pytest.mark.parametrize("stop", [(), ("",)])
def test_without_stops_everything_passes_at_once(stop: tuple[str, ...]) -> None:
    cutter = StopCutter(stop)
    assert cutter.feed("a\n\n") == "a\n\n"
    assert not cutter.stopped
