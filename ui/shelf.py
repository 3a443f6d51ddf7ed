"""The gallery as HTML: one card a persona."""

from __future__ import annotations

from collections.abc import Sequence

from chatanything.library import Kept
from chatanything_ui.markup import text
from chatanything_ui.site import Site

_FORMATS = (("png", "Picture card, PNG"), ("charx", "Everything, CHARX"), ("json", "Words, JSON"))


def grid(site: Site, token: str, everybody: Sequence[Kept], search: str) -> str:
    """Everybody whose words contain all words of the search.

    Args:
        site: Knows the addresses of portraits and clips.
        token: The browser's.
        everybody: Of its library.
        search: Any words; empty finds all.
    """
    wanted = search.lower().split()
    found = [kept for kept in everybody if all(word in _words(kept) for word in wanted)]
    if not everybody:
        return _empty("Nobody lives here yet.", "Create somebody, or import a character card.")
    if not found:
        return _empty("Nobody fits.", "Try other words.")
    cards = "".join(_card(site, token, kept) for kept in found)
    return f'<div class="cards" role="list" aria-label="Your characters">{cards}</div>'


def _words(kept: Kept) -> str:
    return f"{kept.name} {kept.description} {kept.species} {kept.greeting}".lower()


def _empty(title: str, hint: str) -> str:
    return f'<div class="nobody"><p><strong>{title}</strong></p><p>{hint}</p></div>'


def _card(site: Site, token: str, kept: Kept) -> str:
    name, face = text(kept.name), text(site.portrait(token, kept))
    look = f'<img src="{face}" alt="" loading="lazy">{_clip(site.clip(token, kept))}'
    words = f'<div class="face-words"><h3>{name}</h3><p>{text(kept.description)}</p></div>'
    return (
        '<article class="face-card" role="listitem">'
        f'<button type="button" class="face-look" {_does("talk", kept)} aria-label="Talk to {name}">'
        f'{look}<span class="face-call" aria-hidden="true">Talk</span></button>'
        f'{words}<div class="face-acts">{_acts(site, token, kept)}</div></article>'
    )


def _clip(address: str) -> str:
    """Fetched and played once somebody looks at the card."""
    if not address:
        return ""
    how = 'muted loop playsinline preload="none" aria-hidden="true" tabindex="-1"'
    return f'<video data-src="{text(address)}" {how}></video>'


def _acts(site: Site, token: str, kept: Kept) -> str:
    name, owner = text(kept.name), site.visitors.owner(token)
    links = []
    for kind, label in _FORMATS:
        address = text(site.links.to(owner, kind, kept.id))
        links.append(f'<li><a href="{address}" download="{kept.id}.{kind}">{label}</a></li>')
    ask = f'data-ask="{text(f"Delete {kept.name} for good, with all files?")}" data-yes="Delete"'
    edit, delete = _does("alter", kept), _does("remove", kept)
    return (
        f'<button type="button" class="pill" {edit} aria-label="Edit {name}">Edit</button>'
        '<details class="menu" name="export">'
        f'<summary class="pill" aria-label="Export {name}">Export</summary>'
        f"<ul>{''.join(links)}</ul></details>"
        f'<button type="button" class="pill danger" {delete} {ask} aria-label="Delete {name}">Delete</button>'
    )


def _does(event: str, kept: Kept) -> str:
    return f'data-do="{event}" data-id="{kept.id}"'
