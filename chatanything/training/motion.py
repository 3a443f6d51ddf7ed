"""Trains the motion network (`train motion`) on spoken clips moved by rules and on recorded faces."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from torch import Tensor

from chatanything.errors import UsageError
from chatanything.lipsync.coarticulation import mouth_shapes
from chatanything.lipsync.motion_measures import Carrier, correlation, figures
from chatanything.lipsync.motion_net import GAZE, HEAD, MotionNet
from chatanything.lipsync.net_motion import NetMotion
from chatanything.lipsync.recorded_faces import FaceRecording, Rewriting, read_faces
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.training.loop import Plan, Trainer
from chatanything.training.motion_data import (
    SHAPE_WEIGHTS,
    Batch,
    draw,
    mean_style,
    recorded_takes,
    spoken_takes,
)
from chatanything.training.motion_speech import load_speech, speech_paths
from chatanything.types import Float32, Motion, Speech
from chatanything.visemes import INDEX

_RECORDED: Final = 0.5
"""Share of samples that are recordings."""
_VELOCITY: Final = 2.0
"""Weight of the change from frame to frame."""
_NODS, _GAZE = 3.0, 0.3
"""Weights of the six head values, in radians and eye distances, and of the gaze."""
_FITTED_TO: Final = 60
"""Training clips to which the measures' linear maps are fitted."""
_SHOWN: Final = 12


def train_motion(
    data: Path,
    grid: Path,
    run: Path,
    plan: Plan,
    *,
    net: MotionNet | None = None,
    progress: Progress = silent,
) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of timed speech (`make_speech`).
        grid: Folder of recorded faces; its "validation" and "test" clips are never trained on.
        run: Folder for the checkpoint and the model.
        plan: How long and where.
        net: A network of another size than the shipped one.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
        InputFileError: A clip cannot be read.
    """
    paths = speech_paths(data)
    if not paths:
        raise UsageError(
            f"there is no timed speech in {data}", hint=f"Make some: chatanything train motion-data -o {data}"
        )
    faces = read_faces(grid, "train")
    real, ruled = recorded_takes(faces, Rewriting.fitted(faces)), spoken_takes(paths)
    held = (read_faces(grid, "validation"), faces[:_FITTED_TO], speech_paths(data, held_out=True)[:_SHOWN])
    styles = {
        "recorded": mean_style(real).as_dict() | {"recorded": 1.0},
        "ruled": mean_style(ruled).as_dict() | {"recorded": 0.0},
    }
    torch.manual_seed(plan.seed)
    trainer = Trainer(net or MotionNet(), plan, run)

    def loss_at(step: int) -> Tensor:
        rng = generator(plan.seed, "motion", step)
        recorded = round(_RECORDED * plan.batch)
        batches = [draw(real, rng, recorded), draw(ruled, rng, plan.batch - recorded)]
        return motion_loss(cast("MotionNet", trainer.net), batches)

    for step, loss in trainer.run(loss_at):
        averaged = copy.deepcopy(cast("MotionNet", trainer.averaged)).to("cpu").eval()
        averaged.register_to_config(styles=styles)
        measured = compare(averaged, *held)
        averaged.register_to_config(figures=measured)
        averaged.half().save_pretrained(run / "model")
        row = {"step": step, "loss": round(loss, 4), **measured}
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        progress("motion", step, plan.steps, json.dumps(row))
    return run / "model"


def motion_loss(net: MotionNet, batches: Sequence[Batch]) -> Tensor:
    """Error of position and of change, important shapes and frames counting more.

    Args:
        net: The network.
        batches: Joined into one.
    """
    mel, phones, style, truth, weights = (
        torch.cat([getattr(batch, field) for batch in batches]).to(net.device)
        for field in ("mel", "phones", "style", "motion", "weights")
    )
    parts = torch.tensor([*SHAPE_WEIGHTS, *[_NODS] * HEAD, *[_GAZE] * GAZE], device=net.device)
    made = net(mel, phones, style)
    error = ((made - truth).abs() @ parts * weights).sum() / weights.sum()
    moved = (made.diff(dim=1) - truth.diff(dim=1)).abs() @ parts
    both = torch.minimum(weights[:, 1:], weights[:, :-1])
    return error + _VELOCITY * (moved * both).sum() / both.sum().clamp(min=1)


def compare(
    net: MotionNet, held: Sequence[FaceRecording], fitted: Sequence[FaceRecording], spoken: Sequence[Path]
) -> dict[str, float]:
    """How the network does on clips that it was not trained on.

    Args:
        net: On the CPU.
        held: Recorded clips.
        fitted: Recorded clips to which the carrier is fitted.
        spoken: Spoken clips.

    Returns:
        `sound_*`: the figures of `motion_measures` from the sound alone; `phones_*`: with phones;
        `spoken_r`: correlation of `jawOpen` with the rules' on speech of voices never heard, sound alone.
    """
    maker = NetMotion(net)
    found: dict[str, float] = {}
    for name, strip in (("sound", True), ("phones", False)):
        carrier = Carrier.fitted(
            [_made(maker, clip.speech, strip=strip, recorded=1.0) for clip in fitted], fitted
        )
        motions = [_made(maker, clip.speech, strip=strip, recorded=1.0) for clip in held]
        found |= {f"{name}_{key}": value for key, value in figures(motions, held, carrier).items()}
    jaw = INDEX["jawOpen"]
    r = []
    for path in spoken:
        speech = load_speech(path)
        made, wanted = _made(maker, speech, strip=True, recorded=0.0), _rules(speech)
        r.append(correlation(made.blendshapes[:, jaw], wanted[: len(made), jaw]))
    return found | {"spoken_r": round(float(np.mean(r)), 3) if r else 0.0}


def _made(maker: NetMotion, speech: Speech, *, strip: bool, recorded: float) -> Motion:
    heard = Speech(speech.samples, speech.sample_rate) if strip else speech
    frames = max(1, int(np.ceil(speech.duration_s * 25.0)))
    return maker.spoken(heard, maker.style(recorded), frames=frames, fps=25.0)


def _rules(speech: Speech) -> Float32:
    return mouth_shapes(speech, frames=int(np.ceil(speech.duration_s * 25.0)), fps=25.0, gain=1.0)
