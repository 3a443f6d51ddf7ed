"""Weights: pinned in weights.lock, fetched from mirrors, trusted by sha256 only."""

from chatanything.weights.lock import Entry, entries, entry
from chatanything.weights.store import default_ids, ensure, status, verify
from chatanything.weights.verify import Status

__all__ = ["Entry", "Status", "default_ids", "ensure", "entries", "entry", "status", "verify"]
