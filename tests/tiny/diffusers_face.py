"""A Stable Diffusion 1.5 pipeline with ControlNet of random weights, a few megabytes, in the true format."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    ControlNetModel,
    PNDMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

WIDTHS = (16, 32)


def save(folder: Path) -> None:
    """Write `checkpoint/`, `controlnet/` and `tiny-decoder/` into a folder."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=WIDTHS, layers_per_block=1, sample_size=8, cross_attention_dim=32,
        attention_head_dim=4, norm_num_groups=8, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )  # fmt: skip
    control = ControlNetModel(
        block_out_channels=WIDTHS, layers_per_block=1, cross_attention_dim=32, attention_head_dim=4,
        norm_num_groups=8, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        conditioning_embedding_out_channels=(8, 8, 16, 16),
    )  # fmt: skip
    for weights in control.parameters():
        if not weights.any():  # layers that begin at zero would hide the drawing
            torch.nn.init.normal_(weights, std=0.3)
    levels = (8, 8, 16, 16)
    vae = AutoencoderKL(
        block_out_channels=levels, norm_num_groups=8, latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
    )  # fmt: skip
    text = CLIPTextModel(
        CLIPTextConfig(hidden_size=32, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
                       vocab_size=600, projection_dim=32)
    )  # fmt: skip
    StableDiffusionPipeline(
        vae, text, _tokenizer(folder / "words"), unet, PNDMScheduler(skip_prk_steps=True), None, None,
        requires_safety_checker=False,
    ).save_pretrained(folder / "checkpoint")  # fmt: skip
    control.save_pretrained(folder / "controlnet")
    tiny = AutoencoderTiny(
        encoder_block_out_channels=(8,) * 4,
        decoder_block_out_channels=(8,) * 4,
        num_encoder_blocks=(1,) * 4,
        num_decoder_blocks=(1,) * 4,
    )
    tiny.save_pretrained(folder / "tiny-decoder")


def save_adapter(checkpoint: Path, target: Path) -> None:
    """Write a LoRA for the checkpoint's network."""
    unet = UNet2DConditionModel.from_pretrained(checkpoint / "unet", local_files_only=True)
    generator = torch.Generator().manual_seed(1)
    weights = {}
    for name, layer in unet.named_modules():
        if name.endswith(("to_q", "to_v")):
            down, up = (4, layer.in_features), (layer.out_features, 4)
            weights[f"unet.{name}.lora_A.weight"] = torch.randn(down, generator=generator)
            weights[f"unet.{name}.lora_B.weight"] = torch.randn(up, generator=generator)
    save_file(weights, target)


def _tokenizer(folder: Path) -> CLIPTokenizer:
    """Letters only, as CLIP spells them: alone and at the end of a word."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(vocabulary), str(folder / "merges.txt"), model_max_length=77)


if __name__ == "__main__":
    save(Path(sys.argv[1]))
