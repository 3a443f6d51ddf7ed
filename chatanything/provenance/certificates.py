"""Who signs: a certificate made once for this user, or the user's own."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from chatanything.errors import OutputError, UsageError
from chatanything.settings import Settings

_CHAIN: Final = "chain.pem"
_KEY: Final = "key.pem"
_YEARS: Final = 20
_ORGANISATION: Final = "chatanything, this computer"


@dataclass(frozen=True, slots=True)
class Credential:
    """A chain and the key of its first certificate."""

    chain: bytes
    """PEM, the signer's certificate first, its authority last."""
    key: bytes
    """PEM, PKCS#8, not encrypted."""

    @property
    def anchor(self) -> bytes:
        """The last certificate of the chain, PEM."""
        return _last(self.chain)


_lent: list[Credential] = []
"""Of another machine's user, for whom this process works; at most one."""


def sign_as(owner: Credential) -> None:
    """Let this process sign as somebody else from here on; the key stays in memory.

    Args:
        owner: Whom all files of this process come from.
    """
    _lent[:] = [owner]


def credential(config: Settings) -> Credential:
    """The certificate lent to this process, else that of the settings, else the local one, made at first use.

    The local one is issued by an authority whose key is thrown away at once: it proves that a file comes
    from this user and was not changed, not who the user is.

    Raises:
        UsageError: Only one of certificate and private key is set, or they cannot be read.
        OutputError: The local certificate cannot be kept.
    """
    if _lent:
        return _lent[0]
    if (config.certificate is None) != (config.private_key is None):
        raise UsageError(
            "a certificate needs its private key",
            expected="both or none",
            hint="Set CHATANYTHING_CERTIFICATE and CHATANYTHING_PRIVATE_KEY.",
        )
    if config.certificate is not None and config.private_key is not None:
        return _read(config.certificate.expanduser(), config.private_key.expanduser())
    folder = local_folder(config)
    if not folder.is_dir():
        try:
            _make(folder)
        except OSError as exc:
            raise OutputError(
                f"the signing certificate cannot be kept in {folder}", got=exc.strerror or str(exc)
            ) from exc
    return _read(folder / _CHAIN, folder / _KEY)


def local_folder(config: Settings) -> Path:
    """Where the local certificate is kept."""
    return config.cache / "certificates"


def anchors(config: Settings) -> bytes:
    """PEM of the authorities that this user trusts: the local one and the settings' one, if they exist.

    Raises:
        UsageError: A certificate file holds no certificate.
    """
    chains = [local_folder(config) / _CHAIN]
    if config.certificate is not None:
        chains.append(config.certificate.expanduser())
    return b"".join(_last(_read_chain(path)) for path in chains if path.is_file())


def _last(chain: bytes) -> bytes:
    mark = b"-----BEGIN CERTIFICATE-----"
    return mark + chain.rpartition(mark)[2]


def _read(chain: Path, key: Path) -> Credential:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = Credential(_read_chain(chain), key.read_bytes())
        load_pem_private_key(found.key, None)
    except OSError as exc:
        raise UsageError(f"{exc.filename} cannot be read", got=exc.strerror or str(exc)) from exc
    except (ValueError, TypeError) as exc:
        raise UsageError(f"{key} is no private key", expected="PEM, not encrypted", got=str(exc)) from exc
    return found


def _read_chain(path: Path) -> bytes:
    """A PEM chain that holds certificates."""
    from cryptography.x509 import load_pem_x509_certificates

    chain = path.read_bytes()
    try:
        load_pem_x509_certificates(chain)
    except ValueError as exc:
        raise UsageError(f"{path} holds no certificate", expected="a PEM chain", got=str(exc)) from exc
    return chain


def _make(folder: Path) -> None:
    """Make the pair in a folder that appears whole; a second process that was faster wins."""
    chain, key = _issue()
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".certificates-"))
    (fresh / _CHAIN).write_bytes(chain)
    with os.fdopen(os.open(fresh / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key)
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)
        if not folder.is_dir():
            raise


def _issue() -> tuple[bytes, bytes]:
    """Chain and key, Ed25519: its signatures are deterministic, so that the same file signs the same."""
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    authority, signer = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    certificates = (
        _certificate("Local signer", signer.public_key(), authority, is_authority=False),
        _certificate("Local authority", authority.public_key(), authority, is_authority=True),
    )
    chain = b"".join(certificate.public_bytes(pem.Encoding.PEM) for certificate in certificates)
    key = signer.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return chain, key


def _certificate(name: str, public: Any, authority: Any, *, is_authority: bool) -> Any:
    """One certificate after the profile of C2PA 2.2, section 14.5."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def subject(common: str) -> x509.Name:
        organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION)
        return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])

    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(name))
        .issuer_name(subject("Local authority"))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                decipher_only=False,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if not is_authority:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
        builder = builder.add_extension(purposes, critical=False).add_extension(issuer, critical=False)
    return builder.sign(authority, None)
