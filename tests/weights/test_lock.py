"""weights.lock: what ours says, and what no lock may say."""

from __future__ import annotations

import re

import pytest

from chatanything.errors import WeightsError
from chatanything.weights import default_ids, entries, entry
from chatanything.weights.lock import Source, lock_path, parse_lock

GOOD = """
version = 1
[[weights]]
id = "tiny"
summary = "A test"
format = "onnx"
licence = "MIT"
card = "someone/tiny"
used_by = ["voice"]
default = true
[[weights.files]]
name = "tiny.onnx"
size = 3
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
sources = [{ pypi = "tiny-part{n}==1.0", path = "tiny_part{n}/part{n:02d}.bin", parts = 12 }]
"""


def test_our_lock_has_what_the_stages_need() -> None:
    files = {item.id: {file.name for file in item.files} for item in entries()}
    assert files["kokoro-82m-int8"] == {"kokoro-v1.0.int8.onnx"}
    assert files["kokoro-voices"] == {"voices.safetensors"}
    assert files["minilm-l6-int8"] == {"model.onnx", "tokenizer.json"}
    assert files["face-landmarker"] == {"face_landmarker.task"}
    assert files["qwen2.5-coder-1.5b-instruct-q4"] == {"model.gguf"}
    optional = {
        "qwen2.5-coder-0.5b-instruct-q4", "whisper-tiny-en", "silero-vad", "voice-encoder",
        "dlib-face-embedding",
    }  # fmt: skip
    unpinned = {"stable-diffusion-1.5", "controlnet-mediapipe-face", "lcm-lora-sd15"}
    assert set(default_ids()) == set(files) - optional - unpinned
    assert {item.id for item in entries() if not item.pinned} == unpinned
    assert {"model_index.json", "unet/config.json"} <= files["stable-diffusion-1.5"]


def test_our_lock_names_licence_card_and_pinned_sources() -> None:
    root = lock_path().parent
    for item in entries():
        free = item.licence in {"Apache-2.0", "MIT", "CC0-1.0"}
        assert free or (not item.pinned and "OpenRAIL" in item.licence)
        assert item.format != "pickle"
        card = root / item.card
        assert (
            card.is_file() if item.card.startswith("models/") else re.fullmatch(r"[\w.-]+/[\w.-]+", item.card)
        )
        for file in item.files:
            for source in file.sources:
                assert source.kind == "repo" or source.revision


def test_parts_are_numbered_from_one() -> None:
    (source,) = parse_lock(GOOD)[0].files[0].sources
    assert source == Source("pypi", "tiny_part{n}/part{n:02d}.bin", "tiny-part{n}", "1.0", 12)
    assert source.part(2) == Source("pypi", "tiny_part2/part02.bin", "tiny-part2", "1.0")
    assert source.part(10).path == "tiny_part10/part10.bin"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version = 1", "version = 2", "another version"),
        ("version = 1", "version = ", "not valid TOML"),
        ("size = 3", "size = 0", "size of 'tiny'"),
        ("ba7816", "BA7816", "sha256 of 'tiny'"),
        ('name = "tiny.onnx"', 'name = "../tiny.onnx"', "file name"),
        ('name = "tiny.onnx"', 'name = "tiny.pt"', "file name"),
        ('format = "onnx"', 'format = "hdf5"', "format of 'tiny'"),
        ('licence = "MIT"', "", "keys of 'tiny'"),
        ("default = true", "default = true\nextra = 1", "keys of 'tiny'"),
        ("==1.0", ">=1.0", "not pinned"),
        ('path = "tiny_part{n}', 'path = "../tiny_part{n}', "path of 'tiny'"),
        ("tiny-part{n}==", "tiny-part==", "source of 'tiny'"),
    ],
)
def test_a_wrong_lock_is_refused(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(WeightsError, match=re.escape(message)):
        parse_lock(GOOD.replace(old, new, 1))


def test_commits_of_hugging_face_are_whole() -> None:
    source = '{ hf = "someone/tiny@main", path = "tiny.onnx" }'
    text = re.sub(r"\{ pypi[^\]]*\]", source + "]", GOOD)
    with pytest.raises(WeightsError, match="not pinned"):
        parse_lock(text)
    good = text.replace("@main", "@" + "0a" * 20)
    assert parse_lock(good)[0].files[0].sources[0].revision == "0a" * 20


def test_pickles_are_refused_unless_the_entry_says_so() -> None:
    text = GOOD.replace('format = "onnx"', 'format = "pickle"').replace("tiny.onnx", "tiny.pt")
    with pytest.raises(WeightsError, match="run code"):
        parse_lock(text)
    assert parse_lock(text.replace("default = true", "default = true\npickle = true"))[0].format == "pickle"


def test_two_entries_with_one_id_are_refused() -> None:
    with pytest.raises(WeightsError, match="id of 'tiny'"):
        parse_lock(GOOD + GOOD.replace("version = 1", ""))


def test_an_unknown_id_lists_the_known_ones() -> None:
    with pytest.raises(WeightsError, match="expected one of kokoro-82m-int8"):
        entry("kokoro")
