"""Where all sessions draw: pictures that are asked for while others are drawn are drawn together, next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from threading import Event, Lock
from typing import Final

from chatanything.lipsync.geometry import Pose
from chatanything.live.parts import LiveRenderer
from chatanything.types import Float32, UInt8

_MOST: Final = 8
"""Pictures that are drawn together; the more, the longer each of them takes."""


@dataclass(eq=False, slots=True)
class _Order:
    """A picture that somebody waits for."""

    renderer: LiveRenderer
    pose: Pose
    head: Float32
    called: Event = field(default_factory=Event)
    """It is drawn, or it is its own thread's turn to draw."""
    image: UInt8 | None = None
    failure: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.image is not None or self.failure is not None


class DrawingTable:
    """Draws for many threads; whoever comes first draws for those who came meanwhile."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = False
        self._waiting: list[_Order] = []

    def draw(self, renderer: LiveRenderer, pose: Pose, head: Float32) -> UInt8:
        """One finished picture, (H, W, 3) uint8 RGB.

        Args:
            renderer: The session's.
            pose: From its geometry.
            head: (6,) as in `Motion.head`.
        """
        order = _Order(renderer, pose, head)
        with self._lock:
            self._waiting.append(order)
            waits, self._busy = self._busy, True
        if waits:
            order.called.wait()
        if not order.is_done:
            self._lead()
        if order.failure is not None:
            raise order.failure
        assert order.image is not None
        return order.image

    def _lead(self) -> None:
        """Draw what waits, then let the next who waits lead."""
        with self._lock:
            orders, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        try:
            _draw_all(orders)
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting[0].called.set()
                else:
                    self._busy = False
            for order in orders:
                order.called.set()


def _draw_all(orders: Sequence[_Order]) -> None:
    ordered = sorted(orders, key=lambda one: id(type(one.renderer)))
    for kind, same in groupby(ordered, key=lambda one: type(one.renderer)):
        group = list(same)
        try:
            images = kind.draw_together([(one.renderer, one.pose, one.head) for one in group])
            for one, image in zip(group, images, strict=True):
                one.image = image
        except Exception:  # noqa: BLE001 each is tried by itself, and raises where it is waited for
            _draw_each(group)


def _draw_each(orders: Sequence[_Order]) -> None:
    """One by one, so that a character that cannot be drawn takes no other down."""
    for one in orders:
        try:
            one.image = one.renderer.draw(one.pose, one.head)
        except Exception as exc:  # noqa: BLE001 it is raised where it is waited for
            one.failure = exc
