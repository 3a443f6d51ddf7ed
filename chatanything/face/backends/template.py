"""The template engine: a parametric character as portrait, with exact references."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from chatanything.errors import FaceError
from chatanything.face.check import check_landmarks
from chatanything.face.contours import contour_points, exact, face_box
from chatanything.face.generate import Draft, DrawnFace
from chatanything.face.kit import params, render, rig, shapes
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.materials import PARTS
from chatanything.face.kit.params import Character
from chatanything.face.landmarks import FaceDetector
from chatanything.face.look import choose_body, design
from chatanything.measures import inter_ocular, opening
from chatanything.progress import Progress, silent
from chatanything.types import Bool, Float32, LookBrief, Portrait, Reference, ReferenceSet
from chatanything.visemes import REFERENCE_VISEMES

_STILL: Final = ("background", "clothes")
"""Parts that do not move with the head."""
_TRIES: Final = 7
_PLAIN_WALL: Final = "cream"
_SHUT: Final = 0.04
"""Largest detected mouth opening, over the inter-ocular distance, of a portrait that counts as shut."""
_BARER: Final = {"moustache": "handlebar"}
"""A moustache that leaves more of the lips free."""
_BARE_LIPS: Final = (0.8, 0.9)
"""Thickness of the lips once no moustache hides them."""
_THREADS: Final = max(1, min(4, os.cpu_count() or 1))
_BLINK: Final = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}


class TemplateEngine:
    """Draws what `look.design` makes of a brief."""

    def portrait(self, look: LookBrief, *, size: int, seed: int, progress: Progress = silent) -> DrawnFace:
        """A face for a brief; the same brief and seed give the same picture.

        Args:
            look: What the persona wants to look like.
            size: Edge in pixels.
            seed: Decides everything that the brief leaves open.
            progress: Told about every picture.

        Raises:
            FaceError: The detector does not find the drawn face, whatever is tried.
        """
        if note := choose_body(look).note:
            progress("face", 0, 1, note)
        return self._draw(design(look, seed), size, seed, progress)

    def preview(self, look: LookBrief, *, size: int, seed: int) -> Portrait:
        """The same face as `portrait` without its references, in a tenth of the time.

        Raises:
            FaceError: The detector does not find the drawn face, whatever is tried.
        """
        return _found(design(look, seed), size, seed)[1]

    def draft(self, look: LookBrief, *, size: int, seed: int, plain: bool = False) -> Draft:  # noqa: ARG002
        """One shot at a face, unchecked; a template without guidance is the template."""
        frame = render.render(shapes.build(design(look, seed)), size)
        return Draft(frame.image, contour_points(frame.landmarks))

    def redraw(self, recipe: Mapping[str, Any], *, size: int) -> DrawnFace:
        """The same face again from its recipe.

        Raises:
            FaceError: The recipe is not of this version.
        """
        try:
            character = params.from_dict(recipe["character"])
            KINDS[character.kind]  # an unknown kind is an unreadable recipe as well
            seed = int(recipe["seed"])
        except (KeyError, TypeError, ValueError) as exc:
            raise FaceError(
                "the recipe of the face cannot be read", got=str(exc), hint="Create the persona again."
            ) from exc
        return self._draw(character, size, seed, silent)

    def _draw(self, character: Character, size: int, seed: int, progress: Progress) -> DrawnFace:
        total = len(REFERENCE_VISEMES) + 2  # the portrait, the mouths, the blink
        progress("face", 0, total, f"drawing a {character.kind}")
        frame, portrait, character = _found(character, size, seed)
        progress("face", 1, total)
        references = _references(character, frame, portrait, progress, total)
        recipe = {"character": character.to_dict(), "seed": seed}
        return DrawnFace(portrait, references, recipe, "template")


def _found(character: Character, size: int, seed: int) -> tuple[render.Frame, Portrait, Character]:
    """The first try that the detector accepts, as frame and as portrait, and whom it shows."""
    frame, landmarks, character, attempt = _drivable(character, size)
    portrait = Portrait(
        frame.image,
        landmarks,
        face_box(landmarks),
        portrait_masks(frame),
        character.kind,
        "template",
        attempt,
        seed,
    )
    return frame, portrait, character


def _drivable(character: Character, size: int) -> tuple[render.Frame, Float32, Character, int]:
    """Draw until the detector finds one face with a shut mouth; every retry removes what hid it."""
    with FaceDetector() as detector:
        for attempt in range(1, _TRIES + 1):
            frame = render.render(shapes.build(character), size)
            faces = detector.detect(frame.image)
            if faces:
                landmarks = exact(faces[0].landmarks, frame.landmarks)
                ajar = opening(faces[0].landmarks) > _SHUT
                # The mouth is drawn shut, so a face that merely reads as ajar is still drivable.
                if check_landmarks(landmarks, size, size).ok and (not ajar or attempt == _TRIES):
                    return frame, landmarks, character, attempt
            else:
                ajar = False
            character = _with_bare_mouth(character) if ajar else _easier(character, attempt)
    raise FaceError(
        f"the drawn {character.kind} has no face that the detector finds",
        got=f"{_TRIES} tries",
        hint="Try another --seed.",
    )


def _with_bare_mouth(character: Character) -> Character:
    """The same character without what makes its shut mouth look open: a moustache, a wide smile."""
    bare = copy.deepcopy(character)
    if bare.beard in _BARER:
        bare.beard = _BARER[bare.beard]
    elif bare.beard != "none" and not bare.shaven:
        bare.shaven = True
        bare.mouth.upper, bare.mouth.lower = _BARE_LIPS
    else:
        bare.expression = {name: value / 2 for name, value in bare.expression.items()}
    return bare


def _easier(character: Character, attempt: int) -> Character:
    """The same character with one thing less that may hide its face."""
    easier = copy.deepcopy(character)
    if attempt == 1:
        easier.glasses = "none"
    elif attempt == 2:
        easier.beard, easier.hat = "none", "none"
    elif attempt == 3:
        easier.expression, easier.light = {"mouthSmile": 0.3}, (-30.0, 40.0)
    elif attempt == 4:
        easier.yaw = easier.pitch = easier.roll = 0.0
        easier.background = _PLAIN_WALL
    else:  # the colour itself may be what hides the face
        easier.variant += 1
    return easier


def portrait_masks(frame: render.Frame) -> dict[str, Bool]:
    """Name of a mask -> (H, W) bool, as `Portrait.masks` wants them."""
    still = np.isin(frame.parts, [PARTS.index(name) for name in _STILL])
    return {"head": ~still, "background": frame.parts == PARTS.index("background")}


def posed_frames(
    character: Character, points: Float32, base: render.Frame, drawn: Callable[[int], None] = lambda _: None
) -> dict[str, render.Frame]:
    """The eight mouth shapes and closed eyes of a character, each tracing only the pixels that can change.

    Args:
        character: Whom `base` shows.
        points: (478, 3) px landmarks of `base`.
        base: The character as it is.
        drawn: Told how many are done.

    Returns:
        Viseme, or "blink" -> frame.
    """
    size = base.image.shape[0]
    mouth = _box(points, (0.55, 1.25), mouth=True, size=size)
    eyes = _box(points, (0.3, 0.3), mouth=False, size=size)
    rest = {name: value for name, value in character.expression.items() if name != "jawOpen"}
    jobs = [(name, rig.blend_visemes({name: 1.0}, rest), mouth) for name in REFERENCE_VISEMES]
    jobs.append(("blink", {**character.expression, **_BLINK}, eyes))
    frames: dict[str, render.Frame] = {}
    # The kernels release the interpreter's lock, so two cores trace two pictures at once.
    with ThreadPoolExecutor(_THREADS) as pool:
        traced = pool.map(lambda job: _posed(character, job[1], job[2], base), jobs)
        for (name, _, _), frame in zip(jobs, traced, strict=True):
            frames[name] = frame
            drawn(len(frames))
    return frames


def _posed(
    character: Character, expression: dict[str, float], box: tuple[int, int, int, int], base: render.Frame
) -> render.Frame:
    posed = copy.deepcopy(character)
    posed.expression = expression
    return render.render(shapes.build(posed), len(base.image), box=box, base=base)


def _references(
    character: Character, base: render.Frame, portrait: Portrait, progress: Progress, total: int
) -> ReferenceSet:
    points = portrait.landmarks
    frames = posed_frames(character, points, base, lambda done: progress("face", done + 1, total))
    made = []
    for name, frame in frames.items():
        landmarks = exact(points, frame.landmarks, posed=True)
        made.append(Reference(name, frame.image, landmarks, opening(landmarks)))
    *lips, blink = made
    progress("face", total, total, f"{character.kind} with {len(made)} references")
    neutral = Reference("neutral", portrait.image, points, opening(points))
    return ReferenceSet(tuple(lips), (neutral, blink))


def _box(points: Float32, reach: tuple[float, float], *, mouth: bool, size: int) -> tuple[int, int, int, int]:
    """Pixels that a mouth or the eyes can change; `reach` is up and down in inter-ocular distances."""
    unit = inter_ocular(points)
    if mouth:
        middle = (points[13, :2] + points[14, :2]) / 2
        half = 1.0 * unit
    else:
        middle = (points[33, :2] + points[263, :2]) / 2
        half = 0.75 * unit
    x0, x1 = middle[0] - half, middle[0] + half
    y0, y1 = middle[1] - reach[0] * unit, middle[1] + reach[1] * unit
    low = max(0, int(x0)), max(0, int(y0))
    high = min(size, int(x1) + 1), min(size, int(y1) + 1)
    return low[0], low[1], high[0], high[1]
