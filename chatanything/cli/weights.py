"""`chatanything weights`: what is pinned, what is here, fetch and verify it."""

from __future__ import annotations

from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting

app = typer.Typer(help="The pinned weights.", no_args_is_help=True)
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of weights.lock. Default: the standard set.")]


@app.command("list")
def list_weights(as_json: options.Json = False) -> None:
    """List the pinned weights and whether they are here."""
    from chatanything.weights import entries, status

    rows = [
        {
            "id": entry.id,
            "size": sum(file.size for file in entry.files),
            "status": status(entry.id),
            "default": entry.default,
            "pinned": entry.pinned,
            "used_by": entry.used_by,
        }
        for entry in entries()
    ]
    if as_json:
        print_json({"weights": rows})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("id", "MB", "status", "set", "used by"):
        table.add_column(title)
    for row in rows:
        megabytes = f"{int(str(row['size'])) / 1e6:.1f}" if row["pinned"] else "?"
        chosen = "default" if row["default"] else "optional" if row["pinned"] else "optional, unpinned"
        table.add_row(str(row["id"]), megabytes, str(row["status"]), chosen, str(row["used_by"]))
    out.print(table)


@app.command("fetch")
def fetch(
    ids: Ids = None,
    allow_unpinned: Annotated[
        bool, typer.Option("--allow-unpinned", help="Also what weights.lock knows no sha256 of.")
    ] = False,
) -> None:
    """Fetch weights that are not here yet; a damaged file is fetched again."""
    from chatanything.weights import default_ids, ensure

    wanted = ids or list(default_ids())
    with reporting() as progress:
        for weight_id in wanted:
            ensure(weight_id, progress, allow_unpinned=allow_unpinned)
    out.print(f"weights: {len(wanted)} ready", markup=False)


@app.command("verify")
def verify(ids: Ids = None, as_json: options.Json = False) -> None:
    """Hash every file again and compare it with the lock."""
    from chatanything.errors import WeightsError
    from chatanything.weights import entries, status, verify

    wanted = ids or [entry.id for entry in entries() if status(entry.id) != "missing"]
    states = {weight_id: verify(weight_id) for weight_id in wanted}
    if as_json:
        print_json({"weights": states})
    else:
        for weight_id, state in states.items():
            out.print(f"{weight_id}: {state}", markup=False)
    bad = [weight_id for weight_id, state in states.items() if state != "cached"]
    if bad:
        raise WeightsError(
            f"not as pinned: {', '.join(bad)}", hint="Run: chatanything weights fetch " + " ".join(bad)
        )


@app.command("licenses")
def licenses(as_json: options.Json = False) -> None:
    """List the licence and card of every pinned weight."""
    from chatanything.weights import entries

    rows = [{"id": entry.id, "licence": entry.licence, "card": entry.card} for entry in entries()]
    if as_json:
        print_json({"weights": rows})
        return
    for row in rows:
        out.print(f"{row['id']}: {row['licence']} ({row['card']})", markup=False)
