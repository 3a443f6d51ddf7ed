"""Personas as OpenAI's models: `/v1/models` and `/v1/chat/completions`."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from chatanything.errors import ChatAnythingError, UsageError
from chatanything.library import Kept
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import MAX_SAID, Said
from chatanything.persona.flaws import spoken
from chatanything.persona.memory.memory import Memory
from chatanything.seeds import derive
from chatanything.server.depends import Library, Owner, Shared
from chatanything.server.failures import documented, status_of
from chatanything.server.schemas import ChatChoice, ChatRequest, ChatResponse, Model, ModelList
from chatanything.server.services import Services
from chatanything.server.streams import pumped

log = logging.getLogger(__name__)
router = APIRouter(prefix="/v1", tags=["chat"])
_SUMMED_UP: Final = 8
"""Earlier conversations that are summed up before an answer; it waits for some milliseconds of each."""


@router.get("/models", responses=documented())
def models(library: Library, owner: Owner) -> ModelList:
    """The caller's personas."""
    return ModelList(data=[_model(kept, owner) for kept in library.all()])


@router.get("/models/{model}", responses=documented(404))
def model(model: str, library: Library, owner: Owner) -> Model:
    """One of them."""
    return _model(library.find(model), owner)


def _model(kept: Kept, owner: str) -> Model:
    return Model(id=kept.id, created=int(kept.created_s), owned_by=owner)


@router.post(
    "/chat/completions",
    response_model=ChatResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Whole, or in pieces with `stream`"},
        **documented(404, 503, 507),
    },
)
async def complete(asked: ChatRequest, services: Shared, library: Library, owner: Owner) -> Any:
    """A persona's answer."""
    persona = await run_in_threadpool(library.load, asked.model)
    history, said = _conversation(asked)
    seed = asked.seed if asked.seed is not None else derive(persona.card.seed, "chat", len(history), said)
    open_memory = None
    if asked.user:
        open_memory = partial(services.memory, owner, asked.model, persona.card.name, asked.user)
    make = partial(_answer, services, persona.card, history, said, seed, open_memory)
    name, now = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
    if asked.stream:
        return StreamingResponse(_events(make, name, now, asked.model), media_type="text/event-stream")
    text = "".join([piece async for piece in pumped(make)])
    message = {"role": "assistant", "content": spoken(text)}
    return ChatResponse(id=name, created=now, model=asked.model, choices=[ChatChoice(message=message)])


def _conversation(asked: ChatRequest) -> tuple[list[Said], str]:
    """What was said before, and what is to be answered, cut to what is read of a message.

    Raises:
        UsageError: The last word was not the user's, or it is empty.
    """
    turns = [turn for turn in asked.messages if turn.role in ("user", "assistant")]
    said = turns[-1].text[:MAX_SAID] if turns and turns[-1].role == "user" else ""
    if not said.strip():
        raise UsageError("there is nothing to answer", expected="a last message of the user with words")
    history = [Said("user" if turn.role == "user" else "assistant", turn.text) for turn in turns[:-1]]
    return history, said


def _answer(
    services: Services,
    card: PersonaCard,
    history: list[Said],
    said: str,
    seed: int,
    open_memory: Callable[[], Memory] | None,
) -> Generator[str, None, None]:
    """The answer; what the user said of himself is remembered after it."""
    if open_memory is None:
        yield from services.engine.answer(card, history, said, seed=seed)
        return
    with closing(open_memory()) as memory:
        try:
            memory.end_conversations(None, most=_SUMMED_UP)
        except ChatAnythingError as exc:
            log.warning("earlier conversations could not be summed up: %s", exc)
        known, answer = memory.recollect(said), list[str]()
        with closing(services.engine.answer(card, history, said, memory=known, seed=seed)) as pieces:
            for piece in pieces:
                answer.append(piece)
                yield piece
        memory.note(said, spoken("".join(answer)))


async def _events(
    make: partial[Generator[str, None, None]], name: str, now: int, model_name: str
) -> AsyncIterator[str]:
    """Server-sent events as OpenAI sends them; a failure in the middle is an event too."""

    def chunk(delta: dict[str, str], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {"id": name, "object": "chat.completion.chunk", "created": now, "model": model_name}
        return f"data: {json.dumps({**body, 'choices': [choice]}, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    try:
        async for piece in pumped(make):
            yield chunk({"content": piece})
    except ChatAnythingError as exc:
        _, kind = status_of(exc)
        yield f"data: {json.dumps({'error': {'message': str(exc), 'type': kind}})}\n\n"
        return
    yield chunk({}, "stop")
    yield "data: [DONE]\n\n"
