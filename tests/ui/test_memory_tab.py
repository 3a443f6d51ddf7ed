"""The Talk tab shows what a character knows of the visitor, and lets it forget."""

from __future__ import annotations

import pytest

from chatanything_ui.links import Links
from chatanything_ui.runs import BatchRuns
from chatanything_ui.site import Site
from chatanything_ui.talk_tab import Calls
from chatanything_ui.visitors import USER, Visitors

pytestmark = pytest.mark.weights


@pytest.fixture
def ui_site(site) -> Site:
    services = site[1]
    runs = BatchRuns(services.libraries, services.studio.llm, services.config)
    return Site(services, Visitors(alone=True), Links(), runs)


def test_memory_is_shown_as_text_and_forgotten(ui_site: Site, kept) -> None:
    calls = Calls(ui_site)
    assert calls.order("", kept.id, True)["remember"] is True
    assert calls.order("", kept.id, False)["remember"] is False
    assert "knows nothing of you yet" in calls.remembered("", kept.id)
    memory = ui_site.services.memory("local", kept.id, kept.name, USER)
    memory.note("My favourite drink is <b>tea</b>.", "Oh.", at_s=1.0)
    memory.note("My favourite drink is coffee now.", "Oh.", at_s=2.0)
    memory.close()
    shown = calls.remembered("", kept.id)
    assert "My favourite drink is coffee now." in shown
    assert "before: My favourite drink is &lt;b&gt;tea&lt;/b&gt;." in shown
    assert "has forgotten you" in calls.forget("", kept.id)
    assert "knows nothing of you yet" in calls.remembered("", kept.id)
    for broken in (calls.remembered("", "nobody"), calls.forget("", None)):
        assert "That did not work" in broken
