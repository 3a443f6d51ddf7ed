"""The motion network and what is built on it: what it may hear, any sound, styles, closures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from chatanything.lipsync import MOTIONS
from chatanything.lipsync.motion_net import (
    AHEAD_S,
    UNKNOWN,
    WEIGHTS,
    WINDOW,
    MotionNet,
    load_motion_net,
    phone_numbers,
)
from chatanything.lipsync.motion_style import DIMENSIONS, MotionStyle, style_for, style_of
from chatanything.lipsync.net_motion import NetMotion
from chatanything.lipsync.sync_features import FPS, MEL_PER_FRAME, log_mel
from chatanything.types import Delivery, Motion, Speech, Temperament
from chatanything.visemes import INDEX
from tests.tiny.lipsync_face import tone, units

JAW = INDEX["jawOpen"]
SENTENCE = ". . M AA M IY B OW P EH T UW M AA P . ."


@pytest.fixture(scope="module")
def tiny() -> MotionNet:
    torch.manual_seed(0)
    return MotionNet(width=40, heads=2, layers=1).eval()


def _speech(*, timed: bool = True) -> Speech:
    timing = units(SENTENCE, step_s=0.12)
    return Speech(tone(timing).astype(np.float32), 16_000, tuple(timing) if timed else ())


def _move(maker: NetMotion, speech: Speech, *, fps: float = 25.0, **performed: object) -> Motion:
    given: dict[str, object] = {"delivery": Delivery(), "temperament": Temperament()} | performed
    return maker.motion(speech, fps=fps, seed=3, **given)


def _values(net: MotionNet, mel: np.ndarray, phones: np.ndarray | None = None) -> np.ndarray:
    steps = len(mel) - len(mel) % MEL_PER_FRAME
    phones = np.full(steps, UNKNOWN) if phones is None else phones[:steps]
    with torch.inference_mode():
        style = torch.from_numpy(MotionStyle().vector())[None]
        return net(torch.from_numpy(mel[:steps])[None], torch.from_numpy(phones)[None], style)[0].numpy()


def test_sound_more_than_the_lookahead_later_changes_nothing(tiny: MotionNet) -> None:
    assert AHEAD_S <= 0.2
    rng = np.random.default_rng(0)
    sound = rng.normal(0, 0.1, 4 * 16_000).astype(np.float32)
    before = _values(tiny, log_mel(sound, 16_000, least=100.0))
    for frame in (0, 10, 40, 71):
        changed = sound.copy()
        changed[int((frame / FPS + 0.2) * 16_000) :] = 0
        after = _values(tiny, log_mel(changed, 16_000, least=100.0))
        assert np.abs(after - before)[: frame + 1].max() < 1e-6
        assert np.abs(after - before)[frame + 1 :].max() > 1e-4


def test_it_hears_up_to_the_lookahead_and_not_for_ever(tiny: MotionNet) -> None:
    mel = np.random.default_rng(0).random((4 * 150, 32)).astype(np.float32)
    before = _values(tiny, mel)
    nearer = mel.copy()
    nearer[4 * 50 + 18] += 1
    assert np.abs(_values(tiny, nearer) - before)[50].max() > 1e-5
    older = mel.copy()
    older[:4] += 1
    moved = np.abs(_values(tiny, older) - before).max(axis=1)
    reach = 3 * (WINDOW - 1) + 6  # three layers look back, the patches a little further
    assert moved[:reach].max() > 1e-5
    assert moved[reach:].max() < 1e-6


def test_long_sound_is_the_same_in_parts(tiny: MotionNet) -> None:
    mel = np.random.default_rng(1).random((4 * 300, 32)).astype(np.float32)
    whole = _values(tiny, mel)
    part = _values(tiny, mel[4 * 100 :])
    assert part[-50:] == pytest.approx(whole[-50:], abs=1e-5)


def test_phones_have_numbers_and_gaps_are_unknown() -> None:
    numbers = phone_numbers(units("M AA", start_s=0.1, step_s=0.1), 70)
    assert [len(set(numbers[k : k + 10].tolist())) for k in (0, 10, 20)] == [1, 1, 1]
    assert len({numbers[5], numbers[15], numbers[25]}) == 3
    assert (numbers[60:] == UNKNOWN).all()


@pytest.mark.parametrize("seconds", [0.1, 0.5, 2.03])
@pytest.mark.parametrize("kind", ["silence", "noise", "tone"])
@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000])
def test_any_sound_becomes_motion(tiny: MotionNet, seconds: float, kind: str, rate: int) -> None:
    count = int(seconds * rate)
    rng = np.random.default_rng(0)
    samples = {
        "silence": np.zeros(count), "noise": rng.normal(0, 0.2, count),
        "tone": 0.3 * np.sin(0.1 * np.arange(count)),
    }[kind]  # fmt: skip
    motion = _move(NetMotion(tiny), Speech(samples.astype(np.float32), rate))
    frames = int(np.ceil(count / rate * 25))
    assert motion.blendshapes.shape == (frames, 52)
    assert motion.head.shape == (frames, 6)
    assert motion.gaze.shape == (frames, 2)
    for values in (motion.blendshapes, motion.head, motion.gaze):
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
    assert motion.blendshapes.min() >= 0
    assert motion.blendshapes.max() <= 1
    mouth = motion.blendshapes[:, JAW]
    assert mouth[0] == mouth[-1] == 0
    if kind == "silence":
        assert mouth.max() == 0


def test_a_stereo_file_is_heard_as_one_channel(tiny: MotionNet, tmp_path: Path) -> None:
    import soundfile

    from chatanything.media.audio import read_audio

    sound = _speech().samples
    soundfile.write(tmp_path / "two.wav", np.stack([sound, sound], axis=1), 16_000)
    samples, rate = read_audio(tmp_path / "two.wav")
    motion = _move(NetMotion(tiny), Speech(samples, rate))
    assert len(motion) == int(np.ceil(len(samples) / rate * 25))


@pytest.mark.parametrize("fps", [12.5, 25.0, 30.0, 60.0])
def test_frame_rates_show_the_same_motion(tiny: MotionNet, fps: float) -> None:
    speech = _speech(timed=False)
    maker = NetMotion(tiny)
    motion, usual = _move(maker, speech, fps=fps), _move(maker, speech)
    assert len(motion) == int(np.ceil(speech.duration_s * fps))
    times = (np.arange(len(motion)) + 0.5) / fps
    shown = np.interp(times, (np.arange(len(usual)) + 0.5) / 25, usual.head[:, 0])
    assert np.abs(shown - motion.head[:, 0]).max() < 0.02


def test_the_same_seed_gives_the_same_motion(tiny: MotionNet) -> None:
    first, second = (_move(NetMotion(tiny), _speech()) for _ in range(2))
    assert np.array_equal(first.blendshapes, second.blendshapes)
    assert np.array_equal(first.head, second.head)


def test_styles_are_measured_and_asked_for() -> None:
    shapes = np.zeros((100, 52), np.float32)
    shapes[::4, JAW] = 0.6
    head = np.zeros((100, 6), np.float32)
    head[:, 0] = 0.1 * np.sin(np.arange(100) / 5)
    style = style_of(Motion(25.0, shapes, head, np.zeros((100, 2), np.float32)))
    assert style.opening == pytest.approx(0.6)
    assert style.pace == pytest.approx(6, abs=0.5)
    assert style.head == pytest.approx(0.0236, abs=0.004)
    assert style.vector().shape == (DIMENSIONS,)
    bold = style_for(style, Delivery(mouth_gain=1.3), Temperament(extraversion=0.9))
    timid = style_for(style, Delivery(mouth_gain=0.7), Temperament(extraversion=0.1))
    assert bold.opening > 1.8 * timid.opening
    assert bold.head > timid.head


def test_the_shipped_network_opens_vowels_and_shuts_bilabials() -> None:
    maker = NetMotion()
    speech = _speech()
    jaw = _move(maker, speech).blendshapes[:, JAW]
    times = (np.arange(len(jaw)) + 0.5) / 25
    for unit in speech.phones():
        inside = np.abs(times - (unit.start_s + unit.end_s) / 2) <= 0.04
        if unit.text in ("M", "B", "P"):
            assert jaw[inside].min() < 0.05
        if unit.text == "AA":
            assert jaw[inside].max() > 0.2


def test_the_shipped_network_follows_style_and_keeps_closures() -> None:
    maker = NetMotion()
    speech = _speech()
    frames = int(speech.duration_s * 25)
    motions = [
        maker.spoken(speech, replace(maker.style(0.5), opening=opening), frames=frames, fps=25.0)
        for opening in (0.3, 0.6)
    ]
    calm, lively = (motion.blendshapes[:, JAW] for motion in motions)
    assert np.percentile(lively, 90) > 1.4 * np.percentile(calm, 90)
    times = (np.arange(frames) + 0.5) / 25
    for unit in speech.phones():
        if unit.text in ("M", "B", "P"):
            near = np.abs(times - (unit.start_s + unit.end_s) / 2) <= 0.04
            assert lively[near].min() < 0.05


def test_the_table_names_the_network() -> None:
    assert MOTIONS.factory("net") is NetMotion
    assert {entry for name in MOTIONS.names() for entry in MOTIONS.spec(name).weights} == {WEIGHTS}


def test_the_shipped_network_is_small_and_carries_its_figures() -> None:
    net = load_motion_net()
    count = sum(parameter.numel() for parameter in net.parameters())
    assert 1_000_000 < count < 2_500_000
    assert net.config.figures["sound_gap_r"] > 0.6
    assert set(net.config.styles) == {"ruled", "recorded"}


def test_long_sound_goes_through_in_pieces_that_join(
    tiny: MotionNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, style = NetMotion(tiny), MotionStyle()
    timing = units(" ".join([SENTENCE] * 8), step_s=0.12)
    for phones in (tuple(timing), ()):
        speech = Speech(tone(timing).astype(np.float32), 16_000, phones)
        whole = maker.spoken(speech, style, frames=380, fps=25.0)
        monkeypatch.setattr("chatanything.lipsync.net_motion._CHUNK", 70)
        pieces = maker.spoken(speech, style, frames=380, fps=25.0)
        monkeypatch.undo()
        assert np.ptp(whole.blendshapes[:, JAW]) > 0
        for ours, theirs in zip(
            (pieces.blendshapes, pieces.head), (whole.blendshapes, whole.head), strict=True
        ):
            assert np.abs(ours - theirs).max() < 1e-5
