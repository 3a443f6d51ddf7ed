"""The official client against a real server."""

from __future__ import annotations

import io
import time

import av
import numpy as np
import openai
import pytest

from chatanything.media.video import read_video
from chatanything.provenance.c2pa import verify_file
from chatanything.server.running import serving

pytestmark = [pytest.mark.weights, pytest.mark.filterwarnings("ignore:The Sora API")]


@pytest.fixture(scope="module")
def openai_client(services):
    with serving(services) as url:
        yield openai.OpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0)


@pytest.fixture(scope="module")
def persona(openai_client):
    return openai_client.models.list().data[0].id


def test_personas_are_models(openai_client, persona):
    assert openai_client.models.retrieve(persona).id == persona
    with pytest.raises(openai.NotFoundError, match="no such persona"):
        openai_client.models.retrieve("nobody")


def test_chat_whole_and_in_pieces(openai_client, persona, apple):
    asked = [{"role": "user", "content": [{"type": "text", "text": "Hello!"}]}]
    whole = openai_client.chat.completions.create(model=persona, messages=asked, seed=5, temperature=1)
    assert whole.choices[0].message.content == apple.card.greeting
    pieces = openai_client.chat.completions.create(model=persona, messages=asked, seed=5, stream=True)
    chunks = list(pieces)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == apple.card.greeting
    assert chunks[-1].choices[0].finish_reason == "stop"
    with pytest.raises(openai.BadRequestError, match="nothing to answer"):
        openai_client.chat.completions.create(
            model=persona, messages=[*asked, {"role": "assistant", "content": "Hi."}]
        )


@pytest.mark.parametrize("form", ["wav", "mp3", "opus", "aac", "flac", "pcm"])
def test_speech_in_every_format(openai_client, persona, form):
    data = openai_client.audio.speech.create(
        model="any", voice=persona, input="Good morning, my dear.", response_format=form
    ).content
    if form == "pcm":
        samples, rate = np.frombuffer(data, "<i2") / 32768, 24_000
    else:
        with av.open(io.BytesIO(data)) as file:
            rate = file.streams.audio[0].rate
            frames = [frame.to_ndarray().astype(np.float64) for frame in file.decode(audio=0)]
        samples = np.concatenate([frame.ravel() for frame in frames])
        samples = samples / (32768 if np.abs(samples).max() > 2 else 1)
    assert 0.9 < len(samples) / rate < 4
    assert 0.005 < np.sqrt(np.mean(samples**2)) < 0.5


def test_speech_speed_and_bank_voices(openai_client):
    lengths = [
        len(
            openai_client.audio.speech.create(
                model="any",
                voice="af_heart",
                input="One, two, three, four.",
                response_format="pcm",
                speed=speed,
            ).content
        )
        for speed in (0.7, 1.4)
    ]
    assert lengths[0] > 1.4 * lengths[1]  # the silence around the words keeps its length
    with pytest.raises(openai.NotFoundError):
        openai_client.audio.speech.create(model="any", voice="nobody", input="Hello.")


def test_a_video_as_a_job(openai_client, persona, tmp_path):
    video = openai_client.videos.create(model=persona, prompt="Hi there!")
    seen = {video.status}
    end = time.monotonic() + 240
    while video.status in ("queued", "in_progress"):
        assert time.monotonic() < end
        time.sleep(0.2)
        video = openai_client.videos.retrieve(video.id)
        seen.add(video.status)
    assert video.status == "completed", video.error
    assert "in_progress" in seen
    assert video.progress == 100
    assert video.size == "256x256"
    path = tmp_path / "video.mp4"
    path.write_bytes(openai_client.videos.download_content(video.id).content)
    frames, fps = read_video(path)
    assert fps == 25
    assert len(list(frames)) / fps == pytest.approx(float(video.seconds), abs=0.05)
    assert verify_file(path).state == "valid"
    assert openai_client.videos.delete(video.id).deleted
    with pytest.raises(openai.NotFoundError):
        openai_client.videos.retrieve(video.id)
