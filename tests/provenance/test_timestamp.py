"""RFC 3161 time stamps: none by default, and signed in when a server is named."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import OutputError, UsageError
from chatanything.media.image import write_png
from chatanything.provenance.c2pa import sign_file, verify_file
from chatanything.provenance.manifest import describe_run
from chatanything.settings import Settings

_CONFIG = """
[tsa]
default_tsa = mine
[mine]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[name]
O = Test clock
CN = Test authority
[request]
distinguished_name = name
prompt = no
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[stamp]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[str]:
    """Address of a time stamp server on this computer."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf", "-section", "request")
    _openssl(folder, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-extensions", "authority")
    _openssl(folder, "req", *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/O=Test clock/CN=Stamps")
    _openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-out", "tsa.pem", "-days", "30", "-extfile", "tsa.cnf", "-extensions", "stamp",
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            _openssl(
                folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"
            )
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply.tsr").read_bytes())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    write_png(tmp_path / "a.png", np.zeros((64, 64, 3), np.uint8))
    return tmp_path / "a.png"


RUN = describe_run(persona="A", description="b", seed=1, stages=())


def test_the_time_of_signing_is_told(clock: str, plain: Path, tmp_path: Path) -> None:
    stamped = Settings(home=tmp_path / "home", timestamp_url=clock)
    sign_file(plain, tmp_path / "s.png", RUN, title="s.png", config=stamped)
    found = verify_file(tmp_path / "s.png", config=Settings(home=tmp_path / "home"))
    assert (found.state, found.trusted) == ("valid", True)
    assert found.signed_at.startswith("20")
    assert (tmp_path / "tsa/query.tsq").is_file()
    sign_file(plain, tmp_path / "n.png", RUN, title="s.png", config=Settings(home=tmp_path / "home"))
    assert verify_file(tmp_path / "n.png", config=stamped).signed_at == ""


def test_a_clock_that_does_not_answer_is_one_line(plain: Path, tmp_path: Path) -> None:
    config = Settings(home=tmp_path / "home", timestamp_url="http://127.0.0.1:9")
    with pytest.raises(OutputError, match="time stamp"):
        sign_file(plain, tmp_path / "s.png", RUN, title="s.png", config=config)


def test_offline_means_offline(plain: Path, tmp_path: Path) -> None:
    config = Settings(home=tmp_path / "home", timestamp_url="http://127.0.0.1:9", offline=True)
    with pytest.raises(UsageError, match="offline"):
        sign_file(plain, tmp_path / "s.png", RUN, title="s.png", config=config)
