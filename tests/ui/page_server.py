"""A real server with the page and a scripted model behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from live.test_live_session import ANSWER, LONG

from chatanything.server.running import serving
from chatanything.server.services import Services
from chatanything.settings import load_settings
from chatanything_ui.app import create_page
from tests.tiny.scripted_llm import Scripted


class Answering(Scripted):
    """Tells a long story when it is asked for one, else says good morning."""

    def stream(self, messages, **more):
        self.answers = [LONG if "story" in messages[-1]["content"] else ANSWER]
        yield from super().stream(messages, **more)


@contextmanager
def page_of(folder: Path, *, alone: bool = True) -> Iterator[tuple[str, Services]]:
    """The page's address and the services behind it."""
    config = load_settings().model_copy(update={"home": folder, "llm": "rules", "renderer": "warp"})
    with (
        Services(config, llm=Answering()) as services,
        serving(services, app=create_page(services, alone=alone)) as url,
    ):
        yield url, services
