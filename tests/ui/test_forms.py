"""Lists of jobs, forms of cards, batches and addresses, without a page."""

from __future__ import annotations

import json
import time
import zipfile

import pytest

from chatanything.errors import InputFileError, NotFoundError, PersonaError, UsageError
from chatanything.persona.card import PersonaCard
from chatanything.server.services import Libraries
from chatanything.server.visitor_space import VisitorSpace
from chatanything_ui import card_form, markup
from chatanything_ui.changes import Changes
from chatanything_ui.job_list import read_list
from chatanything_ui.links import Links
from chatanything_ui.runs import BatchRuns
from chatanything_ui.site import Site
from chatanything_ui.visitors import Visitors

pytestmark = pytest.mark.weights
NASTY = '<img src=x onerror="alert(1)"> {{value}} ${1+1}'


@pytest.fixture
def library(site):
    return site[1].libraries.of("local")


def listed(tmp_path, library, name, words):
    path = tmp_path / name
    path.write_text(words, encoding="utf-8")
    return read_list(path, library)


def wait_until(test, seconds=120):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_csv_list_names_its_wrong_lines(tmp_path, library, kept):
    words = (
        'description,persona,text,seed\n"a ""big""\napple",,Hi,7\n\n,nobody,Hi,\n'
        f"an owl,,Hoo,x\n,{kept.id},Hello,\nan owl,,Hoo,,,\n,,Hi,\n"
    )
    lines = listed(tmp_path, library, "jobs.csv", words)
    assert [line.number for line in lines] == [2, 5, 6, 7, 8, 9]
    good = [line for line in lines if line.job]
    assert [(line.number, line.job.seed) for line in good] == [(2, 7), (7, None)]
    assert good[0].job.description == 'a "big"\napple'
    assert good[1].who == kept.id
    problems = [line.problem for line in lines if not line.job]
    for words, problem in zip(
        ("gallery", "expected a number", "cells", "exactly one"), problems, strict=True
    ):
        assert words in problem


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ('{"description": "an owl", "audio": "/etc/passwd"}', "audio"),
        ('{"description": "an owl", "llm": "http://10.0.0.1/"}', "llm"),
        ('{"description": "an owl", "persona": "../x"}', "exactly one"),
        ('{"persona": "../../etc"}', "gallery"),
        ('{"description": "an owl", "size": 100}', "256 or 512"),
        ('{"description": "an owl", "out": "../up.mp4"}', "inside the output folder"),
        ('{"description": "an owl", "text": "same"}', "line 1"),
    ],
)
def test_a_json_list_cannot_reach_beyond_the_gallery(tmp_path, library, line, words):
    first = json.dumps({"description": "an owl", "text": "same"})
    lines = listed(tmp_path, library, "jobs.jsonl", f"{first}\n{line}\n")
    assert [bool(one.job) for one in lines] == [True, False]
    assert words in lines[1].problem


@pytest.mark.parametrize(
    ("name", "words", "match"),
    [
        ("a.txt", "x", "wrong name"),
        ("a.csv", "name,age\nx,1\n", "columns"),
        ("a.csv", "description\n", "no jobs"),
        ("a.csv", 'description\n"never closed\n', "no CSV"),
        ("a.jsonl", '{"description": "x"}\n' * 201, "too many"),
    ],
)
def test_what_is_no_list(tmp_path, library, name, words, match):
    with pytest.raises(InputFileError, match=match):
        listed(tmp_path, library, name, words)


def test_a_form_gives_back_what_it_was_filled_with(apple):
    values = card_form.values_of(apple.card)
    same = card_form.changes_from(values, apple.card)
    assert same["provenance"] == apple.card.provenance
    values[0], values[4] = "  Rosa ", "opera\n\n rain "
    changes = card_form.changes_from(values, apple.card)
    assert (changes["name"], changes["context"]["loves"]) == ("Rosa", ["opera", "rain"])
    assert {changes["provenance"][path] for path in ("name", "context.loves")} == {"user"}
    merged = {**apple.card.model_dump(mode="json"), **{k: changes[k] for k in ("name", "provenance")}}
    assert PersonaCard.from_mapping(merged).name == "Rosa"


