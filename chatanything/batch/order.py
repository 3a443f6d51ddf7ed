"""Which job is next: jobs of one persona stay together, with one worker as long as there is other work."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatanything.batch.manifest import Job


@dataclass(frozen=True, slots=True)
class Task:
    """A job on its way to a worker."""

    number: int
    """Its place in the list, from 0."""
    job: Job
    key: str
    """Its fingerprint."""
    failures: int = 0
    """Tries of this run that came to nothing."""
    ready_s: float = 0.0
    """Not before this time of the monotonic clock."""

    @property
    def out(self) -> str:
        """Name of the video."""
        return self.job.file_name


class Waiting:
    """The tasks that nobody works on.

    Args:
        tasks: In the order of the list.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._groups: OrderedDict[str, deque[Task]] = OrderedDict()
        self._count = 0
        for task in tasks:
            self.add(task)
        self._last: dict[str, str] = {}
        """Worker -> group of its last task."""

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def add(self, task: Task) -> None:
        """Put a task at the end of its group."""
        self._groups.setdefault(task.job.persona_key, deque()).append(task)
        self._count += 1

    def take(self, worker: str, now_s: float) -> Task | None:
        """The next task for a worker, None when none is ready.

        Args:
            worker: Its name.
            now_s: The monotonic clock.
        """
        for name in self._preferred(worker):
            group = self._groups[name]
            found = next((task for task in group if task.ready_s <= now_s), None)
            if found is not None:
                group.remove(found)
                self._count -= 1
                if not group:
                    del self._groups[name]
                self._last[worker] = name
                return found
        return None

    def next_ready_s(self) -> float:
        """When the first task is ready, in time of the monotonic clock; there must be tasks."""
        return min(task.ready_s for group in self._groups.values() for task in group)

    def forget(self, worker: str) -> None:
        """Note that a worker is gone."""
        self._last.pop(worker, None)

    def _preferred(self, worker: str) -> Iterator[str]:
        """Its own group, then those of nobody in their order, then the largest of the others."""
        own = self._last.get(worker)
        taken = {group for other, group in self._last.items() if other != worker}
        if own is not None and own in self._groups:
            yield own
        yield from (name for name in self._groups if name != own and name not in taken)
        yield from sorted(
            taken & set(self._groups) - {own}, key=lambda name: (-len(self._groups[name]), name)
        )
