"""Letters to ARPAbet for unknown words: a GRU encoder and decoder of 256 units, in numpy.

Network and weights: g2p_en 2.1.0 (Park and Kim, Apache-2.0), stored as float16.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from chatanything.types import Float32

_LETTERS: Final = ("<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz")
_PHONE_NAMES: Final = (
    "<pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH "
    "EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 "
    "OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH"
)
_PHONES: Final = tuple(_PHONE_NAMES.split())
_START: Final = 2
_END: Final = 3
_LONGEST: Final = 24


class Speller:
    """The network.

    Args:
        arrays: enc_emb (29, 256), dec_emb (74, 256), {enc,dec}_{w,b}_{ih,hh}, fc_w (74, 256), fc_b.
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self._arrays = {name: np.asarray(array, np.float32) for name, array in arrays.items()}

    def _step(self, side: str, x: Float32, state: Float32) -> Float32:
        """One gated recurrent unit (Cho et al. 2014; gates in torch's order: reset, update, new)."""
        a = self._arrays
        left = a[f"{side}_w_ih"] @ x + a[f"{side}_b_ih"]
        right = a[f"{side}_w_hh"] @ state + a[f"{side}_b_hh"]
        n = len(state)
        reset, update = np.split(1 / (1 + np.exp(-(left[: 2 * n] + right[: 2 * n]))), 2)
        new = np.tanh(left[2 * n :] + reset * right[2 * n :])
        return np.asarray((1 - update) * new + update * state, np.float32)

    def __call__(self, word: str) -> list[str]:
        """ARPAbet phones with stress digits.

        Args:
            word: Letters a to z, at least one.
        """
        state = np.zeros(self._arrays["enc_w_hh"].shape[1], np.float32)
        for letter in (*word, "</s>"):
            state = self._step("enc", self._arrays["enc_emb"][_LETTERS.index(letter)], state)
        phones: list[str] = []
        token = _START
        for _ in range(_LONGEST):
            state = self._step("dec", self._arrays["dec_emb"][token], state)
            token = int(np.argmax(self._arrays["fc_w"] @ state + self._arrays["fc_b"]))
            if token == _END:
                break
            phones.append(_PHONES[token])
        return [p for p in phones if not p.startswith("<")]
