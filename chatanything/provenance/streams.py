"""A soft binding: what is in a media file, whatever its container says about it.

Copying the tracks into another file (`-c copy`) takes the signed credentials away and leaves the coded
pictures and sound as they are. Their digests find the description again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from chatanything.errors import InputFileError

_SLICES: Final = frozenset({1, 5})
"""NAL units of H.264 that hold pictures; the others describe them and change with the container."""
_LENGTH: Final = 4
"""Bytes before a NAL unit in MP4 and Matroska."""
_START: Final = b"\x00\x00\x01"
"""Before a NAL unit in a transport stream (ITU-T H.264, annex B)."""
_ADTS: Final = 7
"""Bytes of the header that AAC has in a transport stream."""


def stream_digests(path: Path) -> Mapping[str, str]:
    """The sha256 of the coded pictures ("video") and of the coded sound ("audio") of a file.

    Args:
        path: Any file that FFmpeg opens; only the first track of each kind counts.

    Raises:
        InputFileError: The file cannot be read, or is damaged.
    """
    import av

    try:
        with av.open(str(path)) as container:
            tracks: dict[int, tuple[str, Any]] = {}
            for kind, streams in (("video", container.streams.video), ("audio", container.streams.audio)):
                if streams:
                    tracks[streams[0].index] = (kind, hashlib.sha256())
            for packet in container.demux([container.streams[index] for index in tracks]):
                for part in _content(packet.stream.codec_context, bytes(packet)):
                    tracks[packet.stream.index][1].update(part)
            return {kind: digest.hexdigest() for kind, digest in tracks.values()}
    except (av.FFmpegError, OSError, ValueError) as exc:
        raise InputFileError(f"{path} cannot be read as media", got=str(exc)) from exc


def _content(codec: Any, packet: bytes) -> Iterator[bytes]:
    """What a packet holds, without what containers add; all of it where FFmpeg does not know the encoding."""
    if codec is None:
        yield packet
    elif codec.name == "h264":
        # An avcC record, which begins with its version 1, means lengths in the place of start codes.
        counted = (codec.extradata or b"")[:1] == b"\x01"
        units = _counted_units(packet) if counted else packet.split(_START)[1:]
        # No unit ends in a zero; those that follow it belong to the next start code.
        yield from (unit.rstrip(b"\x00") for unit in units if unit and unit[0] & 0x1F in _SLICES)
    elif codec.name == "aac" and packet[:1] == b"\xff" and packet[1:2] >= b"\xf0":
        yield packet[_ADTS:]
    else:
        yield packet


def _counted_units(packet: bytes) -> Iterator[bytes]:
    at = 0
    while at + _LENGTH <= len(packet):
        size = int.from_bytes(packet[at : at + _LENGTH], "big")
        yield packet[at + _LENGTH : at + _LENGTH + size]
        at += _LENGTH + size
