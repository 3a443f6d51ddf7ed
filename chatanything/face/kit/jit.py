"""How the kernels are compiled: once, without the interpreter lock, and kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])
_FAST: Final = {"cache": True, "fastmath": True, "nogil": True, "error_model": "numpy"}
# "numpy" division: a zero radius gives infinity instead of a check at every division


def kernel(function: _Function) -> _Function:
    """Compile a function; its signature stays visible to type checkers."""
    return cast(_Function, njit(**_FAST)(function))


def inlined(function: _Function) -> _Function:
    """As `kernel`, copied into its callers."""
    return cast(_Function, njit(inline="always", **_FAST)(function))
