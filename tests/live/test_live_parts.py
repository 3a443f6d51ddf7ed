"""The small parts of a live session: sentences, queue, turns, motion without jumps."""

from __future__ import annotations

import threading
import time
from typing import ClassVar

import numpy as np
import pytest

from chatanything.lipsync.motion import RuleMotion
from chatanything.live.drawing import DrawingTable
from chatanything.live.events import Interrupted, Picture, ReplyDone, Sound
from chatanything.live.outbox import MAX_PICTURES, Outbox
from chatanything.live.pacing import Need, Pacer, lasts
from chatanything.live.stance import Stance, continued, waiting
from chatanything.live.turnstile import Turnstile
from chatanything.persona.sentences import SentenceCutter
from chatanything.types import Delivery, Speech, Temperament
from chatanything.visemes import INDEX

IMAGE = np.zeros((8, 8, 3), np.uint8)


def _cut(text: str, size: int) -> list[str]:
    cutter = SentenceCutter()
    out: list[str] = []
    for start in range(0, len(text), size):
        out += cutter.feed(text[start : start + size])
    return out + cutter.rest()


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sentences_do_not_depend_on_the_pieces(size: int) -> None:
    text = "Hello there! Yes. I paid 3.50 for it, Mr. Brown. Was it worth it?! Who knows... Goodbye"
    assert _cut(text, size) == [
        "Hello there!",
        "Yes.",
        "I paid 3.50 for it, Mr. Brown.",
        "Was it worth it?!",
        "Who knows...",
        "Goodbye",
    ]


def test_a_long_beginning_is_cut_at_a_comma_and_later_ones_are_not() -> None:
    first = "Well my dear old friend, let me tell you about the sea and all of its many ships. "
    second = "Well my dear old friend, let me tell you about the sea and all of its many ships."
    assert _cut(first + second, 4)[0] == "Well my dear old friend,"
    assert _cut("Hi. " + first, 4)[1] == "Well my dear old friend,"
    assert _cut("Hi. Yes. " + second, 4) == ["Hi.", "Yes.", second]


def test_an_interjection_is_spoken_with_what_follows() -> None:
    text = "Oh, I love jazz, fresh bread and the first train of the day."
    assert _cut(text, 4) == ["Oh, I love jazz,", "fresh bread and the first train of the day."]


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_a_beginning_without_a_comma_is_cut_where_a_phrase_ends(size: int) -> None:
    text = (
        "I have spent forty years in this lighthouse. The sea is a vast and mysterious place, full of storms."
    )
    assert _cut(text, size) == [
        "I have spent forty years",
        "in this lighthouse.",
        "The sea is a vast and mysterious place,",
        "full of storms.",
    ]
    assert _cut("I live in a small house. Yes.", size) == ["I live in a small house.", "Yes."]


def test_a_voice_that_is_fast_enough_lets_nobody_wait() -> None:
    alone = Need(1.5, 12.0)
    assert lasts([alone], 0.6)
    assert not lasts([alone], 1.3)
    assert lasts([Need(6.0, 12.0)], 1.3)
    assert lasts([alone, alone], 0.5)
    assert not lasts([alone, alone, alone], 0.5)
    # The third has enough in hand to wait until the others need nothing any more.
    assert lasts([alone, alone, Need(6.0, 3.0)], 0.5)


def test_a_reply_begins_when_it_does_not_hurt_those_who_are_heard() -> None:
    pacer = Pacer()
    assert pacer.may_begin("a", Need(1.0, 10.0), crowded=False)
    assert not pacer.may_begin("a", Need(1.0, 10.0), crowded=True)
    assert pacer.may_begin("a", Need(3.5, 10.0), crowded=True)
    assert pacer.may_begin("a", Need(1.0, 0.0), crowded=True)
    for _ in range(3):
        pacer.spoke(4.0, 3.2)
    assert pacer.cost == pytest.approx(0.92)
    pacer.goes_on("a", time.monotonic() + 3.0, 12.0)
    assert not pacer.has_time()
    assert not pacer.may_begin("b", Need(3.5, 10.0), crowded=False)
    pacer.goes_on("a", time.monotonic() + 30.0, 12.0)
    assert pacer.has_time()
    assert pacer.may_begin("b", Need(3.5, 10.0), crowded=False)
    pacer.goes_on("a", time.monotonic() - 2.0, 12.0)
    assert pacer.has_time(), "it waits for its language model"
    pacer.goes_on("a", time.monotonic() + 3.0, 12.0)
    pacer.is_over("a")
    assert pacer.has_time()


def test_a_first_word_waits_only_where_the_voice_is_slower_than_what_is_heard() -> None:
    pacer = Pacer()
    for _ in range(3):
        pacer.spoke(2.0, 0.4)
    assert pacer.wait_s(Need(1.0, 10.0)) == 0
    assert pacer.wait_s(Need(1.0, 10.0), words=7) == 0
    for _ in range(8):
        pacer.spoke(2.0, 1.6)
    assert pacer.wait_s(Need(1.0, 0.0)) == 0, "nothing follows"
    assert pacer.wait_s(Need(1.0, 10.0)) == pytest.approx(0.84)
    assert pacer.wait_s(Need(1.0, 10.0), words=3) == pytest.approx(0.656)
    assert pacer.wait_s(Need(3.0, 10.0), words=3) == 0
    assert pacer.wait_s(Need(0.5, 10.0), words=30) == pytest.approx(2.0), "a pause is better than that"


def test_endless_text_is_cut_and_nothing_is_lost() -> None:
    text = "word " * 300
    parts = _cut(text, 7)
    assert max(map(len, parts)) <= 230
    assert " ".join(parts).split() == text.split()


