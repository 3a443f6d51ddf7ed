"""Ask a character one question; captions are printed as they come, pictures and answer.wav are kept.

python examples/custom_app.py "a cheerful apple who sings opera" "What did you sing last night?" -o answer
"""

# ruff: noqa: T201 - it talks to the command line

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from chatanything import LiveEngine, Studio
from chatanything.live.events import Caption, Failed, Picture, ReplyDone, Sound
from chatanything.media.audio import write_wav

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("persona", help="a description, or a .charx, .png or .json card")
parser.add_argument("question")
parser.add_argument("-o", "--out", type=Path, default=Path("answer"))
parser.add_argument("--llm", default="auto", help="auto, local, rules or an endpoint's base URL")
asked = parser.parse_args()
asked.out.mkdir(parents=True, exist_ok=True)

studio = Studio(llm=asked.llm)
persona = studio.load(asked.persona) if Path(asked.persona).is_file() else studio.create(asked.persona)
sounds: list[Sound] = []
with LiveEngine(llm=asked.llm) as engine:
    session = engine.open(persona)
    reply = session.say(asked.question)
    for event in session.events():
        match event:
            case Caption():
                print(f"{event.at_s:6.2f} s  {event.text}")
            case Sound():
                sounds.append(event)
            case Picture() if event.reply == reply:
                since = event.at_s - sounds[0].at_s  # its sound was handed out before it
                Image.fromarray(event.image).save(asked.out / f"{since:07.3f}.png")
            case ReplyDone() | Failed():
                print(event)
                break
if sounds:
    samples = np.concatenate([sound.samples for sound in sounds])
    write_wav(asked.out / "answer.wav", samples, sounds[0].sample_rate)
