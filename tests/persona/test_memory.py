"""What is remembered, what takes its place, and what is gone when it is forgotten."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import NotFoundError, OutputError
from chatanything.evaluation.lists import load
from chatanything.persona.chat_prompt import tokens_in
from chatanything.persona.memory.conversations import GAP_S, SUMMARY_WORDS
from chatanything.persona.memory.memory import CAP_TOKENS, Memory
from chatanything.persona.memory.recall import Index
from chatanything.persona.memory.statements import statements_in
from chatanything.persona.memory.store import MemoryStore, kept, path_for
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory("bram-1", "Bram", "ada", tmp_path)


def texts(memory: Memory) -> list[str]:
    return [one.text for one in memory.statements]


@pytest.mark.parametrize(
    ("said", "kept_words"),
    [
        ("Hello! My sister Nora lives in Lisbon. Do you like her?", ["My sister Nora lives in Lisbon."]),
        ("I am allergic to nuts", ["I am allergic to nuts."]),
        ("What is my name?", []),
        ("I see.", []),
        ("Tell me about the sea.", []),
        ("The weather is nice.", []),
        ("Thank you for my song!", []),
    ],
)
def test_statements_about_oneself_are_told_from_small_talk(said: str, kept_words: list[str]) -> None:
    assert list(statements_in(said)) == kept_words


def test_the_latest_preference_holds_and_keeps_what_it_was_and_why(memory: Memory) -> None:
    memory.note("My favourite drink is green tea.", "Is it?", at_s=1.0)
    memory.note("I have two dogs, Max and Moritz.", "Lovely.", at_s=2.0)
    memory.note("My favourite drink is black coffee now, because tea keeps me awake.", "Oh.", at_s=3.0)
    assert texts(memory) == [
        "My favourite drink is black coffee now, because tea keeps me awake.",
        "I have two dogs, Max and Moritz.",
    ]
    changed = memory.statements[0]
    assert changed.was == "My favourite drink is green tea."
    assert changed.why == "tea keeps me awake"
    assert changed.since_s == 3.0


def test_a_change_of_mind_without_the_word_favourite_is_noticed(memory: Memory) -> None:
    memory.note("I love swimming in the lake. I play the violin.", "", at_s=1.0)
    memory.note("I don't love swimming in the lake any more since the accident.", "", at_s=2.0)
    assert len(memory.statements) == 2
    assert memory.statements[0].was == "I love swimming in the lake."


def test_a_change_is_read_in_its_whole_message(memory: Memory) -> None:
    memory.note("My lucky number is seven.", "", at_s=1.0)
    memory.note("I am keen to learn Japanese.", "", at_s=2.0)
    memory.note("Seven has brought me nothing but fines. I've moved my trust to thirteen.", "", at_s=3.0)
    held = {one.text: one.was for one in memory.statements}
    whole = "Seven has brought me nothing but fines. I've moved my trust to thirteen."
    assert held[whole] == "My lucky number is seven."
    assert "I am keen to learn Japanese." in held
    memory.note("I've thought it over, Japan is too far for me now. It'll be Wales.", "", at_s=4.0)
    assert any(one.text.endswith("It'll be Wales.") for one in memory.statements)


def test_what_is_said_twice_is_kept_once_and_numbers_tell_apart(memory: Memory) -> None:
    memory.note("I have three cats at home.", "", at_s=1.0)
    memory.note("I have three cats at home!", "", at_s=2.0)
    assert len(memory.statements) == 1
    memory.note("I have four cats at home.", "", at_s=3.0)
    assert texts(memory)[-1] == "I have four cats at home."


def test_a_message_brings_back_what_fits_it(memory: Memory) -> None:
    facts = [f"My cousin number {n} works in a factory for spoons." for n in range(20)]
    memory.note("I broke my leg on a skiing trip in Austria.", "", at_s=1.0)
    for at, fact in enumerate(facts, start=2):
        memory.note(fact, "", at_s=float(at))
    known = memory.recollect("How did you like that winter holiday with the accident?")
    assert any("broke my leg" in text for text in known.remembered)
    assert "broke my leg" not in " ".join(known.about_user)
    assert known.about_user[0] == f'"{facts[-1]}"'


def test_a_pause_of_an_hour_ends_a_conversation(memory: Memory) -> None:
    memory.note("I am learning to sail a small boat.", "Good.", at_s=1000.0)
    memory.note("My teacher has a boat of her own.", "Oh.", at_s=1600.0)
    memory.end_conversations(None, now_s=1600.0 + GAP_S - 1)
    assert memory.episodes == ()
    llm = Scripted("The user learns sailing " + "and talks on " * 20)
    memory.end_conversations(llm, now_s=1600.0 + GAP_S + 1)
    (episode,) = memory.episodes
    assert len(episode.summary.split()) == SUMMARY_WORDS
    assert episode.ended_s == 1600.0
    memory.end_conversations(llm, now_s=1e9)
    assert len(memory.episodes) == 1
    assert len(llm.asked) == 1


def test_many_old_conversations_are_summed_up_together_or_the_oldest_first(
    memory: Memory, tmp_path: Path
) -> None:
    facts = [fact["text"] for fact in load("memory")["fact"]][:12]
    for n, fact in enumerate(facts):
        memory.note(fact, "Aye.", at_s=2 * GAP_S * n)
    memory.note("Is it late?", "No.", at_s=100 * GAP_S)
    memory.end_conversations(None, now_s=100 * GAP_S, most=4)
    assert [one.ended_s for one in memory.episodes] == [2 * GAP_S * n for n in range(4)]
    assert memory.turns[0].text == facts[4]
    memory.end_conversations(None, now_s=100 * GAP_S)
    assert len(memory.episodes) == 12
    assert [turn.text for turn in memory.turns] == ["Is it late?", "No."]
    again = Memory("bram-1", "Bram", "ada", tmp_path)
    assert again.episodes == memory.episodes
    question = f"Do you remember? {facts[5]}"
    assert again.recollect(question) == memory.recollect(question)


def test_without_a_model_the_users_own_words_are_the_summary(memory: Memory) -> None:
    memory.note("I am learning to sail. What about you?", "Good.", at_s=1000.0)
    memory.end_conversations(Scripted("BREAK"), force=True)
    assert [one.summary for one in memory.episodes] == ["The user said: I am learning to sail."]


def test_the_memory_is_capped_and_the_oldest_go_first(memory: Memory) -> None:
    memory.note("My first memory is a red kite over the beach.", "", at_s=0.5)
    memory.edit(1, "My first memory is a red kite.")
    told = [fact["text"] for fact in load("memory")["fact"]]
    for n, text in enumerate(told):
        memory.note(text, "", at_s=n + 1.0)
    total = sum(tokens_in(one.text) for one in memory.statements)
    assert CAP_TOKENS - 60 < total <= CAP_TOKENS
    assert texts(memory)[-1] == told[-1]
    assert texts(memory)[0] == "My first memory is a red kite."
    assert told[0] not in texts(memory)


def test_one_message_teaches_ten_things_at_most(memory: Memory) -> None:
    facts = [fact["text"] for fact in load("memory")["fact"]][:30]
    memory.note("I collect old lamps.", "", at_s=1.0)
    memory.note(" ".join(facts), "", at_s=2.0)
    assert texts(memory) == ["I collect old lamps.", *facts[:10]]


def test_what_is_forgotten_is_nowhere_in_the_file(memory: Memory, tmp_path: Path) -> None:
    memory.note("My secret cabin stands near Ullapool.", "Ullapool, what a place!", at_s=1.0)
    memory.note("I like plums.", "So do I.", at_s=2.0)
    memory.end_conversations(None, force=True)
    memory.note("Do you remember my cabin in Ullapool? I was there.", "Yes, Ullapool.", at_s=1e6)
    (path,) = tmp_path.glob("*.sqlite3")
    assert b"Ullapool" in path.read_bytes()
    number = next(one.id for one in memory.statements if "Ullapool" in one.text)
    memory.forget(number)
    for file in tmp_path.iterdir():
        assert b"Ullapool" not in file.read_bytes()
    assert "I like plums." in texts(memory)
    with pytest.raises(NotFoundError, match="no memory 99"):
        memory.forget(99)


def test_nothing_is_left_of_many_long_texts_even_before_the_file_is_rewritten(
    memory: Memory, tmp_path: Path
) -> None:
    for n in range(120):  # several pages, with rows on more than one
        answer = f"Quillon number {n}! {'We sailed together for long. ' * (n % 7 * 20)}"
        memory.note(f"I met Quillon number {n} at sea.", answer, at_s=n)
    (path,) = tmp_path.glob("*.sqlite3")
    assert path.read_bytes().count(b"Quillon") > 300
    for one in memory.statements:
        memory.forget(one.id)
    assert b"Quillon" not in path.read_bytes()


def test_a_file_that_nobody_closed_is_rewritten_when_it_is_opened(memory: Memory, tmp_path: Path) -> None:
    for n, fact in enumerate(load("memory")["fact"]):
        memory.note(fact["text"], "Aye.", at_s=float(n))
    (path,) = tmp_path.glob("*.sqlite3")
    for one in memory.statements:
        memory.forget(one.id)
    large = path.stat().st_size
    again = Memory("bram-1", "Bram", "ada", tmp_path)  # as after a crash: the first one was not closed
    again.close()
    again.close()
    assert path.stat().st_size < large / 2
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM to_rewrite").fetchone() == (0,)


def test_what_the_user_wrote_stays(memory: Memory, tmp_path: Path) -> None:
    memory.note("My favourite colour is green.", "", at_s=1.0)
    memory.edit(1, "My favourite colour is turquoise.")
    memory.note("My favourite colour is red.", "", at_s=2.0)
    assert texts(memory) == ["My favourite colour is turquoise.", "My favourite colour is red."]
    (path,) = tmp_path.glob("*.sqlite3")
    assert b"green" not in path.read_bytes()


def test_two_programs_see_each_others_changes(memory: Memory, tmp_path: Path) -> None:
    other = Memory("bram-1", "Bram", "ada", tmp_path)
    memory.note("I grow tomatoes on my balcony.", "", at_s=1.0)
    assert texts(other) == ["I grow tomatoes on my balcony."]
    other.forget(1)
    assert texts(memory) == []
    other.close()


def test_users_and_personas_are_kept_apart_whatever_their_names(tmp_path: Path) -> None:
    for user, persona in (("ada", "a"), ("../../etc", "a"), ("ada", "../b"), ("ad", "aa")):
        Memory(persona, "X", user, tmp_path).close()
    found = [(one.user, one.persona_id) for one in kept(tmp_path)]
    assert sorted(found) == sorted([("ada", "a"), ("../../etc", "a"), ("ada", "../b"), ("ad", "aa")])
    assert all(file.parent == tmp_path for file in tmp_path.rglob("*"))
    assert path_for("a", "bc") != path_for("ab", "c")


def test_a_broken_a_locked_and_a_newer_file_each_give_one_clear_line(tmp_path: Path) -> None:
    path = path_for("ada", "bram-1", tmp_path)
    path.write_bytes(b"this is no data base at all, only words" * 50)
    with pytest.raises(OutputError, match="cannot be read") as caught:
        Memory("bram-1", "Bram", "ada", tmp_path)
    assert "mv" in str(caught.value)
    path.unlink()
    memory = Memory("bram-1", "Bram", "ada", tmp_path)
    memory.note("I like plums.", "", at_s=1.0)
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OutputError, match="Another program holds it"):
        memory.note("I like pears.", "", at_s=2.0)
    lock.execute("ROLLBACK")
    lock.execute("PRAGMA user_version = 99")
    lock.close()
    assert texts(memory) == ["I like plums."]
    with pytest.raises(OutputError, match="newer version"):
        Memory("bram-1", "Bram", "ada", tmp_path)


def test_ten_thousand_facts_are_searched_quickly_and_changed_one_by_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    index = Index()
    for n in range(10_000):
        vector = rng.normal(size=384).astype(np.float32)
        index.put(f"s{n}", f"fact {n} about thing{n % 97}", vector / np.linalg.norm(vector))
    vector = index.put("s77", "My boat is called Heron.")
    assert index.search("What is the name of your boat?", 1)[0][0] == "s77"
    assert index.nearest(vector, 1) == [("s77", pytest.approx(1.0, abs=1e-5))]
    began = time.perf_counter()
    assert [key for key, _ in index.search("thing5 and more", 3)]
    assert time.perf_counter() - began < 5  # a hang, not a benchmark: `evaluate speed` measures it
    with MemoryStore(tmp_path / "x.sqlite3", user="u", persona_id="p", name="P") as store:
        number = store.add("I like plums.", vector, since_s=1.0, why="")
        ((statement, read),) = store.statements()
        assert (statement.id, statement.text) == (number, "I like plums.")
        assert np.array_equal(read, vector)


@pytest.mark.parametrize(
    "said",
    [
        "I want to kill myself.",
        "My name is Ada and I do not want to live any more.",
        "My husband hits me when he drinks.",
    ],
)
def test_nothing_is_kept_of_somebody_in_need(memory: Memory, tmp_path: Path, said: str) -> None:
    memory.note("I have two dogs.", "Lovely.", at_s=1.0)
    memory.note(said, "Please talk to somebody you trust now.", at_s=2.0)
    memory.note("My sister lives in Lisbon.", "Oh.", at_s=3.0)
    assert texts(memory) == ["I have two dogs.", "My sister lives in Lisbon."]
    llm = Scripted("The user has two dogs.")
    memory.end_conversations(llm, force=True)
    assert said not in str(llm.asked)
    assert "talk to somebody" not in str(llm.asked)
    known = memory.recollect(said)
    assert not any(said in text for text in (*known.about_user, *known.remembered))
    memory.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert said.encode() not in stored
    assert b"talk to somebody" not in stored
