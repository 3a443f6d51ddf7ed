"""Backends in explicit frozen tables with lazy factories; code asks capabilities, never names."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from chatanything.errors import BackendError


@dataclass(frozen=True, slots=True)
class BackendSpec:
    """One backend of one stage."""

    name: str
    factory: str
    """"module:callable", imported only when the backend is asked for."""
    summary: str
    capabilities: frozenset[str] = frozenset()
    weights: tuple[str, ...] = ()
    """Ids of weights.lock that it needs."""
    extra: str = ""
    """Extra of pyproject.toml that brings its packages."""


class Table:
    """The backends of one stage.

    Raises:
        ValueError: Two backends share a name (a programming error, found at import).
    """

    def __init__(self, stage: str, specs: Iterable[BackendSpec]) -> None:
        self.stage = stage
        self._specs: dict[str, BackendSpec] = {}
        for spec in specs:
            if spec.name in self._specs:
                raise ValueError(f"duplicate {stage} backend {spec.name!r}")
            self._specs[spec.name] = spec

    def names(self) -> tuple[str, ...]:
        """All names in order of preference."""
        return tuple(self._specs)

    def spec(self, name: str) -> BackendSpec:
        """The entry of that name.

        Raises:
            BackendError: No such backend.
        """
        if name not in self._specs:
            raise BackendError(
                f"unknown {self.stage} backend {name!r}", expected="one of " + ", ".join(self._specs)
            )
        return self._specs[name]

    def first_with(self, capability: str) -> BackendSpec:
        """The preferred backend that declares a capability.

        Raises:
            BackendError: None does.
        """
        for spec in self._specs.values():
            if capability in spec.capabilities:
                return spec
        raise BackendError(f"no {self.stage} backend can do {capability!r}")

    def choose(self, wanted: str, capability: str) -> str:
        """A backend's name: the wanted one, or for "auto" the first that has the capability.

        Raises:
            BackendError: Unknown name.
        """
        return self.first_with(capability).name if wanted == "auto" else self.spec(wanted).name

    def factory(self, name: str) -> Callable[..., Any]:
        """Import a backend's factory.

        Raises:
            BackendError: Unknown, or its packages are not installed.
        """
        spec = self.spec(name)
        module, _, attribute = spec.factory.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)  # type: ignore[no-any-return]
        except ImportError as exc:
            hint = f'Install with: pip install "chatanything[{spec.extra}]"' if spec.extra else ""
            raise BackendError(
                f"{self.stage} backend {name!r} cannot be loaded", got=str(exc), hint=hint
            ) from exc
