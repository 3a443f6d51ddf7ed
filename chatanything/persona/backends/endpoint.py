"""Any server that speaks the OpenAI protocol, by its base URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chatanything.errors import BackendError
from chatanything.openai_client import OpenAIClient
from chatanything.persona.backends import Message
from chatanything.persona.backends.sampling import parse_object, sampling
from chatanything.settings import settings

ANSWER_S: Final = 180.0


class EndpointLLM:
    """A model behind HTTP.

    Args:
        base_url: Such as "http://localhost:11434/v1"; key and model name come from the settings.

    Raises:
        BackendError: The server cannot be reached, or lists no model.
    """

    is_exclusive: Final = False

    def __init__(self, base_url: str) -> None:
        self._client = OpenAIClient(
            base_url,
            api_key=settings().llm_api_key,
            answer_s=ANSWER_S,
            what="the endpoint",
            hint="Check the address, or use --llm rules.",
        )
        self.name = settings().llm_model or self._first_model(base_url)

    def _first_model(self, base_url: str) -> str:
        models = self._client.guarded(lambda: [model.id for model in self._client.raw.models.list()])
        if not models:
            raise BackendError(
                f"the endpoint {base_url} lists no model", hint="Name one with CHATANYTHING_LLM_MODEL."
            )
        return str(models[0])

    def complete(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """See `LLM.complete`."""
        return self._ask(sampling(messages, seed, max_tokens), stop=list(stop) or None)[0]

    def stream(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """See `LLM.stream`."""
        request = {**sampling(messages, seed, max_tokens), **({"stop": list(stop)} if stop else {})}
        answer = self._client.guarded(
            lambda: self._client.raw.chat.completions.create(model=self.name, stream=True, **request)
        )
        try:
            while (part := self._client.guarded(lambda: next(answer, None))) is not None:
                text = part.choices[0].delta.content if part.choices else None
                if text:
                    yield str(text)
        finally:
            answer.close()

    def complete_json(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seed: int, max_tokens: int
    ) -> dict[str, Any]:
        """See `LLM.complete_json`."""
        form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}
        text, _ = self._ask(sampling(messages, seed, max_tokens), response_format=form)
        return parse_object(text)

    def _ask(self, request: dict[str, Any], **more: Any) -> tuple[str, str]:
        given = {key: value for key, value in more.items() if value is not None}
        answer = self._client.guarded(
            lambda: self._client.raw.chat.completions.create(model=self.name, **request, **given)
        )
        if not getattr(answer, "choices", None):  # a server that streams unasked gives a plain string
            raise self._client.error("gave no answer")
        choice = answer.choices[0]
        return str(choice.message.content or ""), str(choice.finish_reason)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
