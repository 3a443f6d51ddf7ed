"""What a character utters while its answer is on the way: "Hm." from a grump, "Ooh!" from a cheerful one.

People fill the pause before an answer that takes them more than about a second, and a listener then knows
that he was heard (Clark and Fox Tree, 2002, "Using uh and um in spontaneous speaking"). The sounds are made
while nobody waits, in the character's voice, so that one can be heard at once; words of the answer follow it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Final

from chatanything.errors import ChatAnythingError
from chatanything.live.parts import Reply, Stages
from chatanything.live.saying import Sayer, Spoken
from chatanything.persona.card import PersonaCard
from chatanything.persona.lexicon import load_toml
from chatanything.seeds import generator
from chatanything.settings import settings
from chatanything.types import Motion, Speech

PATIENCE_S: Final = 0.9
"""An answer that is later than this is announced."""

log = logging.getLogger(__name__)


class Hesitator:
    """Fills the pause before answers of one character.

    Args:
        card: Who it is.
        sayer: Speaks for it.
        stages: The engine.
        seed: With the number of a reply it chooses the sound.
    """

    def __init__(
        self,
        card: PersonaCard,
        sayer: Sayer,
        stages: Stages,
        seed: int,
    ) -> None:
        self._sayer, self._stages, self._seed = sayer, stages, seed
        self._left = list(sounds_of(card))
        self._made: list[Spoken] = []

    def prepare(self, wanted: Callable[[], bool]) -> None:
        """Make one more of the sounds, if there is one that was not made.

        Args:
            wanted: Whether there is time for it.
        """
        if not (self._left and wanted()) or self._stages.is_pressed:
            return
        try:
            line = self._sayer.line(self._left.pop(0), wanted=wanted)
        except ChatAnythingError as exc:
            log.warning("a sound could not be made: %s", exc)
        except Exception:  # the thread that thinks must live on: answers need no such sound
            log.exception("making a sound broke down")
        else:
            self._made += [line] if line else []

    @contextmanager
    def before(self, reply: Reply, put: Callable[[Reply, Speech, Motion], None]) -> Iterator[None]:
        """While the block makes an answer: a sound is heard if the answer is late.

        Args:
            reply: The answer.
            put: Lets sound and motion be heard and seen, unless something of the reply was already.
        """
        if reply.verbatim or not self._made:
            yield
            return
        choice = generator(self._seed, "hesitation", str(reply.number)).integers(len(self._made))
        timer = Timer(PATIENCE_S, self._utter, [reply, self._made[int(choice)], put])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _utter(self, reply: Reply, line: Spoken, put: Callable[[Reply, Speech, Motion], None]) -> None:
        # With many visitors an answer may be far away still, and a single "Hm." would only raise hopes.
        if not self._stages.is_pressed:
            put(reply, line.speech, line.motion)


def sounds_of(card: PersonaCard) -> tuple[str, ...]:
    """What a character may utter before it answers, by its mood.

    None in other languages than English, or where the setting `hesitate` is off.

    Args:
        card: Who it is.
    """
    if card.language != "en" or not settings().hesitate:
        return ()
    table: dict[str, list[str]] = load_toml("conversation.toml")["hesitation"]
    return tuple(table[card.personal.mood])
