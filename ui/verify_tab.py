"""The Verify tab: what made a file, and whether it is as it was made."""

from __future__ import annotations

from typing import Any, Final

import gradio as gr

from chatanything.errors import ChatAnythingError
from chatanything.provenance.examine import Examination, examine
from chatanything.server.routes.verify import KINDS
from chatanything_ui import markup
from chatanything_ui.markup import text
from chatanything_ui.parts import QUIET, html, status_line
from chatanything_ui.site import Site

ID: Final = "verify"
_HELP: Final = (
    '<p class="lead">Videos, portraits and cards of this page carry signed credentials: what made them, '
    "with which weights and seed. Upload a file to see whether it has them, and was changed since. "
    "A video that lost them is compared with yours. The file is deleted within an hour.</p>"
)
_STATES: Final = {
    "valid": ("This file is as it was made.", "good"),
    "invalid": ("The credentials of this file do not hold: it was changed after it was signed.", "bad"),
    "absent": ("This file carries no credentials.", "bad"),
}
_FACTS: Final = (("persona", "Character"), ("seed", "Seed"), ("software", "Made with"))


class Verifier:
    """Looks at what visitors upload.

    Args:
        site: The server behind the page.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def look(self, token: str, file: str | None) -> tuple[str, str]:
        """A line about a file, and what its credentials say."""
        if not file:
            return "", ""
        services = self._site.services
        try:
            owner = self._site.visitors.owner(token)
            with self._site.taken(file) as copy:
                found = examine(copy, config=services.config, sidecars=services.sidecars(owner))
        except ChatAnythingError as exc:
            return markup.problem(exc), ""
        words, kind = _STATES[found.verification.state]
        return markup.status(words, kind), _facts(found)


def build(site: Site, token: Any) -> None:
    """Lay the tab out and connect it."""
    verifier = Verifier(site)
    with gr.Row(equal_height=False, elem_classes="two"):
        with gr.Column(scale=5, min_width=300):
            html(_HELP)
            upload = gr.File(
                label="A video, picture or sound", file_types=list(KINDS), elem_id="verify-file", height=150
            )
        with gr.Column(scale=6, min_width=300):
            status = status_line("verify-status")
            facts = html(elem_id="verify-facts")
    upload.upload(verifier.look, [token, upload], [status, facts], **QUIET)
    upload.clear(lambda: ("", ""), None, [status, facts], **QUIET)


def _facts(found: Examination) -> str:
    said = found.verification
    rows = [("Signed by", said.signer + (" (trusted)" if said.trusted else " (not on a trust list)"))]
    rows = rows if said.signer else []
    run = said.run or {}
    rows += [(name, str(run[key])) for key, name in _FACTS if key in run]
    if run.get("weights"):
        rows.append(("Weights", ", ".join(run["weights"])))
    if run.get("consent"):
        rows.append(("Consent", f"{run['consent']['who']}: {run['consent']['statement']}"))
    rows += [("Note", line[:1].upper() + line[1:]) for line in found.public_lines]
    items = "".join(
        f'<tr><th scope="row">{text(name)}</th><td>{text(value)}</td></tr>' for name, value in rows
    )
    caption = '<caption class="for-ears">What the credentials say</caption>'
    return f'<table class="jobs">{caption}<tbody>{items}</tbody></table>' if rows else ""
