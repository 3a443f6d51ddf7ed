"""How often the hidden mark of a video is read after what happens to videos, and how often where none is."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from chatanything.evaluation.rows import Row
from chatanything.lipsync import RENDERERS
from chatanything.lipsync.moving import move
from chatanything.persona.delivery import delivery_for
from chatanything.progress import Progress, silent
from chatanything.provenance.watermark import STRENGTH, Reading, marked
from chatanything.seeds import derive
from chatanything.studio import Studio
from chatanything.types import Frame, Speech, UInt8

_WHO: Final = (
    "a grumpy old lighthouse keeper", "a cheerful apple who sings", "a wise owl who teaches astronomy",
    "a nervous little robot", "a young woman with red hair", "a green dragon who collects teacups",
    "an old man with a long beard", "a strict teapot", "a lazy orange cat", "a proud sunflower",
    "a boy who loves trains", "a ghost who is afraid of people", "a friendly boot", "a snowman in summer",
    "a witch who bakes", "a brown bear who knits", "a woman with glasses who reads maps", "a shy cactus",
    "a pirate with a hat", "a penguin who is late", "a vain tomato", "a fox who sells lemonade",
    "a tired alarm clock", "a girl with black curls",
)  # fmt: skip
_SECONDS: Final = 3.0
_RATE: Final = 16_000
_FPS: Final = 25.0
_WRITTEN_CRF: Final = 18
"""As `media.video` writes."""
_WRONG_KEYS: Final = (1, 2, 3)
"""Tried on every clip, with the mark and without: a mark that is read so is not there."""
Pictures = Sequence[UInt8]


def _scaled(pictures: Pictures, share: float) -> Pictures:
    import cv2

    edge = round(pictures[0].shape[0] * share / 2) * 2
    return [
        np.asarray(cv2.resize(one, (edge, edge), interpolation=cv2.INTER_AREA), np.uint8) for one in pictures
    ]


def _cropped(pictures: Pictures, share: float) -> Pictures:
    """Without so much of each edge's length, more of it taken from the left and the top."""
    size = pictures[0].shape[0]
    kept = round(size * (1 - share) / 2) * 2
    start = round((size - kept) * 0.6)
    return [np.ascontiguousarray(one[start : start + kept, start : start + kept]) for one in pictures]


_CHANGES: Final[Mapping[str, Callable[[Pictures], Pictures]]] = {
    "as written": lambda pictures: pictures,
    "crf 23": lambda pictures: coded(pictures, 23),
    "crf 28": lambda pictures: coded(pictures, 28),
    "rescaled 0.75, crf 23": lambda pictures: coded(_scaled(pictures, 0.75), 23),
    "cropped 10 %, crf 23": lambda pictures: coded(_cropped(pictures, 0.1), 23),
    "all of it, crf 28": lambda pictures: coded(_scaled(_cropped(pictures, 0.1), 0.75), 28),
}


def run_watermark(
    *, count: int = 24, size: int = 256, strength: float = STRENGTH, progress: Progress = silent
) -> list[Row]:
    """Detection and false alarms after re-encoding, rescaling and cropping, and what the mark costs.

    Args:
        count: How many characters speak, 1..24.
        size: Edge of the picture in pixels.
        strength: Of the mark.
        progress: Told in characters, stage "watermark".
    """
    studio = Studio(llm="rules", renderer="warp", motion="rules", size=size)
    hits, false, wrong = dict.fromkeys(_CHANGES, 0), dict.fromkeys(_CHANGES, 0), 0
    noise: list[float] = []
    for number, words in enumerate(_WHO[:count]):
        progress("watermark", number, count, words)
        plain = _performed(studio, words)
        payload = derive(number, "watermark", words) % 2**32
        frames = (Frame(picture, index) for index, picture in enumerate(plain))
        hidden = [frame.image for frame in marked(frames, payload, strength=strength)]
        noise.append(float(np.mean((np.stack(hidden).astype(np.float64) - np.stack(plain)) ** 2)))
        with_mark, without = coded(hidden, _WRITTEN_CRF), coded(plain, _WRITTEN_CRF)
        for name, change in _CHANGES.items():
            reading = Reading(change(with_mark))
            found = reading.mark()
            hits[name] += found is not None and found.payload == payload
            wrong += found is not None and found.payload != payload
            other = Reading(change(without))
            false[name] += other.mark() is not None
            for key in _WRONG_KEYS:
                wrong += (reading.mark(key=key) is not None) + (other.mark(key=key) is not None)
    psnr = 10 * np.log10(255**2 / np.array(noise))
    rows = [
        Row(f"watermark.read, {name}", hits[name] / count, "share", count, {"no mark": false[name] / count})
        for name in _CHANGES
    ]
    tried = count * len(_CHANGES) * (2 * len(_WRONG_KEYS) + 1)
    return [
        *rows,
        Row("watermark.wrong readings", wrong / tried, "share", tried, {"found": float(wrong)}),
        Row("watermark.psnr", float(psnr.mean()), "dB", count, {"lowest": float(psnr.min())}),
    ]


def coded(pictures: Pictures, crf: int) -> Pictures:
    """Pictures after H.264 with a constant rate factor.

    Args:
        pictures: (H, W, 3) uint8 RGB each, of even edges.
        crf: 0..51, as x264's.
    """
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        height, width = pictures[0].shape[:2]
        stream: Any = out.add_stream("libx264", rate=25, options={"crf": str(crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.thread_count = 1
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = index
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer) as read:
        return [frame.to_ndarray(format="rgb24") for frame in read.decode(video=0)]


def _performed(studio: Studio, words: str) -> Pictures:
    """Three seconds of a character who listens and speaks: the frames that a video would have."""
    persona = studio.create(words)
    delivery = delivery_for(persona.card, "")
    speech = Speech(np.zeros(round(_SECONDS * _RATE), np.float32), _RATE)
    motion = move(
        "rules", speech, delivery=delivery, temperament=persona.card.temperament(), fps=_FPS, seed=1
    )
    renderer = RENDERERS.factory("warp")(persona.portrait, persona.references)
    return [frame.image for frame in renderer.frames(motion)]
