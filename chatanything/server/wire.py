"""Messages of a live session on the wire; docs/SERVER.md describes them."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chatanything.errors import UsageError
from chatanything.live.events import Caption, Closed, Event, Failed, Interrupted, Picture, ReplyDone, Sound
from chatanything.media.pcm import from_pcm, to_pcm
from chatanything.persona.chat_prompt import MAX_SAID
from chatanything.types import Float32

HEADER: Final = struct.Struct("<BBHIdI")
"""Kind, format, nothing, reply, at_s, sample rate."""
PICTURE: Final = 1
SOUND: Final = 2
JPEG_QUALITY: Final = 88
MIN_RATE: Final = 8_000
MAX_RATE: Final = 48_000


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Say(_Message):
    """Talk to the character."""

    type: Literal["say"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_SAID)]


class Perform(_Message):
    """Let it say exactly this, or its greeting."""

    type: Literal["perform"]
    text: Annotated[str, Field(max_length=MAX_SAID)] = ""


class Interrupt(_Message):
    """Stop talking."""

    type: Literal["interrupt"]


class Microphone(_Message):
    """Sound follows, or no more of it."""

    type: Literal["microphone"]
    on: bool
    sample_rate: Annotated[int, Field(ge=MIN_RATE, le=MAX_RATE)] = 16_000


class Ping(_Message):
    """Answer with the clock."""

    type: Literal["ping"]
    id: Annotated[int, Field(ge=0, le=2**53)] = 0


Asked = Say | Perform | Interrupt | Microphone | Ping
_ASKED: Final[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])
NAMES: Final[dict[type, str]] = {
    Caption: "caption",
    ReplyDone: "done",
    Interrupted: "interrupted",
    Failed: "failed",
    Closed: "closed",
}


def parse(text: str) -> Asked:
    """A text message of the user.

    Raises:
        UsageError: It is none.
    """
    try:
        return _ASKED.validate_json(text)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"the message is not valid{f' at {where}' if where else ''}: {first['msg'].lower()}",
            hint="docs/SERVER.md lists all messages.",
        ) from exc


def samples_of(data: bytes, sample_rate: int) -> Float32:
    """A binary message of the user, (n,) float32 in -1..1.

    Args:
        data: PCM16, little-endian, mono.
        sample_rate: As announced.

    Raises:
        UsageError: Half a sample, or more than a second.
    """
    if len(data) % 2 or len(data) > 2 * sample_rate:
        raise UsageError(
            "a piece of sound cannot be used",
            expected="PCM16 of at most one second",
            got=f"{len(data)} bytes",
        )
    return from_pcm(data)


def encode(event: Event) -> bytes | str:
    """An event of a session: bytes for a picture or sound, else a text message."""
    if isinstance(event, Picture):
        return HEADER.pack(PICTURE, 1, 0, event.reply, event.at_s, 0) + _jpeg(event)
    if isinstance(event, Sound):
        header = HEADER.pack(SOUND, 1, 0, event.reply, event.at_s, event.sample_rate)
        return header + to_pcm(event.samples)
    return message(NAMES[type(event)], **asdict(event))


def message(kind: str, **fields: Any) -> str:
    """A text message of the server."""
    return json.dumps({"type": kind, **fields}, ensure_ascii=False)


def _jpeg(picture: Picture) -> bytes:
    import cv2

    bgr = cv2.cvtColor(picture.image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert done
    return bytes(data)
