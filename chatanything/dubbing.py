"""An existing clip speaks other words: find its face, give it another mouth, publish the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.bundle import Persona
from chatanything.errors import ConsentError, InputFileError
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync import MOTIONS, RENDERERS
from chatanything.lipsync.dub import FaceRenderer, MouthDubber, clip_face, plan_base
from chatanything.lipsync.dub_tracks import FaceTracks, track_faces
from chatanything.lipsync.following import FaceFollower, thumb
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.manner import Manner
from chatanything.lipsync.moving import move
from chatanything.media.clip import Clip, Int64
from chatanything.progress import Progress, silent
from chatanything.provenance.c2pa import verify_file
from chatanything.provenance.consent import ConsentRecord, stated_now
from chatanything.publish import Performance, Source, publish_video
from chatanything.seeds import derive
from chatanything.settings import Settings
from chatanything.stopwatch import Stopwatch
from chatanything.types import Delivery, DubbedVideo, Float32, Frame, Speech, Temperament, UInt8
from chatanything.weights.verify import sha256_of

LOOK_S: Final = 20.0
"""Seconds of a clip that are searched for mouth shapes, however short the new sound is."""
_CLOSER: Final = (1.6, 2.6)
"""Edges of the second looks around where the face was last, over the face's."""
_CLOSE_EDGE: Final = 384
"""Of a second look in pixels."""
_GAP: Final = 2
"""Pictures in a row in which the detector may miss a face that visibly stays where it was."""
_SAME: Final = 12.0
"""Mean difference, of 255, under which two thumbnails show the same face."""


@dataclass(frozen=True, slots=True)
class OpenSource:
    """A clip that may be dubbed."""

    clip: Clip
    name: str
    sha256: str
    statement: str
    """The right to change it, in the user's words; empty when the clip was made here."""
    consent: ConsentRecord | None
    """That under which the clip was made here, if it shows somebody's own picture."""


def open_source(path: Path, consent: str, config: Settings) -> OpenSource:
    """Open a clip and make sure that it may be changed.

    A real person cannot be told from a drawing with certainty, so every clip from elsewhere needs a
    statement. One that carries this user's own valid signature was made here and keeps the consent that it
    was made under.

    Args:
        path: The clip.
        consent: The statement, in the user's words.
        config: Whose signatures count as one's own.

    Raises:
        InputFileError: The clip cannot be used.
        ConsentError: The statement is empty, or says nothing.
    """
    clip = Clip(path)
    own = _own_run(path, config)
    if own is None and not consent.strip():
        raise ConsentError(
            "a clip of somebody needs consent",
            hint='State your right to re-voice it: --consent "I am this person and I agree"',
        )
    if own is not None and not consent.strip():
        given = own.get("consent")
        record = ConsentRecord(**{**given, "when": datetime.fromisoformat(given["when"])}) if given else None
        return OpenSource(clip, path.name, sha256_of(path), "", record)
    # Checked before the long work: a statement such as "ok" says nothing.
    stated_now(consent, np.zeros((1, 1, 3), np.uint8))
    return OpenSource(clip, path.name, sha256_of(path), consent, None)


def dub_clip(
    source: OpenSource,
    speech: Speech,
    *,
    out: Path,
    persona: Persona | None,
    delivery: Delivery,
    manner: Manner | None = None,
    renderer: str,
    maker: str,
    watch: Stopwatch,
    config: Settings,
    allowed: Callable[..., None],
    progress: Progress = silent,
) -> DubbedVideo:
    """Give a clip another sound and the mouth to it.

    The video is as long as the sound: a longer clip is cut, a shorter one is played forth and back. The file
    is read twice, for the tracks and for the frames, so that memory does not grow with the clip but for its
    landmarks.

    Args:
        source: From `open_source`.
        speech: The new sound.
        out: The mp4.
        persona: Who speaks, if known.
        delivery: How it is performed.
        manner: Whose movements are wanted, such as those of the clip's own speaker.
        renderer: Name of the renderer that draws mouths.
        maker: Name of what makes the motion.
        watch: Holds the records of what ran before, and the seed.
        config: Says whether and how to sign.
        allowed: Asks the blocklist about the face; raises where it refuses.
        progress: Told about every stage.

    Raises:
        InputFileError: The clip is damaged.
        FaceError: No picture has a usable face.
        OutputError: `out` cannot be written.
        BlockedError: The blocklist refuses the face.
    """
    clip = source.clip
    with watch.stage("face", "clip", ("face-landmarker",)):
        pictures = clip.scan(max(speech.duration_s, LOOK_S))
        tracks = track_faces(follow(pictures, clip.expected, progress))
        plan = plan_base(tracks)
        kept = dict(zip(plan.numbers, clip.pictures(plan.numbers), strict=True))
        portrait, references = clip_face(plan, tracks, kept)
    allowed("dub", source.statement, persona.card.name if persona else "", picture=portrait.image)
    with watch.stage("motion", maker, MOTIONS.spec(maker).weights):
        motion = move(
            maker,
            speech,
            delivery=delivery,
            temperament=persona.card.temperament() if persona else Temperament(),
            fps=clip.fps,
            seed=derive(watch.seed, "motion", speech.text),
            manner=manner,
        )
    order = forth_and_back(clip.times.grid(clip.fps), len(motion))
    drawer: FaceRenderer = RENDERERS.factory(renderer)(portrait, references)
    consent = stated_now(source.statement, portrait.image) if source.statement else source.consent
    poses = drawer.patches.geometry.walk(motion)
    bare = int((~tracks.usable[order]).sum())
    performance = Performance(
        persona=persona,
        speech=speech,
        frames=_frames(clip, order, tracks, MouthDubber(portrait, drawer), poses),
        total=len(motion),
        fps=clip.fps,
        seed=watch.seed,
        renderer=renderer,
        records=tuple(watch.records),
        source=Source(source.sha256, len(motion), bare, consent),
    )
    made = publish_video(out, performance, config=config, progress=progress)
    return DubbedVideo(
        made.path, made.duration_s, made.fps, made.size, made.sha256, made.records,
        height=_even(clip.size[1]), frames=len(motion), without_face=bare,
    )  # fmt: skip


