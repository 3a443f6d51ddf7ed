"""Bodies of requests and responses."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatanything.library import Kept
from chatanything.provenance.examine import Examination
from chatanything.seeds import MAX_SEED
from chatanything.types import Emotion

MAX_DESCRIPTION: Final = 2000
MAX_TEXT: Final = 5000
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
User = Annotated[
    str, Field(max_length=80, description="Whom the persona shall remember; without it, nobody.")
]
PersonaId = Annotated[str, Field(min_length=1, max_length=80, description="Id of a persona.")]


class _Request(BaseModel):
    """What clients of OpenAI send besides is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)


class TextPart(_Request):
    """A part of a message; only text is read."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=20_000)]


class ChatMessage(_Request):
    """One turn."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)] | Annotated[list[TextPart], Field(max_length=50)]

    @property
    def text(self) -> str:
        """Its words."""
        if isinstance(self.content, str):
            return self.content
        return " ".join(part.text for part in self.content)


class ChatRequest(_Request):
    """A conversation; the last message of the user is answered.

    Messages of the system are not read: the persona's card says who answers.
    """

    model: PersonaId
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=400)]
    stream: bool = False
    seed: Seed | None = None
    user: User | None = None


class ChatChoice(BaseModel):
    """The answer."""

    index: int = 0
    message: dict[str, str]
    finish_reason: Literal["stop"] = "stop"


class ChatResponse(BaseModel):
    """As OpenAI's `chat.completion`; tokens are not counted."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]


class SpeechRequest(_Request):
    """A text for a persona's voice."""

    model: Annotated[str, Field(max_length=200)] = "chatanything"
    input: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    voice: Annotated[str, Field(min_length=1, max_length=80)]
    """Id of a persona, or name of a voice: of the bank, coqui:SPEAKER, endpoint:VOICE."""
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] = "mp3"
    speed: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0


class Model(BaseModel):
    """A persona as a model."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelList(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]


class CreatePersona(BaseModel):
    """A sentence about somebody."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    description: Annotated[str, Field(min_length=1, max_length=MAX_DESCRIPTION)]
    seed: Seed | None = None
    face_seed: Seed | None = None
    unlike: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=100)] = []
    """Ids of personas not to sound like."""


class ChangePersona(BaseModel):
    """What is to be different; the rest stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    card: dict[str, Any] = {}
    """Fields of the card; objects are merged, lists are replaced."""
    voice: Annotated[str, Field(max_length=500)] | None = None
    """Name of a bank voice, or words about a voice."""
    face_seed: Seed | None = None
    """Another face."""


class PersonaInfo(BaseModel):
    """One line of the list."""

    id: str
    name: str
    description: str
    species: str
    greeting: str
    created: int

    @classmethod
    def of(cls, kept: Kept) -> PersonaInfo:
        """From the library."""
        return cls(
            id=kept.id,
            name=kept.name,
            description=kept.description,
            species=kept.species,
            greeting=kept.greeting,
            created=int(kept.created_s),
        )


class PersonaList(BaseModel):
    """Everybody."""

    data: list[PersonaInfo]


class PersonaDetail(PersonaInfo):
    """Everything about one."""

    card: dict[str, Any]
    voice: dict[str, Any]


class VideoRequest(_Request):
    """A talking video; JSON or a form."""

    model: PersonaId
    prompt: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    """What it says; empty for its greeting."""
    seed: Seed | None = None
    style: Emotion | None = None


class VideoError(BaseModel):
    """Why there is none."""

    code: str = "failed"
    message: str


class Video(BaseModel):
    """A job, with the names of OpenAI's video objects."""

    id: str
    object: Literal["video"] = "video"
    model: str
    prompt: str
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: int
    created_at: int
    completed_at: int | None = None
    expires_at: int | None = None
    seconds: str | None = None
    size: str | None = None
    error: VideoError | None = None


class VideoList(BaseModel):
    """Jobs of a caller, the newest first."""

    object: Literal["list"] = "list"
    data: list[Video]


class Deleted(BaseModel):
    """It is gone."""

    id: str
    object: str
    deleted: Literal[True] = True


class PersonaForgotten(Deleted):
    """What went with a persona."""

    memories: int
    """So many users were known to it."""
    voices: list[str]
    """Cloned voices whose recordings were deleted."""
    videos: list[str]
    """Ids of its finished videos."""
    videos_deleted: bool


class FileOrigin(BaseModel):
    """What a file was before its credentials were lost."""

    by: Literal["streams", "pictures", "sound", "watermark"]
    video: str
    """Id of the caller's video, or of the persona whose greeting it is."""
    persona: str
    seed: int | None


class FileVerification(BaseModel):
    """What was found out about a file."""

    state: Literal["valid", "invalid", "absent"]
    signer: str
    trusted: bool
    run: dict[str, Any] | None
    """The signed description of what made it."""
    signed_at: str
    lines: list[str]
    """What a person should know."""
    origin: FileOrigin | None
    watermark: str

    @classmethod
    def of(cls, found: Examination) -> FileVerification:
        """As the server tells it: without paths of this machine."""
        said, origin = found.verification, found.origin
        told = None
        if origin is not None:
            video = origin.sidecar.parent.name
            told = FileOrigin(by=origin.by, video=video, persona=origin.persona, seed=origin.seed)
        return cls(
            state=said.state,
            signer=said.signer,
            trusted=said.trusted,
            run=said.run,
            signed_at=said.signed_at,
            lines=list(found.public_lines),
            origin=told,
            watermark=found.watermark,
        )


class MemoryStatement(BaseModel):
    """Something that a user said about himself."""

    id: int
    text: str
    since_s: float
    was: str
    why: str
    edited: bool


class MemoryEpisode(BaseModel):
    """An earlier conversation in at most twenty words."""

    id: int
    ended_s: float
    summary: str


class MemoryTurn(BaseModel):
    """A message of a conversation that was not summed up yet."""

    at_s: float
    role: Literal["user", "assistant"]
    text: str


class UserMemory(BaseModel):
    """What a persona knows of one user."""

    user: str
    statements: list[MemoryStatement]
    episodes: list[MemoryEpisode]
    turns: list[MemoryTurn]


class ChangeStatement(_Request):
    """The user's own wording."""

    text: Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]


class RtcOffer(BaseModel):
    """A browser's WebRTC offer."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    persona: PersonaId
    user: User | None = None
    sdp: Annotated[str, Field(max_length=200_000)]
    type: Literal["offer"] = "offer"


class RtcAnswer(BaseModel):
    """The server's answer."""

    sdp: str
    type: Literal["answer"] = "answer"


class TicketRequest(_Request):
    """For whom a ticket is: whoever holds it can neither change this nor name another user."""

    persona: PersonaId | None = None
    """The one persona that it opens; without it, any."""
    user: User | None = None


class Ticket(BaseModel):
    """Opens one live session."""

    ticket: str
    expires_in: int


class Health(BaseModel):
    """State of the server."""

    status: Literal["ok", "ready", "loading", "failed"]
    version: str
    message: str = ""
