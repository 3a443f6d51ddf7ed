"""Pictures of every kind, and those that are refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chatanything.errors import InputFileError, OutputError
from chatanything.media.image import decode_png, encode_png, read_image, write_png
from chatanything.types import UInt8


@pytest.fixture
def picture() -> UInt8:
    """(80, 120, 3): a dark red left, a light blue right."""
    image = np.empty((80, 120, 3), np.uint8)
    image[:, :60], image[:, 60:] = (90, 10, 20), (120, 180, 250)
    return image


def test_png_round_trip_is_exact_and_deterministic(picture: UInt8, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_png(path, picture, {"chara": "abc"})
    assert np.array_equal(read_image(path), picture)
    assert path.read_bytes() == encode_png(picture, {"chara": "abc"})
    assert Image.open(path).text == {"chara": "abc"}
    assert np.array_equal(decode_png(encode_png(picture)), picture)
    assert [item.name for item in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("suffix", ["jpg", "webp", "bmp", "tiff", "gif"])
def test_common_formats(picture: UInt8, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(picture).save(path)
    image = read_image(path)
    assert image.shape == picture.shape
    assert image.dtype == np.uint8
    assert np.abs(image[40, 20].astype(int) - picture[40, 20]).max() <= 6


def test_exif_orientation_is_applied(picture: UInt8, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by 90 degrees clockwise
    path = tmp_path / "phone.jpg"
    Image.fromarray(picture).save(path, exif=exif, quality=95)
    image = read_image(path)
    assert image.shape == (120, 80, 3)
    assert image[10, 40, 0] > image[10, 40, 2]
    assert image[110, 40, 2] > image[110, 40, 0]


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    layers = np.zeros((64, 64, 4), np.uint8)
    layers[:32] = (200, 0, 0, 255)
    layers[32:, :, 3] = 0
    Image.fromarray(layers).save(tmp_path / "a.png")
    image = read_image(tmp_path / "a.png")
    assert image[0, 0].tolist() == [200, 0, 0]
    assert image[63, 63].tolist() == [255, 255, 255]


def test_sixteen_bits_are_scaled_and_cmyk_is_converted(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    image = read_image(tmp_path / "deep.png")
    assert (image[0, 0, 0], image[-1, -1, 0]) == (0, 255)
    assert abs(int(image[32, 0, 0]) - 128) <= 1
    Image.new("CMYK", (64, 64), (0, 0, 0, 0)).save(tmp_path / "print.jpg")
    assert read_image(tmp_path / "print.jpg").min() >= 250


def test_a_huge_picture_is_refused_before_decoding(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")))
    with pytest.raises(InputFileError, match="too large, expected at most 64 megapixels"):
        read_image(tmp_path / "bomb.png")
    write_png(tmp_path / "a.png", np.zeros((100, 100, 3), np.uint8))
    with pytest.raises(InputFileError, match="100 x 100"):
        read_image(tmp_path / "a.png", max_pixels=9_999)


def test_animations_are_refused(picture: UInt8, tmp_path: Path) -> None:
    frames = [Image.fromarray(picture), Image.fromarray(255 - picture)]
    for suffix in ("gif", "webp", "png", "tiff"):
        frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:])
        with pytest.raises(InputFileError, match="animated"):
            read_image(tmp_path / f"a.{suffix}")


def test_small_broken_and_foreign_files_are_refused(picture: UInt8, tmp_path: Path) -> None:
    write_png(tmp_path / "small.png", picture[:63])
    with pytest.raises(InputFileError, match="at least 64 px a side, got 120 x 63"):
        read_image(tmp_path / "small.png")
    (tmp_path / "text.png").write_text("not a picture at all")
    with pytest.raises(InputFileError, match="is not a picture"):
        read_image(tmp_path / "text.png")
    with pytest.raises(InputFileError, match="No such file"):
        read_image(tmp_path / "none.png")
    with pytest.raises(InputFileError, match="Is a directory"):
        read_image(tmp_path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_truncated_files_are_refused(tmp_path: Path, suffix: str, part: float) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}[suffix])
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(buffer.getvalue()[: int(part * len(buffer.getvalue()))])
    with pytest.raises(InputFileError):
        read_image(path)


def test_decode_png_takes_png_only(picture: UInt8) -> None:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG")
    with pytest.raises(InputFileError, match="not a picture"):
        decode_png(buffer.getvalue())


def test_writing_into_a_missing_folder_names_it(picture: UInt8, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="missing"):
        write_png(tmp_path / "missing" / "a.png", picture)
