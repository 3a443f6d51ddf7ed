"""Pictures: reading whatever a user hands in, and PNG out."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from chatanything.errors import InputFileError
from chatanything.media.atomic import write_bytes
from chatanything.types import UInt8

MAX_PIXELS: Final = 64_000_000
MIN_EDGE: Final = 64
"""Pixels; below this a face has no usable mouth."""
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
"""Decoders that work in memory; none that calls another program."""
_STILL_WITH_SEVERAL: Final = "MPO"
"""What Pillow calls a JPEG with a second, smaller view in it, as phones make: the first one counts."""
_DAMAGE: Final = (
    OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError, KeyError, TypeError,
    AttributeError, OverflowError, MemoryError,
)  # fmt: skip
"""What Pillow's decoders raise on broken bytes."""


def read_image(path: Path, max_pixels: int = MAX_PIXELS) -> UInt8:
    """Read a still picture the right way up.

    The Exif orientation is applied; transparent parts are laid on white.

    Args:
        path: PNG, JPEG, WebP, BMP, TIFF, AVIF, or a GIF of one frame.
        max_pixels: Larger pictures are refused before a pixel is decoded.

    Returns:
        (H, W, 3) uint8 RGB, both edges at least 64 px.

    Raises:
        InputFileError: Missing, not a picture, damaged, animated, too large or too small.
    """
    try:
        with path.open("rb") as stream:
            return _decode(stream, str(path), _FORMATS, MIN_EDGE, max_pixels)
    except OSError as exc:
        raise InputFileError(f"{path} cannot be read", got=exc.strerror or str(exc)) from exc


def decode_png(data: bytes) -> UInt8:
    """PNG bytes to (H, W, 3) uint8 RGB.

    Raises:
        InputFileError: Not a PNG, damaged, or larger than 64 megapixels.
    """
    return _decode(io.BytesIO(data), "the embedded picture", ("PNG",), 1, MAX_PIXELS)


def encode_png(image: UInt8, text: Mapping[str, str] | None = None) -> bytes:
    """A picture as PNG; the same picture and text give the same bytes.

    Args:
        image: (H, W, 3) uint8 RGB.
        text: Key -> Latin-1 value, written as tEXt chunks in order.
    """
    chunks = PngInfo()
    for key, value in (text or {}).items():
        chunks.add_text(key, value)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", pnginfo=chunks, compress_level=6)
    return buffer.getvalue()


def write_png(path: Path, image: UInt8, text: Mapping[str, str] | None = None) -> None:
    """Write a PNG, whole or not at all.

    Args:
        path: The file; replaced when it exists.
        image: (H, W, 3) uint8 RGB.
        text: As for `encode_png`.

    Raises:
        OutputError: It cannot be written.
    """
    write_bytes(path, encode_png(image, text))


def _decode(stream: BinaryIO, name: str, formats: tuple[str, ...], min_edge: int, max_pixels: int) -> UInt8:
    image = _open(stream, name, formats, max_pixels)
    width, height = image.size
    if width * height > max_pixels:
        raise _too_large(name, max_pixels, f"{width} x {height}")
    if min(width, height) < min_edge:
        raise InputFileError(
            f"{name} is too small", expected=f"at least {min_edge} px a side", got=f"{width} x {height}"
        )
    try:
        # Counting the frames reads the file, too.
        if getattr(image, "n_frames", 1) > 1 and image.format != _STILL_WITH_SEVERAL:
            raise InputFileError(f"{name} is animated", expected="a still picture")
        return np.asarray(_to_rgb(ImageOps.exif_transpose(image)))
    except _DAMAGE as exc:
        raise InputFileError(f"{name} is damaged", got=str(exc)) from exc


def _open(stream: BinaryIO, name: str, formats: tuple[str, ...], max_pixels: int) -> Image.Image:
    """Read the header only."""
    try:
        with warnings.catch_warnings():
            # The size is checked right after, with our own limit.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(stream, formats=formats)
    except UnidentifiedImageError as exc:
        raise InputFileError(f"{name} is not a picture", expected="PNG, JPEG or WebP") from exc
    except Image.DecompressionBombError as exc:
        raise _too_large(name, max_pixels, str(exc)) from exc
    except _DAMAGE as exc:
        raise InputFileError(f"{name} is damaged", got=str(exc)) from exc


def _too_large(name: str, max_pixels: int, got: str) -> InputFileError:
    return InputFileError(
        f"{name} is too large", expected=f"at most {max_pixels / 1e6:g} megapixels", got=got
    )


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits a pixel: Pillow's own conversion clips instead of scaling.
        image = Image.fromarray((np.asarray(image, np.float64) / 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        paper = Image.new("RGBA", shown.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, shown)
    return image.convert("RGB")