def test_pictures_give_way_and_sound_does_not() -> None:
    box = Outbox()
    for k in range(MAX_PICTURES + 20):
        assert box.put(Sound(k / 25, np.zeros(3, np.float32), 24_000, 1))
        assert box.put(Picture(k / 25, IMAGE, 1))
    taken = [box.get(0) for _ in range(2 * MAX_PICTURES + 20)]
    sounds = [event.at_s for event in taken if isinstance(event, Sound)]
    pictures = [event.at_s for event in taken if isinstance(event, Picture)]
    assert sounds == [k / 25 for k in range(MAX_PICTURES + 20)]
    assert pictures == [k / 25 for k in range(20, MAX_PICTURES + 20)]
    assert box.dropped == 20
    assert box.get(0) is None


def test_a_purge_leaves_other_replies_and_the_news() -> None:
    box = Outbox()
    for reply in (1, 2):
        box.put(Picture(0, IMAGE, reply))
        box.put(ReplyDone(0, "", reply))
        box.put(Interrupted(0, reply))
    box.purge(1)
    left = [(type(event), event.reply) for event in (box.get(0) for _ in range(4)) if event]
    assert left == [(Interrupted, 1), (Picture, 2), (ReplyDone, 2), (Interrupted, 2)]


def test_the_turnstile_serves_in_order() -> None:
    gate, order = Turnstile(), list[int]()

    def enter(number: int, due_s: float) -> None:
        with gate.turn(urgency=(0, due_s)) as granted:
            assert granted
            order.append(number)

    with gate.turn():
        threads = []
        for number, due_s in enumerate((5.0, 5.0, 9.0, 1.0, 5.0)):
            threads.append(threading.Thread(target=enter, args=(number, due_s)))
            threads[-1].start()
            time.sleep(0.05)
        assert gate.crowded
    for thread in threads:
        thread.join(5)
    assert order == [3, 0, 1, 4, 2]
    assert not gate.crowded


def test_nobody_waits_at_the_turnstile_for_what_is_not_wanted_any_more() -> None:
    gate, wanted, granted = Turnstile(), threading.Event(), list[bool]()
    wanted.set()

    def enter() -> None:
        with gate.turn(wanted=wanted.is_set) as turn:
            granted.append(turn)

    with gate.turn():
        thread = threading.Thread(target=enter)
        thread.start()
        time.sleep(0.1)
        wanted.clear()
        thread.join(5)
        assert granted == [False]
        assert not gate.crowded
    with gate.turn(wanted=wanted.is_set) as turn:
        assert not turn
    with gate.turn() as turn:
        assert turn


class Painter:
    """A renderer that notes who was drawn together; a pose below 0 cannot be drawn."""

    together: ClassVar[list[int]] = []
    pause = threading.Event()

    def draw(self, pose: int, head: None) -> np.ndarray:
        if pose < 0:
            raise ValueError(str(pose))
        return np.full((2, 2, 3), pose, np.uint8)

    @classmethod
    def draw_together(cls, jobs: list[tuple[Painter, int, None]]) -> list[np.ndarray]:
        cls.together.append(len(jobs))
        cls.pause.wait(5)
        return [renderer.draw(pose, head) for renderer, pose, head in jobs]


def test_pictures_that_wait_are_drawn_together_and_a_broken_one_alone_fails() -> None:
    table, drawn = DrawingTable(), dict[int, object]()
    Painter.together.clear()
    Painter.pause.clear()

    def order(pose: int) -> None:
        try:
            drawn[pose] = int(table.draw(Painter(), pose, None).max())  # type: ignore[arg-type]
        except ValueError as exc:
            drawn[pose] = str(exc)

    threads = [threading.Thread(target=order, args=(pose,)) for pose in (1, 2, -3, 4)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    Painter.pause.set()
    for thread in threads:
        thread.join(5)
    assert drawn == {1: 1, 2: 2, -3: "-3", 4: 4}
    assert Painter.together == [1, 3]
    order(5)
    assert drawn[5] == 5
    assert Painter.together == [1, 3, 1]


def test_motion_goes_on_from_where_the_face_was() -> None:
    calm = waiting(Temperament(), seconds=2.0, fps=25.0, seed=1)
    shapes = np.zeros(52, np.float32)
    shapes[INDEX["jawOpen"]] = 0.6
    last = Stance(shapes, np.full(6, 0.1, np.float32), np.full(2, 0.4, np.float32))
    led = continued(calm, last)
    assert np.abs(led.head[0] - last.head).max() < 0.01
    assert led.blendshapes[0, INDEX["jawOpen"]] > 0.3
    assert np.abs(np.diff(led.head, axis=0)).max() < 0.03
    assert np.array_equal(led.head[-1], calm.head[-1])
    assert np.array_equal(led.blendshapes[-1], calm.blendshapes[-1])
    assert continued(calm, None) is calm


def test_silent_faces_breathe_and_listeners_attend() -> None:
    idle = waiting(Temperament(), seconds=6.0, fps=12.5, seed=3)
    attentive = waiting(Temperament(), seconds=6.0, fps=12.5, seed=3, listening=True)
    assert idle.blendshapes[:, INDEX["jawOpen"]].max() == 0
    assert idle.head.std(axis=0)[:3].max() > 0.002
    assert attentive.blendshapes[:, INDEX["browInnerUp"]].min() > 0.1
    assert attentive.head[:, 0].mean() > idle.head[:, 0].mean() + 0.02
    silence = Speech(np.zeros(100, np.float32), 16_000, (), "")
    assert len(RuleMotion().motion(
        silence, delivery=Delivery(), temperament=Temperament(), fps=25.0, seed=0
    )) == 1  # fmt: skip
