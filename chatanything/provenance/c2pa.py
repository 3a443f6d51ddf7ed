"""Signed provenance inside a file: writing and checking C2PA manifests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from chatanything.errors import InputFileError, OutputError, UsageError
from chatanything.provenance.certificates import Credential, anchors, credential
from chatanything.provenance.manifest import ASSERTION, RunManifest
from chatanything.provenance.reproducible import settle
from chatanything.settings import Settings, load_settings
from chatanything.weights.verify import sha256_of

_TYPES: Final = {".mp4": "video/mp4", ".png": "image/png", ".wav": "audio/wav"}
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


def sign_file(source: Path, target: Path, run: RunManifest, *, title: str, config: Settings) -> None:
    """Copy a file with the signed manifest in it.

    With the local certificate the same file, run and title give the same bytes; certificates with other
    than Ed25519 keys sign differently each time.

    Args:
        source: mp4, png or wav without a manifest.
        target: Where the signed copy goes.
        run: What made the file.
        title: File name to show, that of the final file.
        config: Names the certificate.

    Raises:
        UsageError: The certificate is not fit for signing, or the file's kind carries no manifest.
        OutputError: The file cannot be signed or written.
    """
    import c2pa

    mime = _TYPES.get(target.suffix.lower())
    if mime is None:
        raise UsageError(f"{title} cannot carry provenance", expected="the suffix " + ", ".join(_TYPES))
    owner = credential(config)
    definition = run.c2pa(title, sha256_of(source))
    signer = _signer(owner)
    try:
        context = c2pa.Context.from_dict(_options(owner.anchor))
        with (
            source.open("rb") as unsigned,
            target.open("w+b") as signed,
            c2pa.Builder.from_json(json.dumps(definition), context=context) as builder,
        ):
            manifest = builder.sign(signer, mime, unsigned, signed)
            signed.flush()
            settle(signed, bytes(manifest), owner.key)
    except (c2pa.C2paError, OSError) as exc:
        raise OutputError(f"{title} cannot be signed", got=str(exc)) from exc
    found = verify_file(target, config=config)
    if found.state != "valid":
        raise OutputError(f"the signature of {title} does not hold", got="; ".join(found.reasons))


def verify_file(path: Path, *, config: Settings | None = None) -> Verification:
    """Check what is signed into a file; nothing is fetched from the network.

    Args:
        path: mp4, png, wav or any other format of C2PA.
        config: Whose certificates to trust; None reads the settings.

    Raises:
        InputFileError: The file cannot be read, or is of a kind that carries no manifest.
    """
    import c2pa

    try:
        path.open("rb").close()
    except OSError as exc:
        raise InputFileError(f"{path} cannot be read", got=exc.strerror or str(exc)) from exc
    context = c2pa.Context.from_dict(_options(anchors(config or load_settings())))
    try:
        reader = c2pa.Reader.try_create(path, context=context)
        if reader is None:
            return Verification("absent", reasons=("the file carries no signed provenance",))
        with reader:
            return _judge(reader)
    except c2pa.C2paError.NotSupported as exc:
        raise InputFileError(
            f"{path} is of a kind that carries no provenance", expected="mp4, png or wav"
        ) from exc
    except c2pa.C2paError as exc:
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
    return Verification("valid", name, state == "Trusted", run, reasons)


def _options(trusted: bytes) -> dict[str, Any]:
    options: dict[str, Any] = {
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    if trusted:
        options["trust"] = {"user_anchors": trusted.decode()}
    return options


def _signer(owner: Credential) -> Any:
    import c2pa

    try:
        return c2pa.Signer.from_info(c2pa.C2paSignerInfo(_algorithm(owner.key), owner.chain, owner.key, None))
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
