"""What the phones of a sentence lead one to expect of a mouth, whoever the speaker is.

The table is the judge's own and says only how open each American English phone is in general; it knows
nothing of the shapes by which the animator draws a mouth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np

from chatanything.types import Float32, TimedUnit

OPENNESS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "SIL": 0.0, "P": 0.0, "B": 0.0, "M": 0.0, "F": 0.15, "V": 0.15, "W": 0.15, "TH": 0.3, "DH": 0.3,
        "R": 0.3, "SH": 0.35, "ZH": 0.35, "CH": 0.35, "JH": 0.35, "S": 0.4, "Z": 0.4, "T": 0.45, "D": 0.45,
        "N": 0.4, "L": 0.4, "NG": 0.5, "K": 0.5, "G": 0.5, "HH": 0.5, "Y": 0.4, "UW": 0.25, "UH": 0.35,
        "IY": 0.4, "IH": 0.45, "ER": 0.4, "AO": 0.7, "OW": 0.6, "OY": 0.65, "AH": 0.6, "EY": 0.75,
        "EH": 0.75, "AY": 0.85, "AW": 0.9, "AE": 0.9, "AA": 1.0,
    }
)  # fmt: skip
"""ARPAbet without stress -> typical distance of the lips, 0 closed .. 1 widest vowel."""

FITTED: Final[Mapping[str, float]] = MappingProxyType(
    {
        "SIL": 0.09, "P": 0.0, "B": 0.0, "M": 0.0, "F": 0.13, "V": 0.13, "W": 0.08, "TH": 0.22, "DH": 0.29,
        "R": 0.13, "SH": 0.38, "ZH": 0.38, "CH": 0.41, "JH": 0.45, "S": 0.54, "Z": 0.46, "T": 0.52, "D": 0.46,
        "N": 0.34, "L": 0.66, "NG": 0.54, "K": 0.64, "G": 0.46, "HH": 0.46, "Y": 0.45, "UW": 0.25, "UH": 0.38,
        "IY": 0.67, "IH": 0.62, "ER": 0.44, "AO": 0.69, "OW": 0.62, "OY": 0.71, "AH": 0.69, "EY": 0.85,
        "EH": 0.95, "AY": 0.99, "AW": 0.73, "AE": 0.94, "AA": 1.0,
    }
)  # fmt: skip
"""The same as a recorded speaker's mouth shows it: least squares over 450 training clips of GRID (Cooke et
al. 2006), drawn towards `OPENNESS` (ridge of 200), which decides where the corpus has no such phone (SH, ZH,
NG, UH, ER, OY). Recordings that it was not fitted to follow it more closely than `OPENNESS`: r .80 against
.75."""

SMOOTHING_S: Final = 0.04
"""Standard deviation of the coarticulation kernel; 40 ms fitted recorded speakers best."""
_STEP_S: Final = 0.005
_MARGIN_S: Final = 0.6


def bare(phone: str) -> str:
    """A phone's name without stress, in capitals; every kind of silence is "SIL"."""
    name = phone.upper().rstrip("012")
    return name if name in OPENNESS else "SIL"


def spoken(phones: Sequence[TimedUnit]) -> tuple[TimedUnit, ...]:
    """The phones that are sounds, in order of time."""
    return tuple(phone for phone in phones if bare(phone.text) != "SIL")


def expected_openness(
    phones: Sequence[TimedUnit], times: Float32, table: Mapping[str, float] = OPENNESS
) -> Float32:
    """Expected distance of the lips.

    Args:
        phones: Timed phones; what lies between and around them is silence.
        times: (n,) seconds, any order.
        table: Openness of every phone; `OPENNESS` or `FITTED`.

    Returns:
        (n,) float32 in 0..1.
    """
    end = max((phone.end_s for phone in phones), default=0.0)
    grid = np.arange(-_MARGIN_S, end + _MARGIN_S, _STEP_S)
    steps = np.full(len(grid), table["SIL"])
    for phone in phones:
        steps[(grid >= phone.start_s) & (grid < phone.end_s)] = table[bare(phone.text)]
    reach = np.arange(-4 * SMOOTHING_S, 4 * SMOOTHING_S + _STEP_S / 2, _STEP_S)
    kernel = np.exp(-0.5 * (reach / SMOOTHING_S) ** 2)
    smooth = np.convolve(steps - table["SIL"], kernel / kernel.sum(), mode="same") + table["SIL"]
    return np.interp(times, grid, smooth, left=table["SIL"], right=table["SIL"]).astype(np.float32)


def pauses(phones: Sequence[TimedUnit], duration_s: float, *, at_least_s: float) -> list[tuple[float, float]]:
    """Stretches without a sound, as (start, end) in seconds.

    The time before the first and after the last sound counts too.
    """
    found: list[tuple[float, float]] = []
    last = 0.0
    for phone in spoken(phones):
        if phone.start_s - last >= at_least_s:
            found.append((last, phone.start_s))
        last = max(last, phone.end_s)
    if duration_s - last >= at_least_s:
        found.append((last, duration_s))
    return found
