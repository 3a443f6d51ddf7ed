"""Entry point: the command table, and every failure as one line."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer

from chatanything import __version__
from chatanything.cli import (
    batch,
    chat,
    create,
    doctor,
    dub,
    duet,
    edit,
    evaluate,
    faces,
    forget,
    match,
    memory,
    say,
    serve,
    train,
    ui,
    verify,
    voices,
    weights,
)
from chatanything.cli.console import err
from chatanything.errors import ChatAnythingError

_CLICK_ERROR: Any = typer.BadParameter.__mro__[2]
"""ClickException of the click that typer uses: its own copy, or the package."""

_INTERRUPTED = 130
"""What typer makes of Ctrl-C."""
_STOPPED = "stopped; nothing half-written was left behind."

app = typer.Typer(
    name="chatanything",
    help="One sentence in, a character who talks back in video.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("create")(create.create)
app.command("say")(say.say)
app.command("edit")(edit.edit)
app.command("chat")(chat.chat)
app.add_typer(memory.app, name="memory")
app.command("match")(match.match)
app.command("dub")(dub.dub)
app.command("duet")(duet.duet)
app.command("batch")(batch.batch)
app.command("faces")(faces.faces)
app.add_typer(voices.app, name="voices")
app.add_typer(weights.app, name="weights")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(train.app, name="train")
app.command("serve")(serve.serve)
app.command("ui")(ui.ui)
app.command("verify")(verify.verify)
app.command("forget")(forget.forget)
app.command("doctor")(doctor.doctor)


@app.callback()
def _options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        typer.echo(__version__)
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line and leave with 0 (done), 1 (failed) or 2 (usage)."""
    # The numeric libraries' thread pools fight each other and the renderer on small machines.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # What it logs of a bad picture, our one line says too.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; no failure leaves a traceback.

    Returns:
        The exit code.
    """
    try:
        result = app(arguments, prog_name="chatanything", standalone_mode=False)
    except ChatAnythingError as exc:
        return _fail(str(exc), arguments, exc.exit_code)
    except _CLICK_ERROR as exc:
        return _fail(exc.format_message() + " See --help.", arguments, 2)
    except (KeyboardInterrupt, typer.Abort):
        return _fail(_STOPPED, arguments, 1)
    except OSError as exc:
        where = f" ({exc.filename})" if exc.filename else ""
        return _fail(f"{exc.strerror or exc}{where}.", arguments, 1)
    except Exception as exc:  # noqa: BLE001 - the last line of defence before the user
        return _fail(f"{_kept(exc)}", arguments, 1)
    code = result if isinstance(result, int) else 0
    return _fail(_STOPPED, arguments, 1) if code == _INTERRUPTED else code


def _fail(line: str, arguments: list[str], code: int) -> int:
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"error": line, "exit_code": code}) + "\n")
    err.print(f"chatanything: {line}", markup=False)
    return code


def _kept(exc: Exception) -> str:
    """Keep the traceback in a file for a bug report and return the line to show."""
    from chatanything.settings import Settings

    line = f"unexpected {type(exc).__name__}: {exc}"
    log = Settings.model_fields["home"].default.expanduser() / "last-error.txt"
    try:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        Path(log).write_text(traceback.format_exc())
    except OSError:
        return f"{line}."
    return f"{line}. This is a bug; its details are in {log}."


if __name__ == "__main__":
    main()
