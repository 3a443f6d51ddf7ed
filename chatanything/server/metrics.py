"""What Prometheus may ask for."""

from __future__ import annotations

import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_REQUEST_S: Final = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60)
_SESSION_S: Final = (1, 10, 60, 300, 900, 3600)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others share one label: a client may call its method as it likes, and every label stays in memory."""
_FIRST_S: Final = (0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 20)


class Metrics:
    """The figures of one server; each has a registry of its own, so that several live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "chatanything_requests", "HTTP requests", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "chatanything_request_seconds",
            "Time until a response begins",
            ("route",),
            buckets=_REQUEST_S,
            registry=self.registry,
        )
        self.sessions = Gauge(
            "chatanything_live_sessions", "Conversations that are open", registry=self.registry
        )
        self.session_seconds = Histogram(
            "chatanything_live_session_seconds",
            "Length of conversations",
            buckets=_SESSION_S,
            registry=self.registry,
        )
        self.replies = Counter(
            "chatanything_replies", "Answers in conversations", ("end",), registry=self.registry
        )
        self.first_sound = Histogram(
            "chatanything_first_sound_seconds",
            "From a question to the first sound of its answer",
            buckets=_FIRST_S,
            registry=self.registry,
        )
        self.pictures = Counter(
            "chatanything_pictures", "Pictures of conversations", ("what",), registry=self.registry
        )
        self.videos = Counter("chatanything_videos", "Video jobs", ("end",), registry=self.registry)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return bytes(generate_latest(self.registry))


class CountRequests:
    """Middleware that counts requests by the template of their route, never by their path.

    Args:
        app: The rest of the server.
        metrics: Where to count.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count it when its response begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()

        async def counted(sent: Message) -> None:
            if sent["type"] == "http.response.start":
                route = _template(scope)
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._metrics.requests.labels(method, route, str(sent["status"])).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - start)
            await send(sent)

        await self._app(scope, receive, counted)


def _template(scope: Scope) -> str:
    """The route's path with its parameters' names; "other" for what no route knows."""
    if "route" in scope:
        return str(getattr(scope["route"], "path", "other"))
    for route in scope["app"].routes if "app" in scope else ():
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return str(getattr(route, "path", "other"))
    return "other"
