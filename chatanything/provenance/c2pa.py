"""Signed provenance inside a file: writing and checking C2PA manifests."""

from __future__ import annotations

import hashlib
import io
import json
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from chatanything.errors import InputFileError, OutputError, UsageError
from chatanything.provenance.certificates import Credential, anchors, credential
from chatanything.provenance.manifest import ASSERTION, RunManifest
from chatanything.provenance.reproducible import settle
from chatanything.settings import Settings, load_settings
from chatanything.weights.verify import sha256_of

_TYPES: Final = {
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
}
SIGNED: Final = frozenset(_TYPES)
"""Suffixes of the files that are signed; raw sound, AAC and Ogg have no place for a manifest."""
_EC_ALGORITHMS: Final = {256: "es256", 384: "es384", 521: "es512"}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a file says about itself, and whether that holds."""

    state: Literal["valid", "invalid", "absent"]
    """"valid": signed and unchanged since; "absent": nothing is signed into it."""
    signer: str = ""
    """Name in the signer's certificate."""
    trusted: bool = False
    """Whether that certificate leads to this user's own authority."""
    run: dict[str, Any] | None = None
    """The signed description of the run; None unless valid and made here."""
    reasons: tuple[str, ...] = ()
    """Why it is not valid or not trusted."""
    signed_at: str = ""
    """ISO 8601, from a time stamp server; "" where none was asked."""


def sign_file(source: Path, target: Path, run: RunManifest, *, title: str, config: Settings) -> None:
    """Copy a file with the signed manifest in it.

    With the local certificate the same file, run and title give the same bytes; certificates with other
    than Ed25519 keys, and time stamps, sign differently each time.

    Args:
        source: mp4, png, wav, mp3 or flac without a manifest.
        target: Where the signed copy goes.
        run: What made the file.
        title: File name to show, that of the final file.
        config: Names the certificate, and the time stamp server if one is asked.

    Raises:
        UsageError: The certificate is not fit for signing, or the file's kind carries no manifest.
        OutputError: The file cannot be signed or written.
    """
    mime = _mime_for(target.suffix, title)
    try:
        with source.open("rb") as unsigned, target.open("w+b") as signed:
            manifest, key = _sign(unsigned, signed, mime, run, title, sha256_of(source), config)
            signed.flush()
            if not config.timestamp_url:
                with mmap.mmap(signed.fileno(), 0) as mapped:
                    settle(mapped, manifest, key)
    except OSError as exc:
        raise OutputError(f"{title} cannot be signed", got=str(exc)) from exc
    _must_hold(verify_file(target, config=config), title)


def sign_bytes(data: bytes, suffix: str, run: RunManifest, *, title: str, config: Settings) -> bytes:
    """As `sign_file`, for a small file in memory.

    Args:
        data: The file without a manifest.
        suffix: Its kind: one of `SIGNED`.
        run: What made it.
        title: File name to show.
        config: As for `sign_file`.

    Raises:
        UsageError: As there.
        OutputError: As there.
    """
    mime, out = _mime_for(suffix, title), io.BytesIO()
    digest = hashlib.sha256(data).hexdigest()
    manifest, key = _sign(io.BytesIO(data), out, mime, run, title, digest, config)
    signed = bytearray(out.getvalue())
    if not config.timestamp_url:
        settle(signed, manifest, key)
    _must_hold(_verify(mime, io.BytesIO(signed), title, config), title)
    return bytes(signed)


def sealed(data: bytes, suffix: str, run: RunManifest, *, title: str, config: Settings) -> bytes:
    """A file in memory as it leaves: signed, unless the settings say not to or its kind has no place for it.

    Args:
        data: The file without a manifest.
        suffix: Its kind, as ".png".
        run: What made it.
        title: File name to show.
        config: Says whether and how to sign.

    Raises:
        UsageError: The certificate is not fit for signing.
        OutputError: It cannot be signed.
    """
    if not config.sign or suffix.lower() not in SIGNED:
        return data
    return sign_bytes(data, suffix, run, title=title, config=config)


def _mime_for(suffix: str, title: str) -> str:
    mime = _TYPES.get(suffix.lower())
    if mime is None:
        raise UsageError(f"{title} cannot carry provenance", expected="the suffix " + ", ".join(_TYPES))
    return mime


