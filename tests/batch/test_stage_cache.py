"""The cache of stages: made once, bounded, and never the reason for a failure."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import numpy as np
import pytest

from chatanything.stage_cache import StageCache, code_digest, key_of
from chatanything.types import Delivery, Speech, TimedUnit, VoiceChoice, VoiceConsent
from chatanything.voice.kept import dump_speech, kept_speech, load_speech, speech_key

KEYS = [f"{number:064x}" for number in range(1, 9)]


def same(data: bytes) -> bytes:
    return data


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    cache = StageCache(tmp_path, 10_000)
    made = []

    def make() -> bytes:
        made.append(1)
        return b"speech"

    for expected in (False, True, True):
        assert cache.kept(KEYS[0], make, dump=same, load=same) == (b"speech", expected)
    assert StageCache(tmp_path, 10_000).get(KEYS[0]) == b"speech"
    assert len(made) == 1


def test_a_damaged_entry_is_made_anew(tmp_path: Path) -> None:
    cache = StageCache(tmp_path, 10_000)
    cache.put(KEYS[0], b"speech")
    (entry,) = tmp_path.glob("entries/??/*")
    entry.write_bytes(entry.read_bytes()[:-1] + b"x")
    assert cache.has(KEYS[0])
    assert cache.get(KEYS[0]) is None
    assert not cache.has(KEYS[0])


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = StageCache(tmp_path, 4 * 132)
    for number, key in enumerate(KEYS[:4]):
        cache.put(key, bytes(100))
        os.utime(next(tmp_path.glob(f"entries/??/{key}")), (number, number))
    assert cache.get(KEYS[0]) is not None  # used again just now
    cache.put(KEYS[4], bytes(100))
    assert [cache.has(key) for key in KEYS[:5]] == [True, False, False, True, True]
    sizes = sum(path.stat().st_size for path in tmp_path.glob("entries/??/*"))
    assert sizes <= 4 * 132
    cache.put(KEYS[5], bytes(1000))
    assert not cache.has(KEYS[5])


def test_entries_make_room_on_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = 0

    def usage(folder: Path) -> SimpleNamespace:
        used = others + sum(path.stat().st_size for path in Path(folder).glob("entries/??/*"))
        return SimpleNamespace(total=1000, used=used, free=1000 - used)

    monkeypatch.setattr("shutil.disk_usage", usage)
    cache = StageCache(tmp_path, 10_000)
    for number, key in enumerate(KEYS[:7]):
        cache.put(key, bytes(100))
        for path in tmp_path.glob(f"entries/??/{key}"):
            os.utime(path, (number, number))
    assert [cache.has(key) for key in KEYS[:7]] == [False] + [True] * 6
    assert usage(tmp_path).free >= 100
    others = 600
    cache.put(KEYS[7], bytes(100))
    assert [cache.has(key) for key in KEYS] == [False] * 6 + [True] * 2
    others = 990
    cache.put(KEYS[0], bytes(100))
    assert not any(cache.has(key) for key in KEYS)


def test_of_many_who_ask_one_makes_it(tmp_path: Path) -> None:
    begin, made = Barrier(4), []

    def ask(_: int) -> tuple[bytes, bool]:
        begin.wait()

        def make() -> bytes:
            made.append(1)
            return b"face"

        return StageCache(tmp_path, 10_000).kept(KEYS[0], make, dump=same, load=same)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    assert len(made) == 1
    assert sorted(had for _, had in answers) == [False, True, True, True]


def test_without_room_or_rights_everything_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for cache in (StageCache(tmp_path / "none", 0), StageCache(tmp_path / "file" / "below", 10_000)):
        for _ in range(2):
            assert cache.kept(KEYS[0], lambda: b"x", dump=same, load=same) == (b"x", False)
    assert not (tmp_path / "none").exists()


def test_keys_tell_inputs_and_code_apart(tmp_path: Path) -> None:
    assert key_of("speech", {"a": 1.0}) == key_of("speech", {"a": 1.0})
    assert key_of("speech", {"a": 1.0}) != key_of("speech", {"a": 1.0000000001})
    assert key_of("speech", {"a": 1}) != key_of("persona", {"a": 1})
    for name in ("voice/speech.py", "cli/main.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("old")
    before = code_digest(tmp_path)
    (tmp_path / "cli/main.py").write_text("new")
    assert code_digest(tmp_path) == before
    (tmp_path / "voice/speech.py").write_text("new")
    assert code_digest(tmp_path) != before


SPEECH = Speech(
    np.random.default_rng(1).standard_normal(99).astype(np.float32), 24000,
    (TimedUnit("café", "word", 0.1, 1 / 3), TimedUnit("AA", "phone", 0.1, 0.2 + 1e-17)), "Un café.", "kokoro",
)  # fmt: skip
MINE = VoiceConsent("It is me.", "me", "now", "0")


def test_speech_comes_back_to_the_last_digit() -> None:
    again = load_speech(dump_speech(SPEECH))
    assert np.array_equal(again.samples, SPEECH.samples)
    assert again.samples.dtype == np.float32
    assert (again.units, again.text, again.backend) == (SPEECH.units, SPEECH.text, SPEECH.backend)


@pytest.mark.parametrize(
    ("choice", "speech_backend", "kept"),
    [
        (VoiceChoice("kokoro", (("af_heart", 1.0),)), "kokoro", True),
        (VoiceChoice("coqui", (("p225", 1.0),)), "kokoro", False),
        (VoiceChoice("coqui", (("clone:me", 1.0),), consent=MINE), "coqui", False),
    ],
)  # fmt: skip
def test_stand_ins_and_voices_of_people_are_not_kept(
    tmp_path: Path, choice: VoiceChoice, speech_backend: str, kept: bool
) -> None:
    cache, delivery = StageCache(tmp_path, 100_000), Delivery()
    speech = Speech(SPEECH.samples, 24000, (), "Hi.", speech_backend)
    for _ in range(2):
        _, had = kept_speech(cache, "Hi.", choice, delivery, 3, lambda: speech)
    assert had is kept
    assert cache.has(speech_key("Hi.", choice, delivery, 3)) is kept
