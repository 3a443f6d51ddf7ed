"""Faces for personas: drawn from the card, restored from a file, or the user's own picture."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from chatanything.bundle import StoredPersona
from chatanything.face.backends import FACE_ENGINES
from chatanything.face.generate import DrawnFace, FaceEngine
from chatanything.face.photo import portrait_from_photo
from chatanything.lipsync.references import make_references
from chatanything.media.image import decode_png
from chatanything.persona.backends import pick
from chatanything.persona.card import PersonaCard
from chatanything.progress import Progress
from chatanything.provenance.manifest import RunManifest, describe_run
from chatanything.seeds import derive
from chatanything.stopwatch import Stopwatch
from chatanything.types import Portrait, ReferenceSet, RunRecord

Face = tuple[Portrait, ReferenceSet, Mapping[str, Any]]
"""Portrait, references for the lips, and the recipe that draws both again; empty for a photograph."""


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

    def draw(self, card: PersonaCard, *, seed: int, progress: Progress) -> DrawnFace:
        """A face for a card; another seed gives another face."""
        look = card.look_brief()
        return self._open().portrait(look, size=self._size, seed=derive(seed, "face"), progress=progress)

    def preview(self, card: PersonaCard, *, seed: int) -> Portrait:
        """The portrait that `draw` makes, without its references and in a fraction of the time."""
        return self._open().preview(card.look_brief(), size=self._size, seed=derive(seed, "face"))

    def preview_run(self, card: PersonaCard, *, seed: int) -> RunManifest:
        """What made the picture of `preview`, to be signed into a file of it."""
        weights = FACE_ENGINES.spec(self.engine).weights
        face = RunRecord("face", self.engine, weights, seed, 0.0)
        return describe_run(persona=card.name, description=card.description, seed=seed, stages=(face,))

    def face(self, card: PersonaCard, *, seed: int, watch: Stopwatch, progress: Progress) -> Face:
        """As `draw`, with a record of the stage."""
        with watch.stage("face", self.engine, FACE_ENGINES.spec(self.engine).weights):
            drawn = self.draw(card, seed=seed, progress=progress)
        return drawn.portrait, drawn.references, drawn.recipe

    @staticmethod
    def from_photo(photo: Portrait, *, watch: Stopwatch, progress: Progress) -> Face:
        """A photograph's face with mouth shapes made from it."""
        progress("face", 0, 1, "preparing mouth shapes of the picture")
        with watch.stage("face", "photo", ("face-landmarker",)):
            return photo, make_references(photo), {}

    def restore(self, stored: StoredPersona, *, progress: Progress) -> Face:
        """The face of a file that does not hold it whole: by its recipe, its picture, or drawn anew."""
        if stored.recipe:
            name = str(stored.recipe.get("engine", ""))
            known = name if name in FACE_ENGINES.names() else FACE_ENGINES.first_with("references").name
            engine: FaceEngine = FACE_ENGINES.factory(known)()
            drawn = engine.redraw(stored.recipe, size=stored.size)
            return drawn.portrait, drawn.references, drawn.recipe
        consent, seed = stored.card.safety.consent, stored.card.seed
        if stored.portrait_png is not None and consent:
            picture = decode_png(stored.portrait_png)
            portrait = portrait_from_photo(picture, consent=consent, size=self._size)
            return portrait, make_references(portrait), {}
        return self.face(stored.card, seed=seed, watch=Stopwatch(seed), progress=progress)

    def _open(self) -> FaceEngine:
        """The engine; one that asks gets a served model (the local one is slow and often wrong here)."""
        served = self._llm.startswith("http")
        asks = served and "ask" in FACE_ENGINES.spec(self.engine).capabilities
        factory = FACE_ENGINES.factory(self.engine)
        engine: FaceEngine = factory(ask=partial(pick, self._llm)) if asks else factory()
        return engine
