"""Language models behind one small protocol: local llama.cpp, any OpenAI-compatible endpoint, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

from chatanything.errors import BackendError, UsageError, WeightsError
from chatanything.progress import Progress, silent
from chatanything.registry import BackendSpec, Table

LOCAL_WEIGHTS: Final = "qwen2.5-coder-1.5b-instruct-q4"
Message = Mapping[str, str]
"""{"role": "system" | "user" | "assistant", "content": ...}."""


class LLM(Protocol):
    """A chat model. The same messages, seed and limits give the same answer (endpoints: if they keep it)."""

    name: str
    is_exclusive: bool
    """Whether it thinks of one answer at a time, with this machine's processor."""

    def complete(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """Answer in free text.

        Raises:
            BackendError: The model cannot be reached or broke down.
        """

    def stream(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Answer in free text, piece by piece as it is thought; closing the iterator stops the model.

        Unlike the other calls it may reuse what it read before, and then answer otherwise.

        Raises:
            BackendError: The model cannot be reached or broke down.
        """

    def complete_json(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seed: int, max_tokens: int
    ) -> dict[str, Any]:
        """Answer with an object of the schema; one cut off at `max_tokens` keeps its whole fields.

        Raises:
            BackendError: The model cannot be reached or broke down.
        """

    def close(self) -> None:
        """Free its memory or connections."""


LLM_BACKENDS: Final = Table(
    "language model",
    (
        BackendSpec(
            "local",
            "chatanything.persona.backends.local:LocalLLM",
            "Qwen2.5-Coder 1.5B in this process, through llama.cpp",
            frozenset({"json", "chat", "offline"}),
            (LOCAL_WEIGHTS,),
        ),
        BackendSpec(
            "endpoint",
            "chatanything.persona.backends.endpoint:EndpointLLM",
            "any OpenAI-compatible server, by its base URL",
            frozenset({"json", "chat"}),
        ),
        BackendSpec(
            "rules",
            "chatanything.persona.backends.rules:no_llm",
            "no model: grammar and word lists",
            frozenset({"offline"}),
        ),
    ),
)


@contextmanager
def open_llm(setting: str, *, progress: Progress = silent) -> Iterator[LLM | None]:
    """The language model that a setting asks for, closed when the block ends.

    Args:
        setting: "auto", "local", "rules", or an endpoint's base URL. "auto" is local where its weights
            are there or can be fetched, and otherwise rules.
        progress: Told when "auto" has to do without a model.

    Yields:
        The model, or None for rules.

    Raises:
        UsageError: The setting is none of these.
        BackendError: The model cannot be loaded.
        WeightsError: "local" was asked for and its weights cannot be had.
    """
    llm = _open(setting, progress)
    try:
        yield llm
    finally:
        if llm is not None:
            llm.close()


def pick(setting: str, question: str, answers: Sequence[str]) -> str | None:
    """The language model's choice among answers; None without a model, or when it names none of them.

    Args:
        setting: As for `open_llm`.
        question: What to decide, in plain words.
        answers: What may be answered.

    Raises:
        BackendError: The model cannot be reached or broke down.
    """
    schema = {"type": "object", "properties": {"answer": {"enum": list(answers)}}, "required": ["answer"]}
    asked = f"{question}\nAnswer with one of: {', '.join(answers)}."
    with open_llm(setting) as llm:
        if llm is None:
            return None
        message = {"role": "user", "content": asked}
        answer = llm.complete_json([message], schema, seed=0, max_tokens=24).get("answer")
    return answer if answer in answers else None


def _open(setting: str, progress: Progress) -> LLM | None:
    if setting.startswith(("http://", "https://")):
        opened: LLM | None = LLM_BACKENDS.factory("endpoint")(setting)
    elif setting in {"local", "rules"}:
        opened = LLM_BACKENDS.factory(setting)()
    elif setting == "auto":
        opened = _open_auto(progress)
    else:
        raise UsageError(
            f"unknown language model {setting!r}", expected="auto, local, rules or a base URL (http://...)"
        )
    return opened


def _open_auto(progress: Progress) -> LLM | None:
    try:
        opened: LLM | None = LLM_BACKENDS.factory("local")()
    except (WeightsError, BackendError) as exc:
        progress("persona", 0, 1, f"no local language model, writing by rules: {exc}")
        return None
    return opened
