"""`chatanything voices install` and `voices clone`: voices beyond the bank."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatanything.cli import options
from chatanything.cli.console import err, out, print_json, reporting
from chatanything.errors import NotFoundError

if TYPE_CHECKING:
    from chatanything.voice.licences import Licence

AcceptLicence = Annotated[
    bool,
    typer.Option("--accept-licence", help="You have read and accept the licence of XTTS (non-commercial)."),
]


def install(
    name: Annotated[str, typer.Argument(help="coqui; without a name, what there is.")] = "",
    index: Annotated[
        str, typer.Option("--index", help="One more package index, for a torch without CUDA.")
    ] = "",
    accept_licence: AcceptLicence = False,
    as_json: options.Json = False,
) -> None:
    """Install voices that need an environment of their own, or list what there is."""
    from chatanything.voice.backends import coqui_env

    if not name:
        _show(_overview(), as_json=as_json)
        return
    if name != "coqui":
        raise NotFoundError(f"nothing to install is called {name!r}", expected="coqui")
    with reporting(as_json=as_json) as progress:
        if accept_licence:
            _accept(quiet=as_json)
        python = coqui_env.install(index=index, progress=progress)
    if as_json:
        print_json({"installed": name, "python": python})
    else:
        out.print(f"coqui: installed in {coqui_env.folder()}", markup=False)
        out.print("Name a model: CHATANYTHING_COQUI_MODEL=/path/to/model.pth; then: chatanything voices list")


def _accept(*, quiet: bool) -> None:
    from chatanything.voice.licences import XTTS, accept

    if not quiet:
        err.print(_line(XTTS), markup=False)
    kept = accept(XTTS)
    if not quiet:
        err.print(f"accepted; recorded in {kept}", markup=False)


def _line(licence: Licence) -> str:
    return f"XTTS v2: {licence.name} ({licence.where}): {licence.gist}"


def _overview() -> list[dict[str, Any]]:
    """Every backend, whether it can speak, and the next command where not."""
    from chatanything.errors import ChatAnythingError
    from chatanything.settings import settings
    from chatanything.voice.backends import VOICE_BACKENDS, coqui_env
    from chatanything.voice.backends.coqui import INSTALL, checkpoint
    from chatanything.voice.licences import XTTS, accepted
    from chatanything.weights import status

    weights = VOICE_BACKENDS.spec("kokoro").weights
    fetched = all(status(one) == "cached" for one in weights)
    kokoro = "ready" if fetched else "weights missing; chatanything weights fetch"
    if coqui_env.python() is None:
        coqui = f"not installed, takes about {coqui_env.DISK_GB} GB; {INSTALL}"
    else:
        coqui = f"installed in {coqui_env.folder()}"
        try:
            model, _, kind = checkpoint(settings())
            coqui += f"; {kind}: {model}"
        except ChatAnythingError as exc:
            coqui += f"; {exc}"
    coqui += f"; licence of XTTS {'accepted' if accepted(XTTS) else 'not accepted: ' + XTTS.name}"
    address = settings().voice_endpoint
    endpoint = f"set to {address}" if address else "not set; CHATANYTHING_VOICE_ENDPOINT=URL"
    states = {
        "kokoro": (fetched, kokoro),
        "coqui": (coqui_env.python() is not None, coqui),
        "endpoint": (bool(address), endpoint),
    }
    return [
        {
            "name": name,
            "summary": VOICE_BACKENDS.spec(name).summary,
            "ready": states[name][0],
            "state": states[name][1],
        }
        for name in VOICE_BACKENDS.names()
    ]


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"backends": rows})
        return
    for row in rows:
        out.print(f"{'ok  ' if row['ready'] else 'none'} {row['name']}: {row['summary']}", markup=False)
        out.print(f"     {row['state']}", markup=False)


def clone(
    name: Annotated[str, typer.Argument(help="Name of the voice; it is then clone:NAME.")],
    clip: Annotated[Path, typer.Argument(help="A recording of somebody speaking, 3 to 30 seconds.")],
    consent: Annotated[
        str, typer.Option("--consent", help='Your right to use the voice, e.g. "This is my voice".')
    ] = "",
    accept_licence: AcceptLicence = False,
    as_json: options.Json = False,
) -> None:
    """Keep a recording as a voice that XTTS speaks with; it stays on this computer."""
    from chatanything.voice.clones import CLONE, make_clone

    with reporting(as_json=as_json):
        if accept_licence:
            _accept(quiet=as_json)
        made = make_clone(name, clip, consent=consent)
    if as_json:
        print_json({"voice": CLONE + made.name, "clip": made.clip, "consent": made.consent})
    else:
        out.print(f"{CLONE}{made.name}: {made.clip}", markup=False)


def others() -> list[dict[str, str]]:
    """The voices beyond the bank that can be named now; starts the coqui worker once a model."""
    from chatanything.errors import ChatAnythingError
    from chatanything.settings import settings
    from chatanything.voice.backends import coqui_env
    from chatanything.voice.backends.coqui import Coqui
    from chatanything.voice.clones import CLONE, clones

    found: list[dict[str, str]] = []
    config = settings()
    if coqui_env.python() is not None and config.coqui_model is not None:
        engine = Coqui()
        try:
            found += [{"voice": f"coqui:{one}", "about": "in the model"} for one in engine.speakers()]
        except ChatAnythingError as exc:
            found.append({"voice": "coqui:", "about": str(exc)})
        finally:
            engine.close()
    for one in clones():
        about = f"after a recording; {one.consent.who}, {one.consent.when[:10]}: {one.consent.statement}"
        found.append({"voice": CLONE + one.name, "about": about})
    if config.voice_endpoint:
        found.append(
            {"voice": "endpoint:NAME", "about": f"any voice that {config.voice_endpoint} knows by NAME"}
        )
    return found
