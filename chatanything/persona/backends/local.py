"""llama.cpp inside this process, through xllamacpp: quiet, deterministic, and without a network port.

The library always opens a listener; ours is a Unix socket in a private folder that goes away with the
model. Requests do not use it: they are handed over in memory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any, Final

from chatanything.errors import BackendError
from chatanything.persona.backends import LOCAL_WEIGHTS, Message
from chatanything.persona.backends.sampling import parse_object, sampling
from chatanything.persona.backends.stops import StopCutter
from chatanything.seeds import derive
from chatanything.settings import settings
from chatanything.weights import ensure

CONTEXT_TOKENS: Final = 4096
_MOST_THREADS: Final = 4
"""A model this small gains nothing from more; llama.cpp's threads wait for each other at every layer."""
_SILENT: Final = -1
_CACHE_MIB: Final = 256
"""Memory for prompts that were read before, of streamed answers only: a character is read once, not before
every answer, which takes ten seconds on a slow core."""


_STRETCH: Final = 10
"""Tokens that a streamed answer is asked for at a time: about the first clause, and less than a second's work
of two slow cores. Asking costs one token."""


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
        """See `LLM.stream`; the model runs in a thread of its own and computes only what is taken.

        llama.cpp goes on to the end of an answer however slowly it is read, and takes the processor from the
        voice that speaks the beginning. So it is asked for a few tokens at a time; the next ones go on from
        the text so far, of which only the last token is read again.

        What it has read of this prompt before is not read again, so the same seed may give another answer.
        """
        cutter, text, left = StopCutter(stop), "", max_tokens
        while left > 0:
            count = min(_STRETCH, left)
            begun = [{"role": "assistant", "content": text}] if text else []
            request = sampling([*messages, *begun], derive(seed, "stretch", left) if text else seed, count)
            before, is_cut = len(text), False
            with closing(self._stretch({**request, "cache_prompt": True})) as parts:
                for part in parts:
                    is_cut = is_cut or _finish(part) == "length"
                    text += _delta(part)
                    if said := cutter.feed(_delta(part)):
                        yield said
                    if cutter.stopped:
                        return
            left -= count
            if not is_cut or len(text) == before:
                break
        if rest := cutter.rest():
            yield rest

    def _stretch(self, request: Mapping[str, Any]) -> Generator[dict[str, Any], None, None]:
        """The pieces of one streamed answer as llama.cpp gives them; closing it stops the model."""
        server = self._server
        if server is None:
            raise BackendError(f"the language model {self.name} is closed")
        parts: Queue[dict[str, Any] | BackendError | None] = Queue()
        stopped = Event()

        def hand_over(part: dict[str, Any] | BackendError | None) -> bool:
            parts.put(part)
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
                yield part
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


def _finish(part: Mapping[str, Any]) -> str:
    """Why the answer ends with this piece; "" if it does not."""
    choices = part.get("choices") or ()
    return str(choices[0].get("finish_reason") or "") if choices else ""
