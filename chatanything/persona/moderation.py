"""A second opinion on what is said, from a server of the user's choice; without one nothing is sent.

Any server with OpenAI's `/moderations` will do. It is asked about messages before they are answered and about
clauses before they are heard. One that gives no answer is an error, not a permission.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from chatanything.openai_client import OpenAIClient
from chatanything.settings import settings

_ANSWER_S: Final = 10.0
_SEEN: Final = 512
"""Texts whose answer is kept: an answer that is thought of twice is sent once."""
_NEEDS: Final = ("self-harm", "self_harm")
"""Categories whose name begins so mean that somebody may be in danger."""


def flagged(text: str) -> tuple[str, ...]:
    """The categories under which the server objects to a text; () without a server.

    Args:
        text: A message, or a clause of an answer.

    Raises:
        BackendError: The server cannot be reached or gives no verdict.
    """
    url = settings().moderation
    return _flagged(text, url, settings().moderation_model) if url and text.strip() else ()


def means_self_harm(categories: tuple[str, ...]) -> bool:
    """Whether categories of `flagged` say that somebody may hurt himself."""
    return any(one.startswith(_NEEDS) for one in categories)


@lru_cache(maxsize=_SEEN)
def _flagged(text: str, url: str, model: str) -> tuple[str, ...]:
    client = _client(url)
    more = {"model": model} if model else {}
    answer = client.guarded(lambda: client.raw.moderations.create(input=text, **more))
    results = getattr(answer, "results", None)
    if not results:
        raise client.error("gave no verdict")
    found: dict[str, Any] = results[0].categories.model_dump(by_alias=True) if results[0].flagged else {}
    named = tuple(sorted(name for name, hit in found.items() if hit))
    return named or (("flagged",) if results[0].flagged else ())


@lru_cache(maxsize=1)
def _client(url: str) -> OpenAIClient:
    return OpenAIClient(
        url,
        api_key=settings().moderation_api_key,
        answer_s=_ANSWER_S,
        what="the moderation at",
        hint="Check the address, or unset CHATANYTHING_MODERATION.",
    )
