"""Signing and checking, tampering and stripping."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chatanything.errors import ConsentError, InputFileError, UsageError, WeightsError
from chatanything.media.audio import write_wav
from chatanything.media.image import read_image, write_png
from chatanything.media.video import read_video, write_video
from chatanything.provenance.c2pa import sign_file, verify_file
from chatanything.provenance.consent import ConsentRecord, image_digest
from chatanything.provenance.manifest import RunManifest, describe_run, sidecar_path, write_sidecar
from chatanything.settings import Settings
from chatanything.types import Frame, RunRecord

SECRET = "a shy baker from my village"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a video, a picture and a sound in it."""
    folder = tmp_path_factory.mktemp("media")
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (10, 64, 64, 3)).astype(np.uint8)
    noise = (rng.standard_normal(9600) * 0.1).astype(np.float32)
    frames = (Frame(image, number) for number, image in enumerate(images))
    write_video(folder / "a.mp4", frames, fps=25, samples=noise, sample_rate=24_000)
    write_png(folder / "a.png", images[0])
    write_wav(folder / "a.wav", noise, 24_000)
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def make_run(seconds: float = 1.0) -> RunManifest:
    stages = (
        RunRecord("speech", "kokoro", ("kokoro-82m-int8", "kokoro-voices"), 7, seconds),
        RunRecord("render", "warp", (), 7, seconds),
    )
    return describe_run(persona="Añi", description=SECRET, seed=7, stages=stages)


@pytest.mark.parametrize("suffix", ["mp4", "png", "wav"])
def test_sign_verify_tamper_and_strip(folder: Path, tmp_path: Path, config: Settings, suffix: str) -> None:
    source, signed = folder / f"a.{suffix}", tmp_path / f"signed.{suffix}"
    sign_file(source, signed, make_run(), title=signed.name, config=config)
    found = verify_file(signed, config=config)
    assert (found.state, found.trusted, found.reasons) == ("valid", True, ())
    assert found.signer == "Local signer, chatanything, this computer"
    assert found.run == make_run().assertion()
    # The last quarter is media in all three.
    data = bytearray(signed.read_bytes())
    place = data.find(source.read_bytes()[-400:-200]) + 100
    data[place] ^= 1
    signed.write_bytes(data)
    tampered = verify_file(signed, config=config)
    assert (tampered.state, tampered.run) == ("invalid", None)
    assert "Hash" in tampered.reasons[0]
    assert verify_file(source, config=config).state == "absent"


def test_a_changed_claim_is_invalid(folder: Path, tmp_path: Path, config: Settings) -> None:
    signed = tmp_path / "signed.mp4"
    sign_file(folder / "a.mp4", signed, make_run(), title="signed.mp4", config=config)
    signed.write_bytes(signed.read_bytes().replace("Añi".encode(), "Bño".encode(), 1))
    assert verify_file(signed, config=config).state == "invalid"


def test_the_signed_media_still_plays(folder: Path, tmp_path: Path, config: Settings) -> None:
    for suffix in ("mp4", "png"):
        sign_file(folder / f"a.{suffix}", tmp_path / f"s.{suffix}", make_run(), title="s", config=config)
    before, after = (list(read_video(path)[0]) for path in (folder / "a.mp4", tmp_path / "s.mp4"))
    assert np.array_equal(before, after)
    assert np.array_equal(read_image(folder / "a.png"), read_image(tmp_path / "s.png"))


@pytest.mark.parametrize("suffix", ["mp4", "png", "wav"])
def test_the_same_run_gives_the_same_bytes(
    folder: Path, tmp_path: Path, config: Settings, suffix: str
) -> None:
    first, second, other = (tmp_path / f"{name}.{suffix}" for name in "abc")
    sign_file(folder / first.name, first, make_run(1.0), title="x", config=config)
    time.sleep(1.1)  # a time of signing would show
    sign_file(folder / first.name, second, make_run(2.0), title="x", config=config)
    assert first.read_bytes() == second.read_bytes()
    sign_file(folder / first.name, other, make_run(), title="y", config=config)
    assert first.read_bytes() != other.read_bytes()


def test_the_description_stays_private(folder: Path, tmp_path: Path, config: Settings) -> None:
    sign_file(folder / "a.mp4", tmp_path / "s.mp4", make_run(), title="s.mp4", config=config)
    assert SECRET.encode() not in (tmp_path / "s.mp4").read_bytes()
    run = verify_file(tmp_path / "s.mp4", config=config).run
    assert run is not None
    assert run["description_sha256"] == hashlib.sha256(SECRET.encode()).hexdigest()
    assert run["weights"]["kokoro-82m-int8"]["kokoro-v1.0.int8.onnx"].startswith("6e742170")


def test_the_key_is_private_made_once_and_trusted_only_at_home(
    folder: Path, tmp_path: Path, config: Settings
) -> None:
    sign_file(folder / "a.wav", tmp_path / "s.wav", make_run(), title="s.wav", config=config)
    home = config.cache / "certificates"
    key, made = home / "key.pem", (home / "key.pem").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o077 == 0
    sign_file(folder / "a.wav", tmp_path / "s.wav", make_run(), title="s.wav", config=config)
    assert key.read_bytes() == made
    elsewhere = Settings(home=tmp_path / "elsewhere")
    found = verify_file(tmp_path / "s.wav", config=elsewhere)
    assert (found.state, found.trusted) == ("valid", False)
    assert "untrusted" in found.reasons[0]
    assert not elsewhere.cache.exists()


