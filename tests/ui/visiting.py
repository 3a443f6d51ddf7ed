"""What a visitor does in a real browser, step by step."""

from __future__ import annotations

import json
from typing import Any

from chatanything.library import Kept

LONG_MS = 180_000


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def state(page: Any) -> Any:
    return page.inner_text('[data-part="state"]')


def wait_live(page: Any, *names: str) -> None:
    wanted = json.dumps(names)
    page.wait_for_function(
        f"{wanted}.includes(document.querySelector('.call').dataset.state)", timeout=LONG_MS
    )


def call(page: Any, kept: Kept) -> None:
    """Call somebody from the gallery and wait until the greeting is over."""
    open_tab(page, "Gallery")
    page.locator(f'[data-do="talk"][data-id="{kept.id}"]').click()
    page.get_by_role("button", name=f"Call {kept.name}").click()
    wait_live(page, "speaking")
    page.wait_for_function("chatanything.call.lastReply !== ''", timeout=LONG_MS)
    wait_live(page, "live")
