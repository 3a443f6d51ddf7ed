"""A face model of a few thousand weights: the true networks, random but for the codec."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

from chatanything.face.diffusion.codec import PatchCodec, Upsampler
from chatanything.face.diffusion.net import FaceFlow
from chatanything.face.diffusion.pipeline import FacePipeline, new_scheduler


def tiny_flow(seed: int = 0) -> FaceFlow:
    """A denoiser of 16 and 32 channels."""
    torch.manual_seed(seed)
    net = FaceFlow(fine=16, coarse=32, depth=1, heads=2).eval()
    for weights in net.parameters():
        if weights.requires_grad and not weights.any():  # layers that begin at zero would hide the words
            torch.nn.init.normal_(weights, std=0.05)
    return net


def tiny_pipeline(seed: int = 0) -> FacePipeline:
    """A pipeline whose codec knows smooth patches."""
    flow = tiny_flow(seed)
    codec = PatchCodec()
    rng = np.random.default_rng(seed)
    coarse = torch.from_numpy(rng.uniform(-1, 1, (24, 3, 24, 24)).astype(np.float32))
    codec.fit(torch.nn.functional.interpolate(coarse, size=128, mode="bicubic"))
    flow.deviation.copy_(codec.deviation)
    return FacePipeline(flow, codec, Upsampler(width=8, depth=1), new_scheduler())


if __name__ == "__main__":
    tiny_pipeline().save_pretrained(Path(sys.argv[1]))
