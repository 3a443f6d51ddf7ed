"""Tiny coqui checkpoints with random weights: a VITS of three speakers and an XTTS.

Runs in the coqui voices' own environment: `python -I coqui_models.py vits|xtts FOLDER`.
"""

import json
import sys
from pathlib import Path

SPEAKERS = ("anna", "bert", "carla")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def make_vits(folder: Path) -> None:
    import torch
    from TTS.tts.configs.shared_configs import BaseAudioConfig, CharactersConfig
    from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
    from TTS.tts.models.vits import Vits

    torch.manual_seed(1)
    speakers = folder / "speakers.json"
    speakers.write_text(json.dumps({name: i for i, name in enumerate(SPEAKERS)}))
    args = VitsArgs(
        hidden_channels=32,
        hidden_channels_ffn_text_encoder=64,
        num_layers_text_encoder=1,
        num_layers_posterior_encoder=1,
        num_layers_flow=1,
        upsample_initial_channel_decoder=64,
        use_speaker_embedding=True,
        speaker_embedding_channels=16,
        speakers_file=str(speakers),
        init_discriminator=False,
    )
    config = VitsConfig(
        model_args=args,
        audio=BaseAudioConfig(sample_rate=22050, win_length=1024, hop_length=256, num_mels=80),
        characters=CharactersConfig(
            characters_class="TTS.tts.models.vits.VitsCharacters",
            pad="_",
            eos="",
            bos="",
            characters=LETTERS,
            punctuations="!'(),-.:;? ",
            phonemes="",
        ),
        text_cleaner="basic_cleaners",
        use_phonemes=False,
        speakers=list(SPEAKERS),
    )
    torch.save({"model": Vits(config).state_dict()}, folder / "model.pth")
    config.save_json(str(folder / "config.json"))


def make_xtts(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
    from TTS.tts.models.xtts import Xtts

    torch.manual_seed(1)
    special = ["[STOP]", "[UNK]", "[SPACE]", "[en]", "[START]"]
    words = special + list(LETTERS + "!'(),-.:;?")
    tokenizer = Tokenizer(models.BPE({w: i for i, w in enumerate(words)}, [], unk_token="[UNK]"))
    tokenizer.add_special_tokens(special)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "vocab.json"))
    args = XttsArgs(
        gpt_layers=2,
        gpt_n_model_channels=64,
        gpt_n_heads=2,
        gpt_number_text_tokens=len(words),
        gpt_start_text_token=4,
        gpt_stop_text_token=0,
        gpt_num_audio_tokens=130,
        gpt_start_audio_token=128,
        gpt_stop_audio_token=129,
        gpt_use_perceiver_resampler=True,
        decoder_input_dim=64,
        gpt_max_audio_tokens=60,
        tokenizer_file=str(folder / "vocab.json"),
    )
    config = XttsConfig(model_args=args, languages=["en"])
    torch.save({"model": Xtts(config).state_dict()}, folder / "model.pth")
    config.save_json(str(folder / "config.json"))


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    {"vits": make_vits, "xtts": make_xtts}[sys.argv[1]](target)
