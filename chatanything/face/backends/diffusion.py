"""The diffusion engine: words, a template and its landmarks in, a portrait out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from chatanything.errors import FaceError
from chatanything.face import guide
from chatanything.face.backends.template import TemplateEngine, portrait_masks, posed_frames
from chatanything.face.contours import contour_points, exact, face_box
from chatanything.face.diffusion import maps
from chatanything.face.diffusion.inpaint import draw_references
from chatanything.face.diffusion.load import load_pipeline
from chatanything.face.diffusion.request import BASE, FaceModel, Request
from chatanything.face.experts import EXPERTS, Ask, Route, expert_of, route
from chatanything.face.generate import Draft, DrawnFace
from chatanything.face.kit import params, render, shapes
from chatanything.face.kit.arrays import Array
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import Character
from chatanything.face.landmarks import FaceDetector
from chatanything.face.look import choose_body, design
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import LookBrief, Portrait, UInt8

CANDIDATES: Final = 4
"""Portraits a try chooses from."""
STEPS: Final = 8
_TRIES: Final = 3
_DIGITS: Final = 12
"""Of a sha256 in messages."""


@dataclass(frozen=True, slots=True)
class _Guided:
    """A template with what is asked of the model on its account."""

    character: Character
    frame: render.Frame
    """At BASE pixels."""
    request: Request
    attempt: guide.Attempt
    count: int
    """Tries so far."""
    expert: str


class DiffusionEngine:
    """Draws portraits with the shipped face model; the template engine stands behind it.

    Args:
        model: Another face model than the shipped one.
        ask: A language model that chooses the expert of what has no body in the kit.
        name: Under which the table of face engines has it; recipes say who can draw them again.
        parts: What an expert, by its key, draws with, part -> sha256 or value, where that is the user's own.

    Raises:
        WeightsError: The model is missing or broken.
    """

    def __init__(
        self,
        model: FaceModel | None = None,
        ask: Ask | None = None,
        *,
        name: str = "diffusion",
        parts: Callable[[str], Mapping[str, str]] | None = None,
    ) -> None:
        self.model = model or load_pipeline()
        self.name = name
        self._ask, self._parts = ask, parts

    def portrait(self, look: LookBrief, *, size: int, seed: int, progress: Progress = silent) -> DrawnFace:
        """A face for a brief; the same brief and seed give the same picture.

        Args:
            look: What the persona wants to look like.
            size: Edge in pixels, 256 or 512.
            seed: Decides everything that the brief leaves open.
            progress: Told about every try.

        Raises:
            FaceError: Not even the template has a face that the detector finds.
        """
        if note := choose_body(look).note:
            progress("face", 0, 2, note)
        guided = self._search(look, seed, progress)
        if guided is None:
            progress("face", 1, 2, "no candidate can be driven, so the template itself is the portrait")
            return TemplateEngine().portrait(look, size=size, seed=seed, progress=progress)
        return self._drawn(guided, _text(look), size, seed, progress)

    def preview(self, look: LookBrief, *, size: int, seed: int) -> Portrait:
        """The same face as `portrait` without its references.

        Raises:
            FaceError: Not even the template has a face that the detector finds.
        """
        guided = self._search(look, seed, silent)
        if guided is None:
            return TemplateEngine().preview(look, size=size, seed=seed)
        return self._finished(guided, size, seed)

    def draft(self, look: LookBrief, *, size: int, seed: int, plain: bool = False) -> Draft:
        """One shot at a face, unchecked.

        Args:
            look: What the persona wants to look like.
            size: Edge in pixels, 256 or 512.
            seed: Decides everything that the brief leaves open.
            plain: From words and noise alone, without template and landmarks.
        """
        guided = self._guided(look, seed, guide.Attempt(), 1)
        request = guided.request
        if plain:
            request = replace(request, points=None, template=None, strength=1.0)
        image = self._draw([request], guided.attempt, size)[0]
        return Draft(image, contour_points(_scaled(guided.frame.landmarks, size)))

    def redraw(self, recipe: Mapping[str, Any], *, size: int) -> DrawnFace:
        """The same face again from its recipe.

        Raises:
            FaceError: The recipe is not of this version, or the face was drawn by or with something else.
        """
        drew = recipe.get("engine", "template")  # the template's recipes do not say
        if drew == "template":
            return TemplateEngine().redraw(recipe, size=size)
        if drew != self.name:
            raise FaceError(
                "the face was drawn by another engine",
                expected=self.name,
                got=str(drew),
                hint="Load the persona with that engine, or use its .charx, which holds the face.",
            )
        try:
            character = params.from_dict(recipe["character"])
            frame = render.render(shapes.build(character), BASE)
            attempt = guide.Attempt(float(recipe["strength"]), float(recipe["guidance_scale"]))
            text, expert = str(recipe["text"]), str(recipe["expert"])
            request = _request(text, expert, frame, int(recipe["noise"]), attempt)
            seed = int(recipe["seed"])
        except (KeyError, TypeError, ValueError) as exc:
            raise FaceError(
                "the recipe of the face cannot be read", got=str(exc), hint="Create the persona again."
            ) from exc
        self._check_parts(recipe.get("parts"), expert)
        return self._drawn(_Guided(character, frame, request, attempt, 1, expert), text, size, seed, silent)

    def _check_parts(self, kept: object, expert: str) -> None:
        """Other parts draw another face.

        Raises:
            FaceError: They are not those of the recipe.
        """
        there = self._parts(expert) if self._parts else {}
        drew = {str(part): str(value) for part, value in kept.items()} if isinstance(kept, Mapping) else {}
        for part in sorted({*there, *drew}):
            if drew.get(part) != there.get(part):
                raise FaceError(
                    f"the face was drawn with another {part.replace('_', ' ')}",
                    expected=drew.get(part, "none")[:_DIGITS],
                    got=there.get(part, "none")[:_DIGITS],
                    hint=f"Set CHATANYTHING_FACE_{part.upper()} to that one, or use the persona's .charx, "
                    "which holds the face.",
                )

    def _search(self, look: LookBrief, seed: int, progress: Progress) -> _Guided | None:
        """Try until a candidate can be driven; None when none can."""
        attempt = guide.Attempt()
        with FaceDetector() as detector:
            for count in range(1, _TRIES + 1):
                progress("face", 0, 2, f"try {count}: {attempt.reason}")
                guided = self._guided(look, seed, attempt, count)
                requests = [
                    replace(guided.request, seed=derive(seed, "noise", count, number))
                    for number in range(CANDIDATES)
                ]
                wanted = contour_points(guided.frame.landmarks)
                images = self._draw(requests, attempt, BASE)
                judged = [guide.judge(image, detector.detect(image), wanted) for image in images]
                chosen = guide.best(judged)
                if not judged[chosen].reasons:
                    return replace(guided, request=requests[chosen])
                attempt = guide.retry(attempt, judged[chosen])
        return None

    def _guided(self, look: LookBrief, seed: int, attempt: guide.Attempt, count: int) -> _Guided:
        character = design(
            look, seed if attempt.template == 0 else derive(seed, "template", attempt.template)
        )
        frame = render.render(shapes.build(character), BASE)
        expert = self._route(look, character).expert.key
        request = _request(_text(look), expert, frame, derive(seed, "noise", count, 0), attempt)
        return _Guided(character, frame, request, attempt, count, expert)

    def _route(self, look: LookBrief, character: Character) -> Route:
        """The body names the expert; of what has only a simple body, a language model knows more."""
        kind = KINDS[character.kind]
        unknown = choose_body(look).note and self._ask is not None
        return route(_text(look), known="" if unknown else expert_of(kind), word=kind.name, ask=self._ask)

    def _draw(self, requests: Sequence[Request], attempt: guide.Attempt, size: int) -> list[UInt8]:
        scale = attempt.guidance_scale
        drawn: list[UInt8] = self.model(requests, steps=STEPS, guidance_scale=scale, size=size)
        return drawn

    def _drawn(self, guided: _Guided, text: str, size: int, seed: int, progress: Progress) -> DrawnFace:
        """The chosen candidate at full size with its references."""
        portrait = self._finished(guided, size, seed)
        progress("face", 1, 2, f"{guided.expert} expert, {guided.attempt.reason}")
        frames = posed_frames(guided.character, portrait.landmarks * (BASE / size), guided.frame)
        posed = {
            name: exact(portrait.landmarks, _scaled(frame.landmarks, size), posed=True)
            for name, frame in frames.items()
        }
        references = draw_references(
            self.model,
            portrait,
            posed,
            {name: frame.image for name, frame in frames.items()},
            text=text,
            expert=guided.request.expert,
            seed=derive(seed, "references"),
            steps=STEPS,
        )
        progress("face", 2, 2, f"{guided.character.kind} with {len(posed)} references")
        recipe = {
            "engine": self.name,
            "character": guided.character.to_dict(),
            "seed": seed,
            "text": text,
            "expert": guided.expert,
            "noise": guided.request.seed,
            "strength": guided.attempt.strength,
            "guidance_scale": guided.attempt.guidance_scale,
        }
        if self._parts:
            recipe["parts"] = dict(self._parts(guided.expert))
        return DrawnFace(portrait, references, recipe, self.name)

    def _finished(self, guided: _Guided, size: int, seed: int) -> Portrait:
        image = self._draw([guided.request], guided.attempt, size)[0]
        with FaceDetector() as detector:
            faces = detector.detect(image)
        if not faces:
            raise FaceError(
                "the face was lost at the wanted size", got=f"{size} px", hint="Try another --seed."
            )
        landmarks = exact(faces[0].landmarks, _scaled(guided.frame.landmarks, size))
        repeat = size // BASE
        masks = {
            name: np.kron(mask, np.ones((repeat, repeat), np.bool_))
            for name, mask in portrait_masks(guided.frame).items()
        }
        kind = guided.character.kind
        return Portrait(image, landmarks, face_box(landmarks), masks, kind, guided.expert, guided.count, seed)


def _text(look: LookBrief) -> str:
    """What the words of the model are made of."""
    return look.text if look.species in look.text else f"{look.species}, {look.text}"


def _request(text: str, expert: str, frame: render.Frame, noise: int, attempt: guide.Attempt) -> Request:
    return Request(
        text,
        maps.from_drawn(frame.landmarks),
        EXPERTS.index(expert),
        noise,
        frame.image,
        attempt.strength,
    )


def _scaled(drawn: Mapping[str, Array], size: int) -> dict[str, Array]:
    """Contours drawn at BASE pixels in a picture of another size."""
    return {name: points * (size / BASE) for name, points in drawn.items()}
