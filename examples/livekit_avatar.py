r"""An agent of LiveKit with a character's face and voice; it listens to the room's chat.

pip install "chatanything[livekit]" livekit-plugins-openai
LIVEKIT_URL=ws://localhost:7880 LIVEKIT_API_KEY=devkey LIVEKIT_API_SECRET=secret \
LLM_URL=http://localhost:11434/v1 LLM_MODEL=qwen2.5:3b PERSONA="a grumpy old lighthouse keeper" \
    python examples/livekit_avatar.py dev

PERSONA is a description or a saved .charx file. Give AgentSession an `stt` to talk to it.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from livekit.agents import Agent, AgentServer, AgentSession, JobContext, cli
from livekit.agents.voice.avatar import QueueAudioOutput
from livekit.agents.voice.room_io import RoomOptions
from livekit.plugins import openai

from chatanything import LiveEngine, Persona, Studio
from chatanything.adapters.livekit import start_avatar
from chatanything.adapters.livekit_speech import PersonaVoice
from chatanything.live.sound import SPEECH_RATE
from chatanything.persona.chat_prompt import messages

server = AgentServer()


def character() -> Persona:
    """A saved persona, or a new one."""
    who, studio = os.environ.get("PERSONA", "a grumpy old lighthouse keeper"), Studio(llm="rules")
    return studio.load(who) if Path(who).is_file() else studio.create(who)


@server.rtc_session()
async def entrypoint(job: JobContext) -> None:
    """One room; LiveKit calls it in a process of its own."""
    persona = await asyncio.to_thread(character)
    engine = LiveEngine(llm="rules")  # LiveKit brings the language model
    await job.connect()
    session: AgentSession[None] = AgentSession(
        llm=openai.LLM(
            model=os.environ.get("LLM_MODEL", "qwen2.5:3b"),
            base_url=os.environ.get("LLM_URL", "http://localhost:11434/v1"),
            api_key=os.environ.get("LLM_KEY", "none"),
        ),
        tts=PersonaVoice(engine, persona),
    )
    audio = QueueAudioOutput(sample_rate=SPEECH_RATE)
    runner, video = await start_avatar(job.room, audio, engine, persona)
    session.output.audio = audio

    async def leave() -> None:
        await runner.aclose()
        await video.aclose()
        engine.close()

    job.add_shutdown_callback(leave)
    agent = Agent(instructions=messages(persona.card, (), "Hello")[0]["content"])
    await session.start(agent, room=job.room, room_options=RoomOptions(audio_input=False, audio_output=False))
    await session.say(persona.card.greeting or "Hello.")


if __name__ == "__main__":
    cli.run_app(server)
