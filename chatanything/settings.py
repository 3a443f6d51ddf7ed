"""Settings from CHATANYTHING_* variables and ~/.config/chatanything/config.toml, in that order."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from chatanything.errors import UsageError


def _config_file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "chatanything" / "config.toml"


class Settings(BaseSettings):
    """Everything a user may set once for all commands."""

    model_config = SettingsConfigDict(
        env_prefix="CHATANYTHING_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(default=Path("~/.cache/chatanything"), description="Cache of weights and runs.")
    offline: bool = Field(default=False, description="Never touch the network.")
    allow_unpinned: bool = Field(
        default=False, description="Fetch weights of which weights.lock knows no sha256."
    )
    llm: str = Field(default="auto", description="auto, local, rules or an endpoint's base URL.")
    llm_model: str = Field(default="", description="Model name at the endpoint; its first one if empty.")
    llm_api_key: str = Field(default="none", description="Key for the endpoint.")
    llm_threads: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Threads of the local LLM; 0 = all cores, at most 4; set 1 on a busy machine.",
    )
    face_engine: Literal["auto", "template", "diffusion", "checkpoint"] = Field(
        default="auto", description="What draws faces; auto takes the template engine."
    )
    face_checkpoint: Path | None = Field(
        default=None, description="Folder of a Stable Diffusion 1.5 pipeline instead of that of weights.lock."
    )
    face_controlnet: Path | None = Field(
        default=None, description="Folder of its MediaPipe-face ControlNet instead of that of weights.lock."
    )
    face_adapter: Path | None = Field(default=None, description="LoRA of the checkpoint engine, one file.")
    face_tiny_decoder: Path | None = Field(
        default=None, description="Folder of an AutoencoderTiny for the checkpoint engine."
    )
    face_experts: Path | None = Field(
        default=None, description="A table of experts in the place of the shipped experts.toml."
    )
    face_scheduler: Literal["lcm", "tcd", "dpm"] = Field(
        default="lcm", description="Scheduler of the checkpoint engine."
    )
    attention: Literal["native", "xformers"] = Field(
        default="native", description="Attention of the checkpoint engine."
    )
    offload: bool = Field(default=False, description="Keep idle networks of a GPU in main memory.")
    renderer: Literal["auto", "attention", "warp"] = Field(
        default="auto", description="What draws the moving mouth and eyes; auto takes attention."
    )
    motion: Literal["auto", "net", "rules"] = Field(
        default="auto",
        description="What moves the face; auto takes rules where the words are known, else net.",
    )
    size: Literal[256, 512] = Field(default=256, description="Edge of the picture in pixels.")
    fps: float = Field(default=25.0, ge=5, le=60, description="Frames a second.")
    hearing: str = Field(default="auto", description="auto, local, none or an endpoint's base URL.")
    hearing_model: str = Field(default="whisper-1", description="Model name at that endpoint.")
    hearing_api_key: str = Field(default="none", description="Key for that endpoint.")
    coqui_model: Path | None = Field(
        default=None,
        description="Checkpoint of the coqui voices: a VITS model.pth, or the folder of XTTS v2.",
    )
    coqui_config: Path | None = Field(
        default=None, description="Its config.json, if that is not beside the checkpoint."
    )
    coqui_language: str = Field(default="en", description="Language that XTTS speaks.")
    voice_endpoint: str = Field(
        default="", description="Base URL of an OpenAI-compatible API whose /audio/speech gives voices."
    )
    voice_endpoint_key: str = Field(default="none", description="Key for it.")
    voice_endpoint_model: str = Field(default="tts-1", description="Model name at it.")
    voice_endpoint_format: Literal["wav", "pcm"] = Field(
        default="wav", description="What it is asked for; pcm is 24 kHz, 16 bit, as OpenAI's."
    )
    voice_timeout: float = Field(
        default=180.0, gt=0, description="So many seconds may coqui or the endpoint take for an answer."
    )
    allow_fallback_voice: bool = Field(
        default=False, description="A bank voice speaks where a voice of coqui or the endpoint cannot."
    )
    stage_cache: Path | None = Field(
        default=None, description="Folder of personas and speech that batches made; HOME/stages if unset."
    )
    stage_cache_mb: int = Field(
        default=2000,
        ge=0,
        description="Disk for that folder; what was not used for longest goes, also where less than a tenth "
        "of the disk, or 1 GB, is free. 0: keep none.",
    )
    ray_gpus: float = Field(
        default=0.0, ge=0, le=1, description="Share of a GPU for each worker of `batch --engine ray`."
    )
    memory: Path | None = Field(
        default=None, description="Folder of what personas know of this machine's user; HOME/memory if unset."
    )
    moderation: str = Field(
        default="",
        description="Base URL of an OpenAI-compatible API whose /moderations sees every message and answer.",
    )
    moderation_model: str = Field(default="", description="Model name at it; its own choice if empty.")
    moderation_api_key: str = Field(default="none", description="Key for it.")
    nli: Path | None = Field(
        default=None,
        description="Folder of an ONNX classifier (model.onnx, tokenizer.json, config.json) with a class "
        "contradiction, asked about answers.",
    )
    nli_threshold: float = Field(
        default=0.98, gt=0, le=1, description="Its probability from which an answer is refused."
    )
    api_keys: dict[str, str] = Field(
        default_factory=dict,
        description="Owner -> key of the server; without any it serves this machine only.",
    )
    allowed_origins: tuple[str, ...] = Field(
        default=(), description="Web pages from elsewhere that may call the server, as https://example.org."
    )
    ice_servers: tuple[str, ...] = Field(
        default=(), description="STUN or TURN servers for WebRTC, as stun:host:port; none is asked otherwise."
    )
    requests_per_minute: int = Field(default=240, ge=1, description="Of one owner at the server.")
    live_sessions: int = Field(default=4, ge=1, description="Conversations of one owner at once.")
    upload_mb: int = Field(default=20, ge=1, le=1000, description="Largest request to the server.")
    video_hours: float = Field(default=24.0, gt=0, description="So long the server keeps finished videos.")
    visitor_days: float = Field(
        default=30.0, gt=0, description="So long the web page keeps what a visitor without a key made."
    )
    visitor_mb: int = Field(default=2000, ge=10, description="Disk for all such visitors together.")
    sign: bool = Field(default=True, description="Attach signed provenance to every file that leaves.")
    certificate: Path | None = Field(
        default=None, description="PEM chain to sign with; a local one is made if unset."
    )
    private_key: Path | None = Field(default=None, description="PEM key that belongs to `certificate`.")
    timestamp_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="RFC 3161 server that dates every signature; none is asked if unset.",
    )
    hesitate: bool = Field(
        default=True, description='Announce a late answer in a live talk by a sound of the character, "Hmm."'
    )
    watermark: bool = Field(default=False, description="Hide a mark of 32 bits in the frames of every video.")
    blocklist: Path | None = Field(
        default=None, description="File of names and picture hashes that no persona may be made of."
    )
    blocklist_command: str = Field(
        default="", description="Command that is asked about every persona; see docs/SECURITY.md."
    )

    @field_validator("size", mode="before")
    @classmethod
    def _number(cls, size: object) -> object:
        """A variable is text, which no literal number equals."""
        return int(size) if isinstance(size, str) and size.isdecimal() else size

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _config_file()))

    @property
    def cache(self) -> Path:
        """`home` with ~ expanded."""
        return self.home.expanduser()


def load_settings() -> Settings:
    """Read the settings afresh.

    Raises:
        UsageError: A variable or a line of the file has a wrong name or value.
    """
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"setting {name!r} is not valid: {first['msg'].lower()}",
            got=repr(first.get("input")),
            hint=f"Correct CHATANYTHING_{name.upper()} or {_config_file()}.",
        ) from exc


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return load_settings()
