"""Faces for personas: drawn from the card, restored from a file, or the user's own picture."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from chatanything.bundle import StoredPersona
from chatanything.errors import BackendError, FaceError, WeightsError
from chatanything.face.backends import FACE_ENGINES
from chatanything.face.generate import DrawnFace, FaceEngine
from chatanything.face.photo import portrait_from_photo, portrait_of_crop
from chatanything.lipsync.references import make_references
from chatanything.media.image import decode_png
from chatanything.persona.backends import pick
from chatanything.persona.card import PersonaCard
from chatanything.progress import Progress
from chatanything.provenance.consent import image_digest
from chatanything.provenance.manifest import RunManifest, describe_run
from chatanything.seeds import derive
from chatanything.types import Portrait, ReferenceSet, RunRecord

_STAGE: Final = "face"


@dataclass(frozen=True, slots=True)
class Face:
    """A persona's face and what made it."""

    portrait: Portrait
    references: ReferenceSet
    """For the lips."""
    recipe: Mapping[str, Any]
    """Draws both again; empty for a photograph."""
    record: RunRecord


def with_face(records: tuple[RunRecord, ...], made: RunRecord) -> tuple[RunRecord, ...]:
    """What the stages did, once the face was made anew.

    How long that took is not kept, so that a persona that is loaded or changed twice is the same twice.

    Args:
        records: Before; a record that says the same stays as it is.
        made: What made the face that counts now.
    """
    at = next((number for number, record in enumerate(records) if record.stage == _STAGE), len(records))
    same = next((one for one in records[at:] if replace(one, seconds=made.seconds) == made), None)
    rest = [record for record in records if record.stage != _STAGE]
    return (*rest[:at], same or replace(made, seconds=0.0), *rest[at:])


class FaceMaker:
    """Draws faces with one engine.

    Args:
        engine: A name of the face engines.
        llm: As of `Studio`; a served model is asked by engines that choose an expert.
        size: Edge of the picture in pixels.
    """

    def __init__(self, engine: str, llm: str, size: int) -> None:
        self.engine = engine
        self._llm, self._size = llm, size

    def draw(self, card: PersonaCard, *, seed: int, progress: Progress) -> Face:
        """A face for a card; another seed gives another face."""
        start, look = time.perf_counter(), card.look_brief()
        drawn = self._open().portrait(look, size=self._size, seed=derive(seed, "face"), progress=progress)
        return _made(drawn, seed, start)

    def preview(self, card: PersonaCard, *, seed: int) -> Portrait:
        """The portrait that `draw` makes, without its references and in a fraction of the time."""
        return self._open().preview(card.look_brief(), size=self._size, seed=derive(seed, "face"))

    def preview_run(self, card: PersonaCard, *, seed: int, drawn: Portrait | None = None) -> RunManifest:
        """What made the picture of `preview`, to be signed into a file of it.

        Args:
            card: Whom it shows.
            seed: Its number.
            drawn: The picture, which knows when the template stood in for the engine.
        """
        name = drawn.expert if drawn and drawn.expert in FACE_ENGINES.names() else self.engine
        face = RunRecord(_STAGE, name, FACE_ENGINES.spec(name).weights, seed, 0.0)
        return describe_run(persona=card.name, description=card.description, seed=seed, stages=(face,))

    @staticmethod
    def from_photo(photo: Portrait, *, seed: int, progress: Progress) -> Face:
        """A photograph's face with mouth shapes made from it.

        Args:
            photo: The photograph, cropped.
            seed: The persona's, for the record.
            progress: Told about it.
        """
        start = time.perf_counter()
        progress("face", 0, 1, "preparing mouth shapes of the picture")
        references = make_references(photo)
        seconds = time.perf_counter() - start
        return Face(photo, references, {}, RunRecord(_STAGE, "photo", ("face-landmarker",), seed, seconds))

    def restore(self, stored: StoredPersona, *, progress: Progress) -> Face:
        """The face of a file that does not hold it whole: by its recipe, its picture, or drawn anew.

        Raises:
            FaceError: What drew the face is not here, or its picture cannot be animated.
        """
        kept = next((record for record in stored.records if record.stage == _STAGE), None)
        seed = kept.seed if kept else stored.card.seed
        start, size = time.perf_counter(), stored.size or self._size
        if stored.recipe:
            engine = _engine_of(stored.recipe)
            return _made(engine.redraw(stored.recipe, size=size), seed, start)
        consent = stored.card.safety.consent
        if stored.portrait_png is None or not consent:
            return self.draw(stored.card, seed=seed, progress=progress)
        picture = decode_png(stored.portrait_png)
        given = stored.consent
        if given and picture.shape[:2] == (size, size) and image_digest(picture) == given.image_sha256:
            photo = portrait_of_crop(picture)  # cropped again, it were not the picture that was agreed to
        else:
            photo = portrait_from_photo(picture, consent=consent, size=size)
        return self.from_photo(photo, seed=seed, progress=progress)

    def _open(self) -> FaceEngine:
        """The engine; one that asks gets a served model (the local one is slow and often wrong here)."""
        served = self._llm.startswith("http")
        asks = served and "ask" in FACE_ENGINES.spec(self.engine).capabilities
        factory = FACE_ENGINES.factory(self.engine)
        engine: FaceEngine = factory(ask=partial(pick, self._llm)) if asks else factory()
        return engine


def _engine_of(recipe: Mapping[str, Any]) -> FaceEngine:
    """The engine that can draw a recipe again.

    Raises:
        FaceError: It cannot be opened here.
    """
    name = str(recipe.get("engine", ""))
    known = name if name in FACE_ENGINES.names() else FACE_ENGINES.first_with("references").name
    try:
        engine: FaceEngine = FACE_ENGINES.factory(known)()
    except (BackendError, WeightsError) as exc:
        raise FaceError(
            "the face cannot be drawn again",
            expected=f"the face engine {known!r}, which drew it",
            got=exc.what,
            hint=exc.hint or "Use the persona's .charx, which holds the face.",
        ) from exc
    return engine


def _made(drawn: DrawnFace, seed: int, start: float) -> Face:
    """With a record of what drew it, since a time of `perf_counter`."""
    weights = FACE_ENGINES.spec(drawn.engine).weights
    record = RunRecord(_STAGE, drawn.engine, weights, seed, time.perf_counter() - start)
    return Face(drawn.portrait, drawn.references, drawn.recipe, record)
