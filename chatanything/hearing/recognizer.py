"""What was said, as text: Whisper on this machine, or any OpenAI-compatible endpoint."""

from __future__ import annotations

import logging
from typing import Final, Protocol

from chatanything.errors import BackendError, UsageError, WeightsError
from chatanything.registry import BackendSpec, Table
from chatanything.types import Float32

WHISPER: Final = "whisper-tiny-en"
log = logging.getLogger(__name__)


class Recognizer(Protocol):
    """Understands speech; safe to use from several threads."""

    def transcribe(self, samples: Float32, sample_rate: int) -> str:
        """The words of one utterance.

        Args:
            samples: (n,) float32 mono in -1..1, at most 30 s.
            sample_rate: Hertz.

        Returns:
            What was said; empty when nothing was.

        Raises:
            BackendError: The recogniser broke down or cannot be reached.
        """


RECOGNIZERS: Final = Table(
    "speech recognition",
    (
        BackendSpec(
            "local",
            "chatanything.hearing.local:LocalRecognizer",
            "Whisper tiny.en in this process: English only",
            frozenset({"offline"}),
            (WHISPER,),
            "hearing",
        ),
        BackendSpec(
            "endpoint",
            "chatanything.hearing.endpoint:EndpointRecognizer",
            "any OpenAI-compatible server, by its base URL",
        ),
    ),
)


def open_recognizer(choice: str) -> Recognizer | None:
    """The recogniser that a setting asks for.

    Args:
        choice: "auto", "local", "none" or an endpoint's base URL; "auto" is local where that can be had.

    Returns:
        The recogniser; None for "none", and for "auto" without one.

    Raises:
        UsageError: The setting is none of these.
        BackendError: Its packages are missing.
        WeightsError: Its weights cannot be had.
    """
    if choice.startswith(("http://", "https://")):
        served: Recognizer = RECOGNIZERS.factory("endpoint")(choice)
        return served
    if choice == "none":
        return None
    if choice not in {"auto", "local"}:
        raise UsageError(
            f"unknown speech recognition {choice!r}", expected="auto, local, none or a base URL (http://...)"
        )
    try:
        local: Recognizer = RECOGNIZERS.factory("local")()
    except (BackendError, WeightsError) as exc:
        if choice == "local":
            raise
        log.warning("nobody can be heard: %s", exc)
        return None
    return local
