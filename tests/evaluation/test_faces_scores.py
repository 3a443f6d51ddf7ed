from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import InputFileError
from chatanything.evaluation.faces import run_faces, wishes
from chatanything.face.attributes import AttributeJudge, labels
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.sampling import sample
from chatanything.face.look import design
from chatanything.training.attribute_data import load_pictures, make_pictures
from chatanything.training.attributes import accuracy, train_attributes
from chatanything.training.face_data import make_shard
from chatanything.training.loop import Plan


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    make_shard(folder, 0, characters=2, size=128)
    make_shard(folder, 15, characters=1, size=128)
    return folder


def test_the_kit_draws_what_the_wishes_name() -> None:
    missed = []
    for number, wish in enumerate(wishes()):
        shown = labels(design(wish.look, number))
        missed += [
            (wish.look.text, name, value, shown.get(name))
            for name, value in wish.named.items()
            if shown.get(name) != value
        ]
    assert not missed


def test_labels_say_only_what_can_be_seen() -> None:
    man = sample(random.Random(3), "human")
    man.hat, man.hair, man.beard, man.age = "turban", "long", "full", 0.9
    told = labels(man)
    assert (told["hat"], told["beard"], told["age"]) == ("yes", "yes", "old")
    assert "hair color" not in told
    assert set(labels(sample(random.Random(1), "apple"))) == {"kind", "glasses", "color"}


def test_the_judge_learns_and_saves(data: Path, tmp_path: Path) -> None:
    make_pictures(tmp_path / "pictures", 1, each=3)
    (made,) = load_pictures(tmp_path / "pictures")
    assert made.images.shape == (3, 64, 64, 3)
    model = train_attributes(data, tmp_path, Plan(steps=12, batch=6, every=12, rate=3e-3), pictures=1)
    judge = AttributeJudge.from_pretrained(model)
    assert tuple(judge.classes["kind"]) == tuple(KINDS)
    assert set(accuracy(judge, data, tmp_path / "pictures")) >= {"kind", "glasses"}
    (read,) = judge.read([np.zeros((64, 64, 3), np.uint8)])
    assert set(read) == set(judge.classes)


def test_a_folder_without_a_judge_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="train attributes"):
        run_faces(engine="template", judge=tmp_path)