@pytest.mark.parametrize(
    ("rest", "match"),
    [("{,", "line 1"), ("[]", "an object"), ('{"id": "x"}', "id cannot"), ('{"style": 3}', "style")],
)
def test_json_that_is_wrong_says_where(apple, rest, match):
    values = [*card_form.values_of(apple.card)[:-1], rest]
    with pytest.raises(PersonaError, match=match):
        card_form.changes_from(values, apple.card)


def test_markup_shows_words_as_words(apple):
    card = apple.card.model_copy(update={"name": NASTY, "description": NASTY, "greeting": NASTY})
    shown = (
        markup.about(card)
        + markup.status(NASTY)
        + markup.picture(NASTY, NASTY)
        + markup.clip("a", NASTY, NASTY)
    )
    assert "<img src=x" not in shown
    assert shown.count("&lt;img src=x onerror=&quot;") >= 6


def test_addresses_are_signed():
    links = Links()
    address = links.to("web-1", "portrait", "apple")
    _, _, _, signature, *parts = address.split("/")
    assert links.allows(signature, *parts)
    assert not links.allows(signature, "web-2", "portrait", "apple")
    assert not Links().allows(signature, *parts)
    assert not links.allows("ü", *parts)


def test_tokens_are_made_once_and_checked():
    many = Visitors(alone=False)
    token = many.greet("")
    assert many.greet(token) == token
    assert many.greet("../../etc") not in ("", "../../etc")
    assert many.owner(token) == many.owner(token) != many.owner(many.greet(None))
    for wrong in ("", None, 3, "x", "a/" * 20):
        with pytest.raises(UsageError, match="your browser"):
            many.owner(wrong)


def test_a_batch_stops_and_packs_what_is_done(site, tmp_path, library, kept):
    texts = ["One.", *(f"Number {i}, a long sentence about a big boat." for i in range(8))]
    words = "\n".join(json.dumps({"persona": kept.id, "text": text}) for text in texts)
    lines = listed(tmp_path, library, "jobs.jsonl", words)
    runs = BatchRuns(site[1].libraries, "rules")
    run = runs.start("local", lines)
    with pytest.raises(UsageError, match="still runs"):
        runs.start("local", lines)
    with pytest.raises(NotFoundError):
        runs.results("local", run.id)
    wait_until(lambda: run.made)
    runs.stop("local")
    wait_until(lambda: run.over, 20)
    states = [row.state for row in run.rows]
    assert states[0] == "done"
    assert states[-1] == "stopped"
    with zipfile.ZipFile(runs.results("local", run.id)) as archive:
        names = archive.namelist()
    assert sum(name.endswith(".mp4") for name in names) == run.made
    assert "report.html" in names
    assert not [name for name in names if name.startswith(".") or "ledger" in name]
    with pytest.raises(NotFoundError):
        runs.results("web-other", run.id)


def test_batches_of_visitors_keep_within_their_disk(site, tmp_path, library, kept):
    space = VisitorSpace(tmp_path / "owners", days=30, megabytes=10)
    libraries = Libraries(tmp_path, site[1].studio, space)
    words = "\n".join(json.dumps({"persona": kept.id, "text": text}) for text in ("One.", "Two.", "Three."))
    lines = listed(tmp_path, library, "jobs.jsonl", words)
    big = tmp_path / "owners" / "web-big" / "personas" / "apple"
    big.mkdir(parents=True)
    (big / "file").write_bytes(b"x" * 9_990_000)
    runs = BatchRuns(libraries, "rules")
    run = runs.start("web-first", lines)
    wait_until(lambda: run.over)
    assert [row.state for row in run.rows] == ["done", "stopped", "stopped"]
    assert "no room" in run.cut
    with zipfile.ZipFile(runs.results("web-first", run.id)) as archive:
        assert sum(name.endswith(".mp4") for name in archive.namelist()) == 1
    assert not list(run.folder.rglob("*.mp4"))
    libraries.make_room("web-second")
    assert not run.folder.exists()
    with pytest.raises(NotFoundError):
        runs.results("web-first", run.id)
    (big / "more").write_bytes(b"x" * 10_000)
    with pytest.raises(UsageError, match="no room"):
        runs.start("web-second", lines)
    assert runs.latest("web-second") is None


def test_no_face_beyond_the_seeds(site, kept):
    changes = Changes(
        Site(site[1], Visitors(alone=True), Links(), BatchRuns(site[1].libraries, "rules")), None
    )
    for seed in (-1, 2**31):
        *_, (status, *_) = changes.take_face("", kept.id, seed)
        assert "no face of this number" in status