def _sign(
    unsigned: BinaryIO,
    signed: BinaryIO,
    mime: str,
    run: RunManifest,
    title: str,
    digest: str,
    config: Settings,
) -> tuple[bytes, bytes]:
    """Write the signed copy; its manifest store, and the key that signed."""
    import c2pa

    owner = credential(config)
    signer = _signer(owner, _time_stamper(config))
    definition = json.dumps(run.c2pa(title, digest))
    try:
        context = c2pa.Context.from_dict(_options(owner.anchor))
        with c2pa.Builder.from_json(definition, context=context) as builder:
            return bytes(builder.sign(signer, mime, unsigned, signed)), owner.key
    except c2pa.C2paError as exc:
        asked = f" with a time stamp of {config.timestamp_url}" if config.timestamp_url else ""
        raise OutputError(f"{title} cannot be signed{asked}", got=str(exc)) from exc


def _time_stamper(config: Settings) -> str | None:
    if config.timestamp_url and config.offline:
        raise UsageError(
            "a time stamp needs the network, and offline is set",
            hint="Unset CHATANYTHING_TIMESTAMP_URL or CHATANYTHING_OFFLINE.",
        )
    return config.timestamp_url or None


def _must_hold(found: Verification, title: str) -> None:
    if found.state != "valid":
        raise OutputError(f"the signature of {title} does not hold", got="; ".join(found.reasons))


def verify_file(path: Path, *, config: Settings | None = None) -> Verification:
    """Check what is signed into a file; nothing is fetched from the network.

    The kind is told from the first bytes, then from the suffix.

    Args:
        path: mp4, png, wav or any other format of C2PA.
        config: Whose certificates to trust; None reads the settings.

    Raises:
        InputFileError: The file cannot be read, or is of a kind that carries no manifest.
    """
    try:
        with path.open("rb") as stream:
            kind = _kind_of(stream.read(12)) or path.suffix.lower().removeprefix(".")
            stream.seek(0)
            return _verify(kind, stream, str(path), config or load_settings())
    except OSError as exc:
        raise InputFileError(f"{path} cannot be read", got=exc.strerror or str(exc)) from exc


def _kind_of(head: bytes) -> str:
    """The media type that a file's first 12 bytes tell; "" for what they do not."""
    if head.startswith(b"\x89PNG"):
        return _TYPES[".png"]
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return _TYPES[".wav"]
    if head[4:8] == b"ftyp":
        return _TYPES[".mp4"]
    return ""


def _verify(kind: str, stream: BinaryIO, name: str, config: Settings) -> Verification:
    import c2pa

    context = c2pa.Context.from_dict(_options(anchors(config)))
    try:
        reader = c2pa.Reader.try_create(kind, stream, context=context)
        if reader is None:
            return Verification("absent", reasons=("the file carries no signed provenance",))
        with reader:
            return _judge(reader)
    except c2pa.C2paError.NotSupported as exc:
        raise InputFileError(
            f"{name} is of a kind that carries no provenance", expected="mp4, png or wav"
        ) from exc
    except (c2pa.C2paError, KeyError, TypeError, ValueError) as exc:
        # The last three come from manifests that the library reads and that lack what one must have.
        return Verification("invalid", reasons=(f"the provenance is damaged: {exc}",))


def _judge(reader: Any) -> Verification:
    state = reader.get_validation_state()
    active = reader.get_active_manifest() or {}
    signer = active.get("signature_info", {})
    name = ", ".join(part for part in (signer.get("common_name"), signer.get("issuer")) if part)
    failures = (reader.get_validation_results() or {}).get("activeManifest", {}).get("failure", [])
    reasons = tuple(f"{item['code']}: {item.get('explanation', '')}" for item in failures)
    if state not in {"Valid", "Trusted"}:
        return Verification("invalid", name, reasons=reasons or ("the provenance does not hold",))
    run = next((item["data"] for item in active["assertions"] if item["label"] == ASSERTION), None)
    return Verification("valid", name, state == "Trusted", run, reasons, str(signer.get("time") or ""))


def _options(trusted: bytes) -> dict[str, Any]:
    options: dict[str, Any] = {
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    if trusted:
        options["trust"] = {"user_anchors": trusted.decode()}
    return options


def _signer(owner: Credential, time_stamper: str | None) -> Any:
    import c2pa

    try:
        return c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(_algorithm(owner.key), owner.chain, owner.key, time_stamper)
        )
    except (c2pa.C2paError, ValueError) as exc:
        raise UsageError(
            "the certificate cannot sign", expected="a PEM chain and its PKCS#8 key", got=str(exc)
        ) from exc


def _algorithm(key: bytes) -> str:
    """C2PA's name of the signature algorithm that fits a key."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    loaded = load_pem_private_key(key, None)
    if isinstance(loaded, Ed25519PrivateKey):
        return "ed25519"
    if isinstance(loaded, EllipticCurvePrivateKey):
        return _EC_ALGORITHMS[loaded.key_size]
    return "ps256"
