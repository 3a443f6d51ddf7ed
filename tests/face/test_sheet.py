"""Contact sheets."""

from __future__ import annotations

import numpy as np

from chatanything.face.sheet import contact_sheet


def test_pictures_lie_in_rows() -> None:
    images = [np.full((8, 8, 3), value, np.uint8) for value in (10, 20, 30)]
    sheet = contact_sheet(images, columns=2, gap=2)
    assert sheet.shape == (18, 18, 3)
    assert sheet[0, 0, 0] == 10
    assert sheet[0, 10, 0] == 20
    assert sheet[10, 0, 0] == 30
    assert sheet[10, 10, 0] == 255


def test_the_default_is_about_square() -> None:
    pictures = [np.full((10, 12, 3), 40, np.uint8)] * 5
    sheet = contact_sheet(pictures, gap=2)
    assert sheet.shape == (2 * 12 - 2, 3 * 14 - 2, 3)
    assert sheet[-1, -1, 0] == 255  # an empty place
    assert contact_sheet(pictures, columns=5, gap=0).shape == (10, 60, 3)


def test_labels_are_written_into_their_own_picture() -> None:
    pictures = [np.full((64, 64, 3), 90, np.uint8)] * 2
    plain, labelled = contact_sheet(pictures, columns=2), contact_sheet(pictures, ["1", ""], columns=2)
    changed = (plain != labelled).any(axis=2)
    assert changed[:, :64].sum() > 10
    assert not changed[:, 64:].any()
