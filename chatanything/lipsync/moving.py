"""Which way of making motion fits a speech, and the motion it makes."""

from __future__ import annotations

from dataclasses import replace

from chatanything.lipsync import MOTIONS
from chatanything.lipsync.manner import Manner
from chatanything.lipsync.motion import MotionMaker
from chatanything.types import Delivery, Motion, Speech, Temperament


def maker_for(wanted: str, speech: Speech) -> str:
    """Name of what makes the motion.

    Rules move a mouth whose words are known: they round and close where the phones say so. Where nobody knows
    the words, the network hears more in the sound than a loop of phones does.

    Args:
        wanted: A name of `MOTIONS`, or "auto".
        speech: What is said.

    Raises:
        BackendError: Unknown name.
    """
    return MOTIONS.choose(wanted, "words" if speech.text.strip() else "sound")


def move(
    name: str,
    speech: Speech,
    *,
    delivery: Delivery,
    temperament: Temperament,
    fps: float,
    seed: int,
    manner: Manner | None = None,
) -> Motion:
    """The motion for a speech.

    Args:
        name: From `maker_for`.
        speech: What is said.
        delivery: How it is performed.
        temperament: Who performs it.
        fps: Frames a second.
        seed: Gives blinks, glances and sway.
        manner: Whose movements are wanted instead of the character's own.

    Raises:
        WeightsError: The network is missing or damaged.
    """
    if not speech.text.strip() and "sound" in MOTIONS.spec(name).capabilities:
        # Phones that were guessed from the sound say less than the sound.
        speech = replace(speech, units=())
    maker: MotionMaker = MOTIONS.factory(name)()
    return maker.motion(speech, delivery=delivery, temperament=temperament, fps=fps, seed=seed, manner=manner)
