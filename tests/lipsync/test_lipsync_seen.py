"""What the detector sees on finished frames of a drawn character."""

import numpy as np
import pytest
from tiny.lipsync_face import tone, units

from chatanything.face.backends.template import TemplateEngine
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.geometry import Geometry
from chatanything.lipsync.motion import RuleMotion
from chatanything.lipsync.references import make_references
from chatanything.lipsync.warp import WarpRenderer
from chatanything.measures import opening
from chatanything.types import Delivery, LookBrief, Portrait, ReferenceSet, Speech, Temperament

pytestmark = pytest.mark.weights

FPS = 25.0


@pytest.fixture(scope="module")
def drawn() -> tuple[Portrait, ReferenceSet]:
    look = LookBrief("a kind librarian", "human", "female", "adult", "tender")
    face = TemplateEngine().portrait(look, size=256, seed=5)
    return face.portrait, face.references


@pytest.mark.parametrize("made", [False, True], ids=["drawn", "made"])
def test_seen_mouth_follows_the_phones(drawn: tuple[Portrait, ReferenceSet], made: bool) -> None:
    portrait, references = drawn
    if made:
        portrait = Portrait(portrait.image, portrait.landmarks, portrait.face_box)
        references = make_references(portrait)
    timing = units("M AY B AA P AE . M IY B OW T")
    motion = RuleMotion().motion(
        Speech(tone(timing), 16000, timing),
        delivery=Delivery(),
        temperament=Temperament(),
        fps=FPS,
        seed=3,
    )
    wanted = np.array([opening(pose.landmarks) for pose in Geometry(portrait, references).poses(motion)])
    with FaceDetector() as detector:
        faces = [detector.detect(f.image) for f in WarpRenderer(portrait, references).frames(motion)]
    assert all(len(found) == 1 for found in faces)
    seen = np.array([opening(found[0].landmarks) for found in faces])
    assert np.corrcoef(wanted, seen)[0, 1] > 0.9
    shifts = range(-3, 4)
    fit = [np.corrcoef(wanted[4:-4], np.roll(seen, -k)[4:-4])[0, 1] for k in shifts]
    assert abs(list(shifts)[int(np.argmax(fit))]) <= 1
    wide = np.percentile(seen, 95)
    assert wide > 0.15
    for unit in timing:
        span = seen[max(0, int(unit.start_s * FPS) - 1) : int(np.ceil(unit.end_s * FPS)) + 1]
        if unit.text in ("P", "B", "M"):
            assert span.min() <= 0.25 * wide, unit
