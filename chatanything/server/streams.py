"""A blocking iterator as an asynchronous one that stops when its listener goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from threading import Event as Flag
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def pumped(make: Callable[[], Generator[T, None, None]]) -> AsyncIterator[T]:
    """Run a generator in a thread of its own; it is closed when nobody listens any more.

    Args:
        make: Makes the generator, in that thread.

    Yields:
        What it yields; what it raises is raised here.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[tuple[str, T | BaseException | None]] = asyncio.Queue()
    gone = Flag()

    def tell(kind: str, value: T | BaseException | None) -> None:
        try:
            loop.call_soon_threadsafe(waiting.put_nowait, (kind, value))
        except RuntimeError:  # the loop was closed, so nobody listens
            gone.set()

    def run() -> None:
        try:
            with closing(make()) as pieces:
                for piece in pieces:
                    if gone.is_set():
                        return
                    tell("piece", piece)
        except BaseException as exc:  # noqa: BLE001 - raised again on the other side
            tell("error", exc)
        else:
            tell("end", None)

    Thread(target=run, name="server: stream", daemon=True).start()
    try:
        while True:
            kind, value = await waiting.get()
            if kind == "end":
                return
            if isinstance(value, BaseException):
                raise value
            yield value  # type: ignore[misc] # only "end" comes without a piece
    finally:
        gone.set()
