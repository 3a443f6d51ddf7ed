"""A client for servers that speak OpenAI's protocol, whose errors are ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chatanything.errors import BackendError

CONNECT_S: Final = 5.0


class OpenAIClient:
    """One server; `raw` is the official client.

    Args:
        base_url: Such as "http://localhost:11434/v1".
        api_key: Sent with every request.
        answer_s: The longest wait for an answer.
        what: How errors name it: "the endpoint", "the speech recognition at".
        hint: The next step that errors name.
    """

    def __init__(self, base_url: str, *, api_key: str, answer_s: float, what: str, hint: str) -> None:
        import openai

        self._openai: Any = openai
        self._name, self._hint = f"{what} {base_url}", hint
        self.raw: Any = openai.OpenAI(
            base_url=base_url,
            api_key=api_key,
            timeout=openai.Timeout(answer_s, connect=CONNECT_S),
            max_retries=1,
        )

    def guarded(self, call: Callable[[], Any]) -> Any:
        """The result of a call to `raw`.

        Raises:
            BackendError: The server is not there, refuses, or answers with what is no answer.
        """
        try:
            return call()
        except self._openai.APITimeoutError as exc:
            raise self.error("does not answer in time", exc) from exc
        except self._openai.APIConnectionError as exc:
            raise self.error("cannot be reached", exc) from exc
        except self._openai.APIStatusError as exc:
            raise self.error(f"refused the request with status {exc.status_code}", exc) from exc
        except (self._openai.OpenAIError, ValueError) as exc:  # an answer that is no JSON is a ValueError
            raise self.error("gave a broken answer", exc) from exc

    def error(self, trouble: str, exc: Exception | None = None) -> BackendError:
        """The error that says what is wrong with this server."""
        got = (str(exc).splitlines() or [""])[0][:200] if exc else ""
        return BackendError(f"{self._name} {trouble}", got=got, hint=self._hint)

    def close(self) -> None:
        """Close the connections."""
        self.raw.close()
