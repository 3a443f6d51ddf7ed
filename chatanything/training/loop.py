"""What every training shares: averaged weights, a learning rate over time, checkpoints that resume."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from chatanything.errors import UsageError

_WARM_UP: Final = 200
_DECAY: Final = 0.2
"""Last share of the steps, over which the learning rate falls to zero."""
_CHECKPOINT: Final = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and where to train."""

    steps: int
    batch: int = 32
    rate: float = 6e-4
    device: str = "cpu"
    minutes: float = 0.0
    """Stop after so long and keep the checkpoint; 0 means no limit."""
    every: int = 500
    """Steps between checkpoints with samples."""
    seed: int = 0
    begin: Path | None = None
    """Folder of a finished model whose weights are the start where `run` has no checkpoint yet."""


class Trainer:
    """A network with its optimizer, its averaged copy and its checkpoint.

    Args:
        net: What is trained.
        plan: How long and where.
        folder: Where the checkpoint is; training goes on from one that is there.
    """

    def __init__(self, net: nn.Module, plan: Plan, folder: Path) -> None:
        self.plan, self.folder, self.step = plan, folder, 0
        resumed = (folder / _CHECKPOINT).exists()
        if plan.begin is not None and not resumed:
            _fill(net, plan.begin)
        self.net = net.to(plan.device)
        self.averaged = copy.deepcopy(self.net).requires_grad_(requires_grad=False)
        self._optimizer = torch.optim.AdamW(self.net.parameters(), plan.rate, (0.9, 0.98), weight_decay=0.01)
        folder.mkdir(parents=True, exist_ok=True)
        if resumed:
            self._load()

    def run(self, loss_of: Callable[[int], Tensor]) -> Iterator[tuple[int, float]]:
        """Train; yields step and mean loss whenever a checkpoint was written.

        Args:
            loss_of: Computes the loss of a step.
        """
        began, total, counted = time.monotonic(), 0.0, 0
        while self.step < self.plan.steps:
            loss = loss_of(self.step)
            self._update(loss)
            self.step += 1
            total, counted = total + float(loss.detach()), counted + 1
            late = self.plan.minutes > 0 and time.monotonic() - began > 60 * self.plan.minutes
            if late or self.step % self.plan.every == 0 or self.step == self.plan.steps:
                self._save()
                yield self.step, total / counted
                total, counted = 0.0, 0
            if late:
                return

    def _update(self, loss: Tensor) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = self.plan.rate * self._share()
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self._optimizer.step()
        decay = min(0.9995, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            now = dict(self.net.named_parameters())
            for name, slow in self.averaged.named_parameters():
                slow.lerp_(now[name], 1 - decay)

    def _share(self) -> float:
        left = (self.plan.steps - self.step) / max(1.0, _DECAY * self.plan.steps)
        return min(1.0, (self.step + 1) / _WARM_UP, left)

    def _save(self) -> None:
        state = {
            "step": self.step,
            "net": self.net.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        partial = self.folder / f"{_CHECKPOINT}.part"
        torch.save(state, partial)
        partial.replace(self.folder / _CHECKPOINT)

    def _load(self) -> None:
        path = self.folder / _CHECKPOINT
        try:
            state: Any = torch.load(path, map_location=self.plan.device, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.averaged.load_state_dict(state["averaged"])
            self._optimizer.load_state_dict(state["optimizer"])
            self.step = int(state["step"])
        except (RuntimeError, KeyError, ValueError, OSError, EOFError) as exc:
            raise UsageError(
                f"the checkpoint {path} does not fit this network",
                got=str(exc).splitlines()[0],
                hint="Choose another --run folder, or delete the checkpoint to begin anew.",
            ) from exc


def _fill(net: nn.Module, folder: Path) -> None:
    """Take over the weights of a finished model of the same shape."""
    path = folder / "diffusion_pytorch_model.safetensors"
    try:
        net.load_state_dict(load_file(path))
    except (OSError, RuntimeError, SafetensorError) as exc:
        raise UsageError(
            f"the model in {folder} cannot be the start of this network",
            expected=f"a folder with {path.name} of the same network, such as models/lip-renderer",
            got=str(exc).splitlines()[0],
        ) from exc
