r"""Talk to a character in the browser through Pipecat; everything but the language model runs here.

pip install "chatanything[pipecat,hearing]" "pipecat-ai[webrtc,runner]"
LLM_URL=http://localhost:11434/v1 LLM_MODEL=qwen2.5:3b PERSONA="a grumpy old lighthouse keeper" \
    python examples/pipecat_avatar.py -t webrtc

Then open the address that it prints. PERSONA is a description or a saved .charx file.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.runner.run import main
from pipecat.runner.types import RunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.transports.base_transport import BaseTransport, TransportParams
from pipecat.workers.runner import WorkerRunner

from chatanything import LiveEngine, Persona, Studio
from chatanything.adapters.pipecat import AvatarVideo
from chatanything.adapters.pipecat_speech import Hearing, PersonaVoice
from chatanything.hearing.recognizer import open_recognizer
from chatanything.live.given import load_motion
from chatanything.persona.chat_prompt import messages
from chatanything.types import Delivery


@cache
def character() -> tuple[LiveEngine, Persona]:
    """One engine and one persona for all visitors, ready to speak; Pipecat brings the language model."""
    who, studio = os.environ.get("PERSONA", "a grumpy old lighthouse keeper"), Studio(llm="rules")
    persona = studio.load(who) if Path(who).is_file() else studio.create(who)
    engine = LiveEngine(llm="rules")
    engine.speak("Hello.", persona.voice, Delivery(), 0)
    load_motion(engine.config.motion)
    return engine, persona


async def bot(arguments: RunnerArguments) -> None:
    """One visitor; Pipecat's runner calls it."""
    engine, persona = character()
    height, width, _ = persona.portrait.image.shape
    transport: BaseTransport = await create_transport(
        arguments,
        {
            "webrtc": lambda: TransportParams(
                audio_in_enabled=True,
                audio_out_enabled=True,
                video_out_enabled=True,
                video_out_width=width,
                video_out_height=height,
                video_out_framerate=round(engine.fps),
            )
        },
    )
    recognizer = open_recognizer("local")
    assert recognizer is not None
    llm = OpenAILLMService(
        api_key=os.environ.get("LLM_KEY", "none"),
        base_url=os.environ.get("LLM_URL", "http://localhost:11434/v1"),
        settings=OpenAILLMService.Settings(
            model=os.environ.get("LLM_MODEL", "qwen2.5:3b"),
            system_instruction=messages(persona.card, (), "Hello")[0]["content"],
        ),
    )
    user, bot_side = LLMContextAggregatorPair(
        LLMContext(), user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    steps = [
        transport.input(),
        Hearing(recognizer),
        user,
        llm,
        PersonaVoice(engine, persona),
        AvatarVideo(engine, persona),
        transport.output(),
        bot_side,
    ]
    worker = PipelineWorker(Pipeline(steps), idle_timeout_secs=arguments.pipeline_idle_timeout_secs)
    runner = WorkerRunner(handle_sigint=arguments.handle_sigint)
    await runner.add_workers(worker)

    @transport.event_handler("on_client_connected")
    async def greet(*_: object) -> None:
        await worker.queue_frame(TTSSpeakFrame(persona.card.greeting or "Hello."))

    @transport.event_handler("on_client_disconnected")
    async def leave(*_: object) -> None:
        await runner.cancel()

    await runner.run()


if __name__ == "__main__":
    character()  # before the first visitor waits for it
    main()
