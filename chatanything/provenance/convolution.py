"""A convolutional code: bits that many wrong signs in the channel do not hurt.

Constraint length 7, rate 1/3, generators 133, 171, 165 (octal): the code of LTE (3GPP TS 36.212, 5.1.3.1),
ended by six zeros. Decoded with Viterbi's algorithm from soft values.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

RATE: Final = 3
TAIL: Final = 6
_GENERATORS: Final = (0o133, 0o171, 0o165)
_STATES: Final = 1 << TAIL
Bits = npt.NDArray[np.uint8]
Float64 = npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _outputs() -> Float64:
    """Signs that leave the encoder, (64 states, 2 bits, 3); a state is the last six bits."""
    signs = np.zeros((_STATES, 2, RATE))
    for state in range(_STATES):
        for bit in (0, 1):
            window = bit << TAIL | state
            signs[state, bit] = [2 * ((window & taps).bit_count() & 1) - 1 for taps in _GENERATORS]
    return signs


def coded_length(count: int) -> int:
    """How many signs so many bits become."""
    return RATE * (count + TAIL)


def encode(bits: Bits) -> Float64:
    """Signs of a message, (3 * (n + 6),) of -1 and 1.

    Args:
        bits: (n,) of 0 and 1.
    """
    table, state, signs = _outputs(), 0, []
    for bit in (*bits.tolist(), *[0] * TAIL):
        signs.append(table[state, bit])
        state = (bit << TAIL | state) >> 1
    return np.concatenate(signs)


def decode(soft: Float64) -> Bits:
    """The likeliest message, (n,) of 0 and 1.

    Args:
        soft: (3 * (n + 6),) what came of the signs, larger where it is surer.
    """
    steps = soft.reshape(-1, RATE)
    states = np.arange(_STATES)
    # A state is reached with the bit that is its highest, from the two that differ in the bit that fell out.
    bits = states >> (TAIL - 1)
    origins = np.stack([states << 1 & (_STATES - 1), states << 1 & (_STATES - 1) | 1])
    gains = _outputs()[origins, bits] @ steps.T
    score = np.full(_STATES, -np.inf)
    score[0] = 0.0
    choices = np.empty((len(steps), _STATES), np.int64)
    for step in range(len(steps)):
        both = score[origins] + gains[:, :, step]
        choices[step] = both.argmax(axis=0)
        score = both.max(axis=0)
    state, message = 0, np.empty(len(steps), np.uint8)
    for step in range(len(steps) - 1, -1, -1):
        message[step] = state >> (TAIL - 1)
        state = int(origins[choices[step, state], state])
    return message[:-TAIL]
