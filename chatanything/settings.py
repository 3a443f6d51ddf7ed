"""Settings from CHATANYTHING_* variables and ~/.config/chatanything/config.toml, in that order."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from chatanything.errors import UsageError

_PREFIX: Final = "CHATANYTHING_"
_FOR_TESTS: Final = frozenset({"CHATANYTHING_FAULTS"})
"""Variables that are read elsewhere: what the soak test switches on (`evaluation/faulty.py`)."""
_LINK: Final = re.compile(r"(?:SERVICE_HOST|SERVICE_PORT\w*|PORT_\d+_\w+)=.*|PORT=\w+://.*")
"""What Kubernetes and Docker set by themselves beside a service of the name chatanything."""
_SECRET: Final = frozenset(
    {"api_keys", "llm_api_key", "hearing_api_key", "moderation_api_key", "voice_endpoint_key"}
)


def _config_file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "chatanything" / "config.toml"


class Settings(BaseSettings):
    """Everything a user may set once for all commands."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

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
    api_keys: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Owner -> key of the server; without any it serves this machine only.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Web pages from elsewhere that may call the server, as https://example.org."
    )
    ice_servers: Annotated[tuple[str, ...], NoDecode] = Field(
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

    @field_validator("api_keys", mode="before")
    @classmethod
    def _table(cls, value: object) -> object:
        """A variable holds a table as JSON."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            # Not chained: the JSON error would carry the keys along.
            raise ValueError('Input should be a table in JSON, as {"me": "KEY"}') from None

    @field_validator("allowed_origins", "ice_servers", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        """A variable holds a list as JSON, or with commas."""
        if not isinstance(value, str):
            return value
        if not value.lstrip().startswith("["):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        try:
            return json.loads(value)
        except ValueError as exc:
            raise ValueError("Input should be a list with commas, or in JSON") from exc

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
        UsageError: A variable or a line of the file has a wrong name or value, or the file is no TOML.
    """
    for variable, value in os.environ.items():
        _check_name(variable, value)
    try:
        return Settings()
    except ValidationError as exc:
        raise _refused(exc.errors()[0]) from exc
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        raise _unreadable("UTF-8", f"byte 0x{exc.object[exc.start]:02x} in line {line}") from exc
    except TOMLDecodeError as exc:
        raise _unreadable("TOML, as in: offline = true", str(exc)) from exc
    except OSError as exc:
        raise _unreadable("a file that can be read", exc.strerror or str(exc)) from exc


def _check_name(variable: str, value: str) -> None:
    """Refuse a variable that would be read by nobody."""
    name = variable.upper()
    if not name.startswith(_PREFIX) or not value or name in _FOR_TESTS:
        return
    bare = name.removeprefix(_PREFIX)
    if bare.lower() not in Settings.model_fields and not _LINK.fullmatch(f"{bare}={value}"):
        meant = [_PREFIX + field.upper() for field in _near(bare)]
        raise _unknown(variable, meant, f"Unset it: unset {variable}")


def _near(name: str) -> list[str]:
    """The setting whose name is most like this one, if any is."""
    return get_close_matches(name.lower(), Settings.model_fields, n=1)


def _unknown(name: str, meant: Sequence[str], remedy: str) -> UsageError:
    return UsageError(f"there is no setting {name}", hint=f"Did you mean {meant[0]}?" if meant else remedy)


def _refused(error: Any) -> UsageError:
    """What pydantic says of a value or of a name in the file."""
    field, name = str(error["loc"][0]), ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return _unknown(name, _near(name), f"Take it out of {_config_file()}.")
    why = error["msg"].removeprefix("Value error, ")
    return UsageError(
        f"setting {name!r} is not valid: {why[:1].lower()}{why[1:]}",
        got="a secret that is not shown" if field in _SECRET else repr(error["input"]),
        hint=f"Correct {_PREFIX}{field.upper()} or {_config_file()}.",
    )


def _unreadable(expected: str, got: str) -> UsageError:
    return UsageError(f"the settings in {_config_file()} cannot be read", expected=expected, got=got)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return load_settings()
