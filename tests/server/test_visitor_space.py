from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from chatanything.errors import UsageError
from chatanything.server.access import Keys
from chatanything.server.visitor_space import VisitorSpace

DAY_S = 86_400.0
NOW_S = 1_700_000_000.0


def shelf(root: Path, owner: str, size: int, used_s: float) -> Path:
    folder = root / owner / "personas" / "apple"
    folder.mkdir(parents=True)
    (folder / "persona.charx").write_bytes(b"x" * size)
    VisitorSpace(root, days=30, megabytes=10).visit(owner, now_s=used_s)
    return root / owner


def test_what_nobody_came_back_to_goes_and_accounts_stay(tmp_path):
    old = shelf(tmp_path, "web-old", 10, NOW_S - 31 * DAY_S)
    new = shelf(tmp_path, "web-new", 10, NOW_S - 29 * DAY_S)
    account = shelf(tmp_path, "alice", 10, NOW_S - 99 * DAY_S)
    VisitorSpace(tmp_path, days=30, megabytes=10).make_room(now_s=NOW_S)
    assert (old.exists(), new.exists(), account.exists()) == (False, True, True)


def test_the_oldest_make_room_but_never_todays(tmp_path):
    space = VisitorSpace(tmp_path, days=30, megabytes=10)
    oldest = shelf(tmp_path, "web-1", 4_000_000, NOW_S - 3 * DAY_S)
    older = shelf(tmp_path, "web-2", 4_000_000, NOW_S - 2 * DAY_S)
    today = shelf(tmp_path, "web-3", 4_000_000, NOW_S - 60)
    space.make_room(now_s=NOW_S)
    assert (oldest.exists(), older.exists(), today.exists()) == (False, True, True)
    shelf(tmp_path, "web-4", 7_000_000, NOW_S)
    with pytest.raises(UsageError, match=r"no room .* 10 MB"):
        VisitorSpace(tmp_path, days=30, megabytes=10).make_room(now_s=NOW_S)
    assert (older.exists(), today.exists()) == (False, True)


def batch(root: Path, owner: str, name: str, size: int, over_s: float) -> Path:
    folder = root / owner / "batches" / name
    folder.mkdir(parents=True)
    (folder / "results.zip").write_bytes(b"x" * size)
    os.utime(folder, (over_s, over_s))
    return folder


def test_batches_that_are_over_make_room_the_oldest_first(tmp_path):
    space = VisitorSpace(tmp_path, days=30, megabytes=10)
    library = shelf(tmp_path, "web-1", 4_000_000, NOW_S - 60)
    oldest = batch(tmp_path, "web-1", "1", 3_000_000, NOW_S - 9)
    older = batch(tmp_path, "web-2", "2", 3_000_000, NOW_S - 8)
    newest = batch(tmp_path, "web-3", "3", 2_000_000, NOW_S - 7)
    account = batch(tmp_path, "alice", "4", 9_000_000, NOW_S - 99)
    for one in ("web-2", "web-3"):
        space.visit(one, now_s=NOW_S)
    space.work(oldest)
    space.make_room(now_s=NOW_S)
    assert [one.exists() for one in (library, oldest, older, newest, account)] == [
        True,
        True,
        False,
        True,
        True,
    ]
    shelf(tmp_path, "web-4", 5_000_000, NOW_S)
    with pytest.raises(UsageError, match="no room"):
        space.make_room(now_s=NOW_S)
    assert [one.exists() for one in (library, oldest, newest, account)] == [True, True, False, True]
    space.rest(oldest)
    space.make_room(now_s=NOW_S)
    assert not oldest.exists()


def test_a_working_batch_keeps_its_visitor(tmp_path):
    space = VisitorSpace(tmp_path, days=30, megabytes=10)
    old = shelf(tmp_path, "web-old", 10, NOW_S - 31 * DAY_S)
    space.work(old / "batches" / "1")
    space.make_room(now_s=NOW_S)
    assert old.exists()
    space.rest(old / "batches" / "1")
    space.make_room(now_s=NOW_S)
    assert not old.exists()


def test_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = tmp_path / "owners"
    root.mkdir()
    (root / "web-link").symlink_to(elsewhere)
    os.utime(elsewhere, (0, 0))
    VisitorSpace(root, days=30, megabytes=10).make_room(now_s=NOW_S)
    assert elsewhere.exists()


def test_a_visitors_library_is_bounded(make_services, apple, tmp_path):
    services = make_services(home=tmp_path, visitor_mb=10)
    library = services.libraries.of("web-0123")
    library.add(apple, now_s=time.time())
    (tmp_path / "owners" / "web-0123" / "big").write_bytes(b"x" * 10_000_000)
    with pytest.raises(UsageError, match="no room"):
        library.add(apple, now_s=time.time())
    assert len(library.all()) == 1
    services.libraries.of("local").add(apple, now_s=time.time())


def test_no_account_may_be_named_like_a_visitor():
    with pytest.raises(UsageError, match="web-"):
        Keys({"web-alice": "k" * 20})
