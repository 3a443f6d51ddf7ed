"""Keys, limits, tickets, jobs and libraries on their own."""

from __future__ import annotations

import json
import time

import pytest

from chatanything.errors import NotFoundError, UsageError
from chatanything.server import access, jobs
from chatanything.server.access import (
    AccessError,
    Admission,
    Keys,
    Places,
    RateLimit,
    Tickets,
    TooManyError,
)
from chatanything.server.guard import LOOPBACK

pytestmark = pytest.mark.weights


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ({"Alice": "a" * 20}, "name"),
        ({"../x": "a" * 20}, "name"),
        ({"local": "a" * 20}, "name"),
        ({"alice": "short"}, "too short"),
        ({"alice": "a" * 20, "bob": "a" * 20}, "same API key"),
    ],
)
def test_keys_that_cannot_be_used(keys, wrong):
    with pytest.raises(UsageError, match=wrong):
        Keys(keys)


def test_a_bucket_fills_again(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(access.time, "monotonic", lambda: clock[0])
    limit = RateLimit(60)
    for _ in range(60):
        limit.take("me")
    with pytest.raises(TooManyError) as refused:
        limit.take("me")
    assert refused.value.retry_s == pytest.approx(1.0)
    limit.take("you")
    clock[0] += 2.0
    limit.take("me")
    limit.take("me")
    with pytest.raises(TooManyError):
        limit.take("me")


def test_tickets_grow_old(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(access.time, "monotonic", lambda: clock[0])
    tickets = Tickets()
    first, second = tickets.issue(Admission("me")), tickets.issue(Admission("you"))
    assert first != second
    assert tickets.redeem(first) == Admission("me")
    clock[0] += access.TICKET_S
    for ticket in (first, second, ""):
        with pytest.raises(AccessError):
            tickets.redeem(ticket)


@pytest.mark.parametrize(
    ("issued", "asked", "given"),
    [
        (("", ""), ("pip", ""), ("pip", "")),
        (("", ""), ("pip", "bob"), None),
        (("", "ada"), ("pip", ""), ("pip", "ada")),
        (("", "ada"), ("pip", "ada"), ("pip", "ada")),
        (("", "ada"), ("pip", "bob"), None),
        (("pip", "ada"), ("", ""), ("pip", "ada")),
        (("pip", ""), ("pip", ""), ("pip", "")),
        (("pip", ""), ("pop", ""), None),
    ],
)
def test_a_ticket_says_who_talks_to_whom(issued, asked, given):
    tickets = Tickets()
    ticket = tickets.issue(Admission("me", *issued))
    persona, user = asked
    if given is None:
        with pytest.raises(AccessError, match="not for this"):
            tickets.redeem(ticket, persona=persona, user=user)
    else:
        assert tickets.redeem(ticket, persona=persona, user=user) == Admission("me", *given)
    with pytest.raises(AccessError, match="used"):
        tickets.redeem(ticket)


def test_places_are_given_back():
    places = Places(1, "calls")
    places.take("me")
    places.take("you")
    with pytest.raises(TooManyError, match="too many calls"):
        places.take("me")
    places.leave("me")
    places.take("me")


def test_loopback_names_are_what_a_browser_sends():
    assert set(LOOPBACK) == {"127.0.0.1", "localhost", "::1"}


def wait_until(test, seconds=300):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_jobs_survive_a_restart_and_can_be_cancelled(make_services, apple, tmp_path):
    first = make_services(home=tmp_path)
    kept = first.libraries.of("local").add(apple, now_s=1.0)
    waiting = [
        first.jobs.submit("local", kept.id, text) for text in ("Hello.", "Bye.", "A very long one. " * 9)
    ]
    first.close()  # nothing has begun

    second = make_services(home=tmp_path)
    second.jobs.start()
    wait_until(lambda: second.jobs.find("local", waiting[0].id).status == "completed")
    assert second.jobs.video("local", waiting[0].id).stat().st_size > 10_000
    wait_until(lambda: second.jobs.find("local", waiting[2].id).status == "in_progress")
    second.jobs.remove("local", waiting[2].id)  # in the middle of it
    third = second.jobs.submit("local", kept.id, "")
    assert third.text == apple.card.greeting
    wait_until(lambda: second.jobs.find("local", third.id).status == "completed")
    with pytest.raises(NotFoundError):
        second.jobs.find("local", waiting[2].id)
    assert not (tmp_path / "videos" / waiting[2].id).exists()
    assert [job.id for job in second.jobs.all("local")][-1] == waiting[0].id
    assert second.jobs.all("somebody") == ()


def test_a_job_that_fails_says_why(make_services, apple, tmp_path):
    services = make_services(home=tmp_path)
    kept = services.libraries.of("local").add(apple, now_s=1.0)
    services.jobs.start()
    job = services.jobs.submit("local", kept.id, "...")
    wait_until(lambda: services.jobs.find("local", job.id).status == "failed")
    assert "spoken" in services.jobs.find("local", job.id).error
    with pytest.raises(NotFoundError, match="it is failed"):
        services.jobs.video("local", job.id)


def test_jobs_have_limits_and_an_end(make_services, apple, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "MAX_WAITING", 2)
    services = make_services(home=tmp_path)
    kept = services.libraries.of("local").add(apple, now_s=1.0)
    services.jobs.submit("local", kept.id, "One.")
    services.jobs.submit("local", kept.id, "Two.")
    with pytest.raises(TooManyError, match="too many videos"):
        services.jobs.submit("local", kept.id, "Three.")
    with pytest.raises(NotFoundError):
        services.jobs.submit("local", "nobody", "Hello.")
    services.close()
    old = next(folder for folder in (tmp_path / "videos").iterdir() if folder.is_dir()) / "job.json"
    state = json.loads(old.read_text())
    old.write_text(json.dumps({**state, "status": "completed", "completed_at": 5}))
    (tmp_path / "videos" / "video_notours").mkdir()
    again = make_services(home=tmp_path)
    again.jobs.start()
    wait_until(lambda: not old.exists())
    assert (tmp_path / "videos" / "video_notours").exists()


def test_a_library_keeps_replaces_and_forgets(make_services, apple, tmp_path):
    library = make_services(home=tmp_path).libraries.of("local")
    assert library.all() == ()
    first, second = library.add(apple, now_s=1.0), library.add(apple, now_s=2.0)
    assert second.id == f"{first.id}-2"
    assert [kept.id for kept in library.all()] == [second.id, first.id]
    clip = tmp_path / "any.mp4"
    clip.write_bytes(b"film")
    assert library.put_clip(first.id, clip).clip.read_bytes() == b"film"
    (tmp_path / "personas" / "broken").mkdir()
    (tmp_path / "personas" / "broken" / "about.json").write_text("{")
    assert len(library.all()) == 2
    assert library.replace(first.id, apple).clip is None
    assert library.find(first.id).created_s == 1.0
    assert library.load(first.id).card == apple.card
    library.remove(first.id)
    for name in (first.id, "broken", "..", "", "../personas", "a" * 99):
        with pytest.raises(NotFoundError):
            library.find(name)
