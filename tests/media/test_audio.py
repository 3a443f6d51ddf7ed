"""Sound in and out, and its loudness."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from chatanything.errors import OutputError, SpeechError
from chatanything.media.audio import (
    decode_audio,
    normalise_loudness,
    read_audio,
    resample,
    resampled_blocks,
    true_peak,
    write_wav,
)
from chatanything.media.audio_formats import STREAMED, encode_stream
from chatanything.types import Float32

RATE = 24_000


def rms(samples: Float32) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def tone(seconds: float, rate: int = RATE, hertz: float = 440) -> Float32:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def speechlike(seconds: float, rate: int = RATE) -> Float32:
    """Noise in syllables, with a plosive that towers over it."""
    n = round(seconds * rate)
    noise = np.random.default_rng(0).standard_normal(n) * 0.05
    samples = noise * np.abs(np.sin(2 * np.pi * 2 * np.arange(n) / rate)) ** 2
    samples[n // 2] = 0.9
    return samples.astype(np.float32)


def test_wav_round_trip_is_deterministic(tmp_path: Path) -> None:
    samples = tone(0.5)
    write_wav(tmp_path / "a.wav", samples, RATE)
    write_wav(tmp_path / "b.wav", samples, RATE)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
    again, rate = read_audio(tmp_path / "a.wav")
    assert rate == RATE
    assert again.dtype == np.float32
    assert np.abs(again - samples).max() < 1e-4


def test_loud_samples_are_clipped_not_wrapped(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.array([2.0, -2.0, 0.0], np.float32), RATE)
    with wave.open(str(tmp_path / "a.wav")) as stored:
        assert np.frombuffer(stored.readframes(3), "<i2").tolist() == [32767, -32767, 0]


@pytest.mark.parametrize(("suffix", "limit"), [("flac", 1e-4), ("ogg", 0.1), ("mp3", 0.1)])
def test_other_formats(tmp_path: Path, suffix: str, limit: float) -> None:
    samples = tone(1.0)
    soundfile.write(tmp_path / f"a.{suffix}", samples, RATE)
    again, rate = read_audio(tmp_path / f"a.{suffix}")
    assert rate == RATE
    middle = slice(RATE // 4, RATE // 2)
    assert np.sqrt(np.mean(again[middle] ** 2)) == pytest.approx(
        np.sqrt(np.mean(samples[middle] ** 2)), rel=limit
    )


def test_stereo_becomes_mono_and_rates_come_into_range(tmp_path: Path) -> None:
    both = np.stack([tone(0.5, 96_000), -0.5 * tone(0.5, 96_000)], axis=1)
    soundfile.write(tmp_path / "high.wav", both, 96_000, subtype="FLOAT")
    samples, rate = read_audio(tmp_path / "high.wav")
    assert rate == 48_000
    assert samples.shape == (24_000,)
    assert np.abs(samples).max() == pytest.approx(0.125, rel=0.05)
    soundfile.write(tmp_path / "low.wav", tone(0.5, 8000), 8000)
    samples, rate = read_audio(tmp_path / "low.wav")
    assert (samples.size, rate) == (8000, 16_000)


@pytest.mark.parametrize("channels", [3, 6, 8, 9, 16])
def test_surround_sound_becomes_the_mean_of_its_channels(tmp_path: Path, channels: int) -> None:
    sound = (np.random.default_rng(channels).standard_normal((4000, channels)) * 0.1).astype(np.float32)
    path = tmp_path / "surround.wav"
    soundfile.write(path, sound, 16_000, subtype="FLOAT")
    samples, rate = read_audio(path)
    assert rate == 16_000
    np.testing.assert_allclose(samples, sound.mean(axis=1), atol=1e-6)


def test_unusable_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not a sound")
    (tmp_path / "empty.wav").write_bytes(b"")
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
    soundfile.write(tmp_path / "nan.wav", np.full(100, np.nan), RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "long.flac", np.zeros(601 * 8000), 8000)
    for name, message in {
        "text.wav": "cannot be read",
        "empty.wav": "cannot be read",
        "missing.wav": "No such file",
        "none.wav": "no sound",
        "nan.wav": "NaN",
        "long.flac": "at most 10 minutes",
    }.items():
        with pytest.raises(SpeechError, match=message):
            read_audio(tmp_path / name)


def test_a_truncated_file_gives_its_beginning_or_an_error(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    soundfile.write(buffer, tone(2.0), RATE, format="WAV")
    (tmp_path / "cut.wav").write_bytes(buffer.getvalue()[:20_000])
    samples, _ = read_audio(tmp_path / "cut.wav")
    assert 9000 < samples.size < 10_000
    assert np.abs(samples - tone(2.0)[: samples.size]).max() < 1e-4


def test_resampling_keeps_length_and_pitch() -> None:
    up = resample(tone(1.0), RATE, 44_100)
    assert up.shape == (44_100,)
    assert np.argmax(np.abs(np.fft.rfft(up))) == 440
    assert resample(up, 44_100, 44_100) is up


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
def test_loudness_is_reached_below_the_true_peak(rate: int) -> None:
    samples = normalise_loudness(speechlike(3.0, rate), rate)
    assert samples.shape == (3 * rate,)
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-16, abs=0.3)
    assert 20 * np.log10(true_peak(samples, rate).max()) <= -1 + 1e-3


def test_loudness_of_short_and_silent_clips() -> None:
    short = normalise_loudness(tone(0.1), RATE)
    assert short.size == 2400
    assert np.sqrt(np.mean(short**2)) == pytest.approx(
        np.sqrt(np.mean(normalise_loudness(tone(2), RATE) ** 2)), rel=0.1
    )
    silent = np.zeros(1000, np.float32)
    assert not normalise_loudness(silent, RATE).any()
    assert normalise_loudness(silent[:0], RATE).size == 0


def test_true_peak_sees_between_samples() -> None:
    # A quarter of the rate, off its crests: samples reach 0.707 of the wave.
    n = np.arange(2000)
    wave_at_quarter = np.sin(np.pi / 2 * n + np.pi / 4).astype(np.float32)
    assert np.abs(wave_at_quarter).max() == pytest.approx(0.707, abs=1e-3)
    assert true_peak(wave_at_quarter, RATE)[500:1500].max() == pytest.approx(1.0, abs=0.01)


def test_writing_into_a_missing_folder_names_it(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="missing"):
        write_wav(tmp_path / "missing" / "a.wav", tone(0.1), RATE)


@pytest.mark.parametrize("name", STREAMED)
def test_streamed_sound_is_the_same_sound(name: str) -> None:
    rate = 24_000
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(2 * rate) / rate)).astype(np.float32)
    pieces = [tone[:7_001], tone[7_001:30_000], tone[30_000:]]
    parts = list(encode_stream(((piece, rate) for piece in pieces), name))
    assert sum(map(bool, parts)) > 2
    data = b"".join(parts)
    assert data == b"".join(encode_stream(((piece, rate) for piece in pieces), name))
    if name == "pcm":
        heard, heard_rate = np.frombuffer(data, "<i2").astype(np.float32) / 32768, rate
    else:
        heard, heard_rate = decode_audio(data, "the stream")
    assert len(heard) / heard_rate == pytest.approx(2.0, abs=0.12)
    loud = np.flatnonzero(np.abs(heard) > 0.05)
    middle = heard[loud[0] : loud[-1]]
    crossings = np.count_nonzero(np.diff(np.signbit(middle))) / (len(middle) / heard_rate)
    assert crossings == pytest.approx(440, rel=0.01)
    assert np.abs(np.diff(middle)).max() < 0.03, "a click where pieces meet"


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.wav"
    write_wav(path, np.zeros(1000, np.float32), 16_000)
    data = bytearray(path.read_bytes())
    at = data.index(b"fmt ") + 8
    data[at : at + 2] = b"\x99\x99"
    with pytest.raises(SpeechError, match="cannot be read as sound"):
        decode_audio(bytes(data), "odd.wav")


@pytest.mark.parametrize(
    ("rate", "target"), [(24_000, 16_000), (44_100, 16_000), (16_000, 48_000), (16_000, 16_000)]
)
def test_blocks_of_resampled_sound_are_the_whole(
    rate: int, target: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatanything.media.audio._RESAMPLED_BLOCK", 1000)
    sound = speechlike(1.237, rate)
    blocks = list(resampled_blocks(sound, rate, target))
    assert len(blocks) > 10
    np.testing.assert_array_equal(np.concatenate(blocks), resample(sound, rate, target))


def tagged(path: Path, codec: str) -> Path:
    """A tone with a title as old programs wrote it, in Latin-1."""
    import av

    with av.open(str(path), "w") as container:
        container.metadata["title"] = "CafX"
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        sound = (tone(1.0) * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(sound, format="s16", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    named = path.read_bytes()
    assert b"CafX" in named
    path.write_bytes(named.replace(b"CafX", b"Caf\xe9"))
    return path


def test_tags_in_another_encoding_are_no_matter(tmp_path: Path) -> None:
    for name, codec in {"list.wav": "pcm_s16le", "old.avi": "pcm_s16le"}.items():
        path = tagged(tmp_path / name, codec)
        samples, rate = read_audio(path)
        assert len(samples) / rate == pytest.approx(1.0, abs=0.1)
        assert decode_audio(path.read_bytes(), name)[0].size == samples.size
    id3v1 = b"TAG" + b"Caf\xe9".ljust(30, b"\0") + bytes(95)
    (tmp_path / "old.mp3").write_bytes(b"".join(encode_stream([(tone(1.0), RATE)], "mp3")) + id3v1)
    assert rms(read_audio(tmp_path / "old.mp3")[0]) > 0.1


def adts(seconds: float, rate: int, layout: str) -> bytes:
    """A tone as a bare AAC stream, which may be joined with another one."""
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="adts") as container:
        stream = container.add_stream("aac", rate=rate, layout=layout)
        sound = np.tile(tone(seconds, rate), (2 if layout == "stereo" else 1, 1)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout=layout)
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def test_a_recording_that_changes_its_kind_midway_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "joined.aac"
    path.write_bytes(adts(1.0, 24_000, "mono") + adts(1.0, 48_000, "stereo") + adts(1.0, 24_000, "mono"))
    samples, rate = read_audio(path)
    assert rate == 24_000
    assert len(samples) / rate == pytest.approx(3.0, abs=0.2)
    for second in range(3):
        part = samples[round((second + 0.3) * rate) : round((second + 0.7) * rate)]
        assert float(np.sqrt(np.mean(part**2))) > 0.1