def forth_and_back(grid: Int64, count: int) -> Int64:
    """The pictures of so many frames: the clip forwards, then backwards, and so on, (count,).

    Args:
        grid: Number of the picture at each tick of the clip.
        count: Frames wanted.
    """
    there_and_back = np.concatenate([grid, grid[-2:0:-1]])
    return np.resize(there_and_back, count)


def follow(pictures: Iterator[UInt8], expected: int, progress: Progress = silent) -> list[Float32 | None]:
    """The face of each picture, (478, 3) px or None.

    The largest face is followed, as `FaceFollower` says. Where the detector misses it, it looks again,
    closer, where the face was last. Single pictures that it misses still, although nothing changed there,
    get the landmarks of their neighbours.

    Args:
        pictures: (H, W, 3) uint8 RGB each.
        expected: About how many there are, 0 when not known.
        progress: Told in pictures, stage "face".
    """
    found: list[Float32 | None] = []
    thumbs: list[Float32] = []
    follower = FaceFollower()
    with FaceDetector() as detector:
        for number, picture in enumerate(pictures):
            progress("face", number, max(expected, number + 1), "" if number else "following the face")
            faces = [one.landmarks for one in detector.detect(picture)]
            found.append(follower.follow(picture, faces, partial(_look_closer, detector, picture)))
            thumbs.append(thumb(picture, follower.last))
    seen = sum(face is not None for face in found)
    progress("face", len(found), len(found), f"{seen} pictures with a face")
    return _bridged(found, thumbs)


def _frames(
    clip: Clip, order: Int64, tracks: FaceTracks, dubber: MouthDubber, poses: Iterator[Pose]
) -> Iterator[Frame]:
    """The finished frames, even edges by repeating the last row or column where one is odd."""
    for index, (number, picture, pose) in enumerate(zip(order, clip.pictures(order), poses, strict=True)):
        weight = float(tracks.weights[number])
        done = dubber.draw(picture, tracks.points[number], weight, pose) if weight > 0 else picture
        height, width = done.shape[:2]
        if height % 2 or width % 2:
            done = np.pad(done, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        yield Frame(done, index)


def _even(pixels: int) -> int:
    return pixels + pixels % 2


def _own_run(path: Path, config: Settings) -> dict[str, Any] | None:
    """What a clip made here says of itself; None for others."""
    try:
        found = verify_file(path, config=config)
    except InputFileError:
        return None
    return found.run if found.state == "valid" and found.trusted else None


def _look_closer(detector: FaceDetector, picture: UInt8, last: Float32) -> Iterator[list[Float32]]:
    """The faces in magnified parts of the picture around where one was last."""
    import cv2

    low, high = last[:, :2].min(axis=0), last[:, :2].max(axis=0)
    middle = (low + high) / 2
    for share in _CLOSER:
        scale = _CLOSE_EDGE / max(1.0, share * float((high - low).max()))
        shift = _CLOSE_EDGE / 2 - scale * middle
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        edges = (_CLOSE_EDGE, _CLOSE_EDGE)
        part = cv2.warpAffine(picture, matrix, edges, borderMode=cv2.BORDER_REPLICATE)
        faces = detector.detect(np.asarray(part, np.uint8))
        yield [((one.landmarks - (*shift, 0.0)) / scale).astype(np.float32) for one in faces]


def _bridged(found: list[Float32 | None], thumbs: Sequence[Float32]) -> list[Float32 | None]:
    """Short gaps filled by what lies between their ends, where the picture stayed the same."""
    known = [number for number, face in enumerate(found) if face is not None]
    out = list(found)
    for before, after in pairwise(known):
        first, second = found[before], found[after]
        if not 1 < after - before <= _GAP + 1 or first is None or second is None:
            continue
        inside = range(before + 1, after)
        if max(float(np.abs(thumbs[k] - thumbs[before]).mean()) for k in (*inside, after)) > _SAME:
            continue
        for number in inside:
            share = (number - before) / (after - before)
            out[number] = (first + (second - first) * share).astype(np.float32)
    return out
