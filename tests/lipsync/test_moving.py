"""Who moves the mouth: rules where the words are known, the network where they are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny.lipsync_face import tone, units

from chatanything.errors import BackendError
from chatanything.lipsync.moving import maker_for, move
from chatanything.types import Delivery, Motion, Speech, Temperament

TIMING = units("M AY B IH G B L UW B OW T")
SPOKEN = Speech(tone(TIMING), 16_000, TIMING, "my big blue boat")
UNKNOWN = replace(SPOKEN, text="")


def _moved(name: str, speech: Speech) -> Motion:
    return move(name, speech, delivery=Delivery(), temperament=Temperament(), fps=25.0, seed=1)


def test_known_words_are_for_the_rules_and_unknown_ones_for_the_network() -> None:
    assert maker_for("auto", SPOKEN) == "rules"
    assert maker_for("auto", UNKNOWN) == "net"
    assert maker_for("rules", UNKNOWN) == "rules"
    assert maker_for("net", SPOKEN) == "net"
    with pytest.raises(BackendError, match="magic"):
        maker_for("magic", SPOKEN)


@pytest.mark.weights
def test_the_network_trusts_the_sound_more_than_guessed_phones() -> None:
    guessed = _moved("net", UNKNOWN)
    alone = _moved("net", replace(UNKNOWN, units=()))
    told = _moved("net", SPOKEN)
    assert np.array_equal(guessed.blendshapes, alone.blendshapes)
    assert not np.array_equal(guessed.blendshapes, told.blendshapes)
    ruled = _moved("rules", UNKNOWN)
    assert not np.array_equal(ruled.blendshapes, _moved("rules", replace(UNKNOWN, units=())).blendshapes)
