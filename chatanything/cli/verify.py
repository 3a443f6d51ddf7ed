"""`chatanything verify`: what made this file, and was it changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json


def verify(
    file: Annotated[Path, typer.Argument(help="A video, picture or sound made here.")],
    as_json: options.Json = False,
) -> int:
    """Check the signed provenance of a file; 0 only when it is there and untouched."""
    from chatanything.provenance.c2pa import verify_file

    found = verify_file(file)
    if as_json:
        print_json({"file": file, "verification": found})
    else:
        trust = "a trusted signer" if found.trusted else "a signer that is not on a trust list"
        out.print(f"{file}: {found.state}" + (f", by {trust}: {found.signer}" if found.signer else ""))
        for reason in found.reasons:
            out.print(f"  {reason}", markup=False)
    return 0 if found.state == "valid" else 1
