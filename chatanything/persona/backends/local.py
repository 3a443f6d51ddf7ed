"""llama.cpp inside this process, through xllamacpp: quiet, deterministic, and without a network port.

The library always opens a listener; ours is a Unix socket in a private folder that goes away with the
model. Requests do not use it: they are handed over in memory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, Final

from chatanything.errors import BackendError
from chatanything.persona.backends import LOCAL_WEIGHTS, Message
from chatanything.persona.backends.sampling import parse_object, sampling
from chatanything.settings import settings
from chatanything.weights import ensure

CONTEXT_TOKENS: Final = 4096
_MOST_THREADS: Final = 4
"""A model this small gains nothing from more; llama.cpp's threads wait for each other at every layer."""
_SILENT: Final = -1
_CACHE_MIB: Final = 256
"""Memory for prompts that were read before, of streamed answers only: a character is read once, not before
every answer, which takes ten seconds on a slow core."""


_AHEAD_TOKENS: Final = 2
"""The model waits when so many tokens were not taken: how far it may run ahead is the caller's to say."""
_LOOK_S: Final = 0.05


class LocalLLM:
    """A GGUF model in memory; it computes one answer at a time.

    Args:
        weights: Id in weights.lock; its file is `model.gguf`.

    Raises:
        BackendError: llama.cpp cannot load the file.
        WeightsError: The weights cannot be had.
    """

    is_exclusive: Final = True

    def __init__(self, weights: str = LOCAL_WEIGHTS) -> None:
        try:
            import xllamacpp
        except ImportError as exc:
            raise BackendError(
                "the local language model needs xllamacpp",
                got=str(exc),
                hint="Install it, or use --llm rules.",
            ) from exc

        self.name = weights
        model = ensure(weights)["model.gguf"]
        self._folder = tempfile.TemporaryDirectory(prefix="chatanything-llm-")
        try:
            self._server: Any = xllamacpp.Server(self._parameters(xllamacpp, model))
        except RuntimeError as exc:
            self._folder.cleanup()
            raise BackendError(
                f"the language model {weights} cannot be loaded",
                got=str(exc),
                hint=f"Check it with: chatanything weights verify {weights}",
            ) from exc

    def _parameters(self, xllamacpp: Any, model: Path) -> Any:
        wanted = settings().llm_threads or min(_MOST_THREADS, os.cpu_count() or 1)
        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.n_ctx = CONTEXT_TOKENS
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = wanted
        params.verbosity = _SILENT
        params.warmup = params.ui = params.endpoint_slots = params.fit_params = False
        # A reused prompt is computed in other batch shapes, so its numbers may differ from a fresh one.
        params.cache_prompt = False
        params.cache_ram_mib = _CACHE_MIB
        params.hostnames = [str(Path(self._folder.name) / "llm.sock")]
        return params

    def complete(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """See `LLM.complete`."""
        return self._ask({**sampling(messages, seed, max_tokens), "stop": list(stop)})[0]

    def stream(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """See `LLM.stream`; the model runs in a thread of its own and stops at the token it is at.

        What it has read of this prompt before is not read again, so the same seed may give another answer.
        """
        request = {**sampling(messages, seed, max_tokens), "stop": list(stop), "cache_prompt": True}
        server = self._server
        if server is None:
            raise BackendError(f"the language model {self.name} is closed")
        parts: Queue[dict[str, Any] | BackendError | None] = Queue(_AHEAD_TOKENS)
        stopped = Event()

        def hand_over(part: dict[str, Any] | BackendError | None) -> bool:
            while not stopped.is_set():
                try:
                    parts.put(part, timeout=_LOOK_S)
                except Full:
                    continue
                break
            return stopped.is_set()

        def run() -> None:
            try:
                server.handle_chat_completions({**request, "stream": True}, hand_over)
            except (RuntimeError, ValueError) as exc:
                hand_over(BackendError(f"the language model {self.name} broke down", got=str(exc)))
            finally:
                hand_over(None)

        thread = Thread(target=run, name="language model", daemon=True)
        thread.start()
        try:
            while (part := parts.get()) is not None:
                if isinstance(part, BackendError):
                    raise part
                text = _delta(part)
                if text:
                    yield text
        finally:
            stopped.set()
            thread.join()

    def complete_json(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seed: int, max_tokens: int
    ) -> dict[str, Any]:
        """See `LLM.complete_json`; the grammar of the schema bounds every token."""
        form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}
        text, _ = self._ask({**sampling(messages, seed, max_tokens), "response_format": form})
        return parse_object(text)

    def _ask(self, request: dict[str, Any]) -> tuple[str, str]:
        if self._server is None:
            raise BackendError(f"the language model {self.name} is closed")
        try:
            answer = self._server.handle_chat_completions({**request, "cache_prompt": False})
        except (RuntimeError, ValueError) as exc:
            raise BackendError(f"the language model {self.name} broke down", got=str(exc)) from exc
        if "choices" not in answer:
            raise BackendError(f"the language model {self.name} gave no answer", got=str(answer)[:200])
        choice = answer["choices"][0]
        return str(choice["message"]["content"] or ""), str(choice["finish_reason"])

    def close(self) -> None:
        """Free the model's memory and remove its socket."""
        self._server = None
        self._folder.cleanup()


def _delta(part: Mapping[str, Any]) -> str:
    """The text of one piece of a streamed answer."""
    if "error" in part:
        raise BackendError("the local language model gave no answer", got=str(part["error"])[:200])
    choices = part.get("choices") or ()
    return str(choices[0]["delta"].get("content") or "") if choices else ""