def issue_ec(folder: Path) -> tuple[Path, Path]:
    """A user's own chain with P-256 keys."""
    now = datetime.now(UTC)
    authority, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Studio Ltd")])
    subject = x509.Name([*issuer, x509.NameAttribute(NameOID.COMMON_NAME, "Our signer")])

    def certificate(name: x509.Name, public: ec.EllipticCurvePublicKey, *, is_authority: bool) -> bytes:
        usage = x509.KeyUsage(
            not is_authority, False, False, False, False, is_authority, is_authority, False, False
        )
        builder = (
            x509.CertificateBuilder(issuer, name, public, x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(is_authority, None), True)
            .add_extension(usage, True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), False)
        )
        if not is_authority:
            purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(purposes, False)
        return builder.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(
        certificate(subject, signer.public_key(), is_authority=False)
        + certificate(issuer, authority.public_key(), is_authority=True)
    )
    pkcs8 = serialization.PrivateFormat.PKCS8
    key.write_bytes(signer.private_bytes(serialization.Encoding.PEM, pkcs8, serialization.NoEncryption()))
    return chain, key


def test_a_certificate_of_the_user(folder: Path, tmp_path: Path) -> None:
    chain, key = issue_ec(tmp_path)
    config = Settings(home=tmp_path / "home", certificate=chain, private_key=key)
    sign_file(folder / "a.mp4", tmp_path / "s.mp4", make_run(), title="s.mp4", config=config)
    found = verify_file(tmp_path / "s.mp4", config=config)
    assert (found.state, found.trusted, found.signer) == ("valid", True, "Our signer, Studio Ltd")
    assert not (config.cache / "certificates").exists()


def test_certificates_that_cannot_sign_are_refused(folder: Path, tmp_path: Path) -> None:
    chain, key = issue_ec(tmp_path)
    (tmp_path / "text.pem").write_text("not a key")
    for certificate, private_key, message in (
        (chain, None, "needs its private key"),
        (chain, tmp_path / "none.pem", "cannot be read"),
        (chain, tmp_path / "text.pem", "no private key"),
        (tmp_path / "text.pem", key, "no certificate"),
    ):
        config = Settings(home=tmp_path / "home", certificate=certificate, private_key=private_key)
        with pytest.raises(UsageError, match=message):
            sign_file(folder / "a.mp4", tmp_path / "s.mp4", make_run(), title="s.mp4", config=config)


def test_files_without_a_place_for_provenance(folder: Path, tmp_path: Path, config: Settings) -> None:
    (tmp_path / "a.xyz").write_text("hello")
    for path in (tmp_path / "a.xyz", tmp_path / "none.mp4", tmp_path):
        with pytest.raises(InputFileError):
            verify_file(path, config=config)
    with pytest.raises(UsageError, match=r"a\.xyz"):
        sign_file(folder / "a.mp4", tmp_path / "a.xyz", make_run(), title="a.xyz", config=config)


def test_a_damaged_file_is_not_valid(folder: Path, tmp_path: Path, config: Settings) -> None:
    sign_file(folder / "a.mp4", tmp_path / "s.mp4", make_run(), title="s.mp4", config=config)
    data = (tmp_path / "s.mp4").read_bytes()
    for part in (0.2, 0.5, 0.9):
        (tmp_path / "cut.mp4").write_bytes(data[: int(part * len(data))])
        assert verify_file(tmp_path / "cut.mp4", config=config).state != "valid"


def test_sidecar(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    shutil.copy(folder / "a.mp4", path)
    assert write_sidecar(path, make_run(1.23456), media_sha256="m", sha256="s") == tmp_path / "a.mp4.json"
    said = json.loads(sidecar_path(path).read_text(encoding="utf-8"))
    assert said["persona"] == "Añi"
    assert said["seconds"] == {"speech": 1.235, "render": 1.235}
    assert (said["file"], said["sha256"], said["media_sha256"]) == ("a.mp4", "s", "m")
    assert make_run().assertion().items() <= said.items()


def test_unknown_weights_are_refused() -> None:
    with pytest.raises(WeightsError, match="unknown weights 'magic'"):
        describe_run(
            persona="A", description="b", seed=1, stages=(RunRecord("face", "x", ("magic",), 1, 0.0),)
        )


def test_consent_is_signed_and_must_say_something(folder: Path, tmp_path: Path, config: Settings) -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    when = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    record = ConsentRecord("This is me and I agree", "Ann", when, image_digest(image))
    run = describe_run(persona="A", description="b", seed=1, stages=(), consent=record)
    sign_file(folder / "a.png", tmp_path / "s.png", run, title="s.png", config=config)
    said = verify_file(tmp_path / "s.png", config=config).run
    assert said is not None
    assert said["consent"] == record.as_dict()
    assert image_digest(image) != image_digest(image.reshape(32, 128, 3))
    for statement, who, moment, digest in (
        ("   ok ", "Ann", when, "0" * 64),
        ("This is me", " ", when, "0" * 64),
        ("This is me", "Ann", when.replace(tzinfo=None), "0" * 64),
        ("This is me", "Ann", when, ""),
    ):
        with pytest.raises(ConsentError):
            ConsentRecord(statement, who, moment, digest)
