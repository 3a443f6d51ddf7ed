"""What made a file: the description that is signed into it and written beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from chatanything.media.atomic import write_bytes
from chatanything.provenance.consent import ConsentRecord
from chatanything.types import RunRecord, VoiceConsent
from chatanything.weights import entry

ASSERTION: Final = "org.chatanything.run"
"""Label of our own C2PA assertion."""
_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's term for media made by a trained model, as C2PA 2.2 (actions) asks."""
_EDITED_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC's term for a recording of which a part was made by a model."""
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class RunManifest:
    """One run, from the description to the file."""

    persona: str
    """Name of the character."""
    seed: int
    stages: tuple[RunRecord, ...]
    description_sha256: str
    """Of the words that the character was made from: they may be private."""
    weights: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Id -> file name -> sha256, of everything the stages used."""
    consent: ConsentRecord | None = None
    voice_consents: tuple[VoiceConsent, ...] = ()
    """For voices made after recordings."""
    source: Mapping[str, Any] | None = None
    """The recording that was changed: sha256, what was left alone; None when all was made here."""
    watermark: str = ""
    """Eight hex digits that are hidden in the frames; "" where nothing is."""
    version: str = field(default_factory=lambda: version("chatanything"))
    """Of this program."""

    def assertion(self) -> dict[str, Any]:
        """The signed part. It holds no times, so that the same run gives the same bytes."""
        said: dict[str, Any] = {
            "schema": _SCHEMA,
            "software": f"chatanything {self.version}",
            "persona": self.persona,
            "description_sha256": self.description_sha256,
            "seed": self.seed,
            "stages": [
                {"stage": run.stage, "backend": run.backend, "weights": list(run.weights), "seed": run.seed}
                for run in self.stages
            ],
            "weights": {name: dict(files) for name, files in self.weights.items()},
        }
        if self.consent is not None:
            said["consent"] = self.consent.as_dict()
        if self.voice_consents:
            said["voice_consents"] = [asdict(given) for given in self.voice_consents]
        if self.source is not None:
            said["source"] = dict(self.source)
        if self.watermark:
            said["watermark"] = self.watermark
        return said

    def c2pa(self, title: str, media_sha256: str) -> dict[str, Any]:
        """The C2PA manifest definition.

        Args:
            title: File name to show.
            media_sha256: Of the file before signing; gives the manifest its identity.
        """
        identity = _uuid(media_sha256 + json.dumps(self.assertion(), sort_keys=True))
        agent = {"name": "chatanything", "version": self.version}
        created = {
            "action": "c2pa.created",
            "digitalSourceType": _SOURCE_TYPE if self.source is None else _EDITED_TYPE,
            "softwareAgent": agent,
        }
        return {
            "label": f"urn:c2pa:{identity}",
            "instance_id": f"xmp:iid:{identity}",
            "title": title,
            "claim_generator_info": [agent],
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
                {"label": ASSERTION, "data": self.assertion()},
            ],
        }


def describe_run(
    *,
    persona: str,
    description: str,
    seed: int,
    stages: tuple[RunRecord, ...],
    consent: ConsentRecord | None = None,
    voice_consents: tuple[VoiceConsent, ...] = (),
    source: Mapping[str, Any] | None = None,
) -> RunManifest:
    """Put a run together, with the sha256 of all weights that it used.

    Args:
        persona: Name of the character.
        description: The words it was made from; only their hash is kept.
        seed: Seed of the performance.
        stages: What ran, in order.
        consent: For a real person's picture.
        voice_consents: For voices that were made after recordings.
        source: The recording that was changed, if one was.

    Raises:
        WeightsError: A stage names weights that weights.lock does not have.
    """
    used = sorted({weight_id for run in stages for weight_id in run.weights})
    pinned = {weight_id: {file.name: file.sha256 for file in entry(weight_id).files} for weight_id in used}
    return RunManifest(
        persona,
        seed,
        stages,
        digest_of(description),
        pinned,
        consent,
        voice_consents=voice_consents,
        source=source,
    )


def digest_of(words: str) -> str:
    """The sha256 of a description, which may be private."""
    return hashlib.sha256(words.encode()).hexdigest()


def sidecar_path(path: Path) -> Path:
    """Where the readable copy of a file's manifest is: `<file>.json`."""
    return path.with_name(path.name + ".json")


def write_sidecar(
    path: Path,
    run: RunManifest,
    *,
    media_sha256: str,
    sha256: str,
    streams: Mapping[str, str] | None = None,
    cast: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write the readable copy, with timings and what the file is found again by.

    Args:
        path: The finished file.
        run: What made it.
        media_sha256: Of the file before signing: the same run gives the same one on every computer.
        sha256: Of the file as it is.
        streams: From `streams.stream_digests`: they stay when the tracks are copied into another file.
        cast: Name and description of everybody in it.

    Raises:
        OutputError: It cannot be written.
    """
    content = run.assertion() | {
        "file": path.name,
        "sha256": sha256,
        "media_sha256": media_sha256,
        "streams": dict(streams or {}),
        "cast": [{"name": name, "description_sha256": digest_of(words)} for name, words in cast],
        "seconds": {run.stage: round(run.seconds, 3) for run in run.stages},
    }
    target = sidecar_path(path)
    write_bytes(target, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
    return target


def _uuid(text: str) -> str:
    """A UUID from a sha256, marked as version 4, the only one that C2PA takes."""
    raw = bytearray(hashlib.sha256(text.encode()).digest()[:16])
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    digits = raw.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
