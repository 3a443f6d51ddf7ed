"""Sound before pictures, where the processor is scarce."""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

NICE: Final = 6
"""Added to the drawing threads: beside a busy voice they get about a fifth of the processor."""


def yield_to_others() -> None:
    """Let the calling thread give way to threads of usual priority; only Linux can do that for one thread."""
    if sys.platform != "linux":
        return
    thread = threading.get_native_id()
    try:
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + NICE))
    except OSError:  # a sandbox may forbid it; everything works without
        return
