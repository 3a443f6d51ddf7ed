"""The questions of `create --interactive`, in a terminal or from a pipe."""

from __future__ import annotations

import sys

from chatanything.cli.console import err
from chatanything.errors import UsageError
from chatanything.persona.interview import clean_answers, questions_for, with_answers
from chatanything.persona.rules import read_description


def ask(description: str, seed: int) -> dict[str, str]:
    """Ask what a description leaves open.

    Questions go to stderr, so that a script may read stdout. Enter skips one, the end of the input all that
    are left; without a terminal every line of the input is one answer.

    Args:
        description: The user's words.
        seed: Of the card.

    Returns:
        Key of a question -> the answer, as `Studio.create` takes it.

    Raises:
        UsageError: The description cannot be used, or an answer from a pipe is too long.
    """
    reading, at_terminal = read_description(description, seed=seed), sys.stdin.isatty()
    questions = questions_for(reading)
    if questions and at_terminal:
        err.print("Enter skips a question.")
    answers: dict[str, str] = {}
    for question in questions:
        if question.key == "gender" and with_answers(reading, answers).gender_said:
            continue  # the name has told
        while True:
            err.print(f"{question.text} ", end="" if at_terminal else "\n", markup=False)
            line = sys.stdin.readline()
            try:
                answers |= clean_answers({question.key: line})
            except UsageError as exc:
                if not at_terminal:
                    raise
                err.print(str(exc), markup=False)
                continue
            break
        if not line:
            break
    return answers
