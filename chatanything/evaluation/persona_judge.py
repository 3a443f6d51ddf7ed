"""A language model as judge: who is speaking, how good an answer is, which pole of a trait talks.

The best models know the speaker in two of three cases (PersonaEval, Zhou et al. 2025), so a judge is examined
before it judges, and figures of one that fails are marked. What it says that cannot be read is counted, never
left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from chatanything.evaluation.lists import load
from chatanything.evaluation.rows import Row
from chatanything.evaluation.statistics import interval
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.seeds import derive, generator

QUALIFIED: Final = 0.8
"""Share of speakers that a judge must know; between PersonaEval's best model (0.69) and people (0.91)."""
_OPTIONS: Final = 4
_LETTERS: Final = "ABCD"
_SCORE: Final = re.compile(r"final score is\W*([1-5])(?!\d|\.\d)", re.IGNORECASE)
_TOKENS: Final = 120


@dataclass(slots=True)
class Judge:
    """A model that judges, and how often it could not be understood."""

    llm: LLM
    asked: int = 0
    unreadable: int = 0
    qualified: bool = False
    _number: int = field(default=0, repr=False)

    def score(self, card: PersonaCard, question: str, answer: str, rubric: dict[str, str]) -> int | None:
        """1 to 5 by a rubric; None where the judge says none.

        Args:
            card: Who answered.
            question: What was asked.
            answer: What was said.
            rubric: "about", and what earns 1, 3 and 5: "one", "three", "five".
        """
        prompt = (
            f"You judge {rubric['about']}.\nThe character: {_portrait(card)}\n"
            f"It was asked: {question}\nIt answered: {answer or '(nothing)'}\n"
            f"1 point: {rubric['one']}\n3 points: {rubric['three']}\n5 points: {rubric['five']}\n"
            "Give one sentence of reason, then end with: Therefore, the final score is N."
        )
        found = _SCORE.findall(self._ask(prompt, _TOKENS))
        return self._read(int(found[-1]) if found else None)

    def choose(self, prompt: str, options: Sequence[str]) -> int | None:
        """The place of the option that it names; None where it names none or several.

        Args:
            prompt: The question.
            options: Two to four.
        """
        listed = "\n".join(f"{_LETTERS[at]}. {text}" for at, text in enumerate(options))
        answer = self._ask(f"{prompt}\n{listed}\nAnswer with one letter.", 8)
        return self._read(letter_in(answer, len(options)))

    def _ask(self, prompt: str, tokens: int) -> str:
        self.asked += 1
        seed = derive(7, "judge", self.asked)
        return self.llm.complete([{"role": "user", "content": prompt}], seed=seed, max_tokens=tokens)

    def _read(self, value: int | None) -> int | None:
        self.unreadable += value is None
        return value


def letter_in(answer: str, count: int) -> int | None:
    """The option that an answer names by its letter; None where it names none or several."""
    letters = _LETTERS[:count]
    named = re.findall(rf"(?<![A-Za-z'])([{letters}])(?![A-Za-z'])", answer)
    return letters.index(named[0]) if len(set(named)) == 1 else None


def qualify(judge: Judge, most: int) -> list[Row]:
    """Examine a judge: who of four characters says this line?

    Args:
        judge: Gets its mark.
        most: Lines at most.
    """
    cards = load("held_out")["card"]
    lines = [(at, one["reply"]) for at, card in enumerate(cards) for one in card["sound"]]
    order = generator(0, "speakers").permutation(len(lines))[:most]
    right = []
    for number in order:
        speaker, line = lines[number]
        rng = generator(0, "speakers", int(number))
        others = [int(at) for at in rng.permutation(len(cards)) if at != speaker][: _OPTIONS - 1]
        shown = [int(at) for at in rng.permutation([speaker, *others])]
        named = judge.choose(f'Who says: "{line}"', [" ".join(cards[at]["facts"]) for at in shown])
        right.append(float(named is not None and shown[named] == speaker))
    share = sum(right) / len(right)
    judge.qualified = share >= QUALIFIED
    low, high = interval(right, "speakers")
    return [
        Row(
            "persona.judge.knows_speaker",
            share,
            "share",
            len(right),
            {"low": low, "high": high, "chance": 1 / _OPTIONS, "qualified": float(judge.qualified)},
        )
    ]


def _portrait(card: PersonaCard) -> str:
    facts = " ".join(fact.text for fact in card.facts[:8])
    return f"{card.description.rstrip('.')}. {card.style.manner} {facts}"
