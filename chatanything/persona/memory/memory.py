"""A character's memory of one user, as a conversation uses it.

Writing happens after an answer, never before it, and what takes time is found out before the file is locked.
Beside the user's statements about himself the messages of the last conversation are kept, and summaries of
earlier ones. Somebody else may change the file at any time, or remove it; what is known follows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final

from chatanything.embeddings import embed
from chatanything.errors import NotFoundError, OutputError
from chatanything.persona.backends import LLM
from chatanything.persona.chat_prompt import Recollection, tokens_in
from chatanything.persona.memory.conversations import GAP_S, conversations, summary_of
from chatanything.persona.memory.learning import News, news_in
from chatanything.persona.memory.recall import Index
from chatanything.persona.memory.recollecting import NEAREST, recollected
from chatanything.persona.memory.records import Episode, Statement, Turn, told
from chatanything.persona.memory.statements import names_in, reason_in
from chatanything.persona.memory.store import MemoryStore, path_for
from chatanything.persona.memory.traces import Traces
from chatanything.persona.safety import need_of
from chatanything.types import Float32

CAP_TOKENS: Final = 2000
"""Of all statements together; the oldest are forgotten first."""
_STALE: Final = -1
"""No version of a file: it has to be read anew."""


class Memory:
    """What a character knows of one user; several threads may use it.

    Args:
        persona_id: The id of the character's card.
        name: Its name.
        user: Whom it knows, as the caller names him.
        folder: Where memories are kept; None is that of this machine's user.
        may_begin: Asked when the file was removed and there is something new to keep; with a no nothing is.

    Raises:
        OutputError: The file cannot be used.
    """

    def __init__(
        self,
        persona_id: str,
        name: str,
        user: str,
        folder: Path | None = None,
        *,
        may_begin: Callable[[], bool] = lambda: True,
    ) -> None:
        self._path = path_for(user, persona_id, folder)
        self._open = partial(MemoryStore, self._path, user=user, persona_id=persona_id, name=name)
        self._may_begin = may_begin
        self._lock = Lock()
        self._own_names = names_in(name, inside=False)
        self._asked: dict[str, list[Callable[[str], bool]]] = {}
        """Messages that are being answered; each with what finds in it what was forgotten since it came."""
        self._statements: dict[int, Statement] = {}
        self._store: MemoryStore | None = self._open()
        """None after the file was removed."""
        self._load(self._store)

    def _load(self, store: MemoryStore) -> None:
        before = self._statements
        self._version = store.version
        self._index = Index()
        self._statements = {}
        self._episodes: dict[int, Episode] = {}
        for one, vector in store.statements():
            self._statements[one.id] = one
            self._index.put(f"s{one.id}", told(one), vector)
        for episode, vector in store.episodes():
            self._episodes[episode.id] = episode
            self._index.put(f"e{episode.id}", episode.summary, vector)
        for one in before.values():
            now = self._statements.get(one.id)
            if now is None or (now.edited and now.text != one.text):
                self._forgotten(Traces(one).are_in)

    def _forgotten(self, speaks_of_it: Callable[[str], bool]) -> None:
        """What is being answered may be full of it."""
        for found in self._asked.values():
            found.append(speaks_of_it)

    def _refresh(self) -> None:
        """Take over what another program changed."""
        if self._store is not None and self._store.is_gone:
            store, self._store = self._store, None
            self._index, self._statements, self._episodes = Index(), {}, {}
            self._forgotten(lambda _: True)
            store.close()
        if self._store is None and self._path.exists():  # somebody began it anew
            self._store, self._version = self._open(), _STALE
        if self._store is not None and self._store.version != self._version:
            self._load(self._store)

    @contextmanager
    def _writing(self, store: MemoryStore) -> Iterator[None]:
        """Everything in the block is kept, or nothing; then what was taken over already is read anew."""
        try:
            with store.together():
                yield
        except BaseException:
            self._version = _STALE
            raise

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that hold, the oldest first."""
        with self._lock:
            self._refresh()
            return tuple(self._statements.values())

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """Earlier conversations, the oldest first."""
        with self._lock:
            self._refresh()
            return tuple(self._episodes.values())

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Messages that were not summed up yet, the oldest first."""
        with self._lock:
            self._refresh()
            return () if self._store is None else tuple(self._store.turns())

    def recollect(self, said: str) -> Recollection:
        """What belongs into an answer to a message.

        Args:
            said: The user's message.
        """
        with self._lock:
            self._refresh()
            if said:
                self._asked[said] = []
            return recollected(said, self._index, self._statements, self._episodes, own_names=self._own_names)

    def note(self, said: str, answer: str, *, at_s: float | None = None) -> None:
        """Keep a message and its answer, and what the user said of himself in it.

        A message in which somebody may be in need is not kept, nor is its answer: nobody shall find it in a
        file, and no character shall come back to it. What speaks of something that was forgotten while it was
        answered is not kept, either, and nothing is that was being answered when everything was forgotten.

        Args:
            said: The user's message.
            answer: What was heard of the answer.
            at_s: When, seconds since 1970; None is now.

        Raises:
            OutputError: It cannot be written.
        """
        is_need = need_of(said) is not None
        now = time.time() if at_s is None else at_s
        with self._lock:
            if is_need:
                self._asked.pop(said, None)
                return
            try:
                self._refresh()
                self._note(said, answer, now)
            except OutputError:
                if self._store is None or not self._store.is_gone:
                    raise  # otherwise all was forgotten at this moment, and this with it
            finally:
                self._asked.pop(said, None)

    def _note(self, said: str, answer: str, now: float) -> None:
        if self._is_forgotten(said, answer):
            return
        if self._store is None:
            if not self._may_begin():
                return
            self._store = self._open()
            self._load(self._store)
        store, news = self._store, self._news(said, now)
        with self._writing(store):
            if store.version != self._version:  # another program was faster
                self._load(store)
                news = self._news(said, now)
                if self._is_forgotten(said, answer):
                    return
            store.add_turn("user", said, at_s=now)
            if answer:
                store.add_turn("assistant", answer, at_s=now)
            for one in news:
                self._keep(store, one, now)
            self._make_room(store)

    def _is_forgotten(self, said: str, answer: str) -> bool:
        return any(speaks_of_it(f"{said}\n{answer}") for speaks_of_it in self._asked.get(said, ()))

    def _news(self, said: str, now: float) -> list[News]:
        return news_in(said, tuple(self._statements.values()), self._near, now_s=now)

    def _keep(self, store: MemoryStore, one: News, now: float) -> None:
        if one.old is None:
            number = store.add(one.text, one.vector, since_s=now, why=reason_in(one.text))
            new = Statement(number, one.text, now, why=reason_in(one.text))
        else:
            new = Statement(one.old.id, one.text, now, was=one.old.text, why=reason_in(one.text))
            store.replace(new, one.vector)
        self._statements[new.id] = new
        self._index.put(f"s{new.id}", told(new), one.vector)

    def _near(self, vector: Float32) -> dict[int, float]:
        """How near the nearest statements are to a vector, by id."""
        found = self._index.nearest(vector, NEAREST)
        return {int(key[1:]): cosine for key, cosine in found if key[0] == "s"}

    def _make_room(self, store: MemoryStore) -> None:
        over = sum(tokens_in(one.text) for one in self._statements.values()) - CAP_TOKENS
        gone = []
        for one in sorted(self._statements.values(), key=lambda one: (one.edited, one.since_s)):
            if over <= 0:
                break
            gone.append(one.id)
            over -= tokens_in(one.text)
        if gone:
            store.remove(statements=gone)
            self._drop(statements=gone)

    def edit(self, number: int, text: str) -> None:
        """Put the user's own wording in the place of a statement; what is heard later leaves it alone.

        Args:
            number: The statement's id.
            text: What holds.

        Raises:
            NotFoundError: There is no such statement.
        """
        with self._lock:
            store, old = self._known(number)
            new = Statement(number, text.strip(), time.time(), edited=True)
            vector = embed([new.text])[0]
            with self._writing(store):
                store.replace(new, vector)
                self._erase(store, old, keep_statement=True)
                self._statements[number] = new
                self._index.put(f"s{number}", told(new), vector)

    def forget(self, number: int) -> None:
        """Remove a statement, and every message and summary that speaks of it.

        Args:
            number: The statement's id.

        Raises:
            NotFoundError: There is no such statement.
        """
        with self._lock:
            store, old = self._known(number)
            with self._writing(store):
                self._erase(store, old, keep_statement=False)

    def _known(self, number: int) -> tuple[MemoryStore, Statement]:
        self._refresh()
        if self._store is None or number not in self._statements:
            raise NotFoundError(f"there is no memory {number}", hint="List them: chatanything memory show")
        return self._store, self._statements[number]

    def _erase(self, store: MemoryStore, gone: Statement, *, keep_statement: bool) -> None:
        traces = Traces(gone)
        self._forgotten(traces.are_in)
        statements = [] if keep_statement else [gone.id]
        known = tuple(self._episodes)
        named = traces.named_in([one.summary for one in self._episodes.values()])
        near = {int(key[1:]) for key in self._index.sharing(traces.words, traces.enough) if key[0] == "e"}
        episodes = sorted(near | {known[place] for place in named})
        store.erase(statements=statements, turns=traces.among(store.turns()), episodes=episodes)
        self._drop(statements=statements, episodes=episodes)

    def _drop(self, *, statements: Sequence[int] = (), episodes: Sequence[int] = ()) -> None:
        """Take what the file no longer holds out of the index as well."""
        for number in statements:
            del self._statements[number]
            self._index.drop(f"s{number}")
        for number in episodes:
            del self._episodes[number]
            self._index.drop(f"e{number}")

    def end_conversations(
        self, llm: LLM | None, *, now_s: float | None = None, force: bool = False, most: int | None = None
    ) -> None:
        """Sum up what was said since the last summary, if it is over.

        Args:
            llm: Writes the summary; None takes the user's own statements.
            now_s: Seconds since 1970; None is now.
            force: The last conversation ends now.
            most: At most so many of them, the oldest, where somebody waits; None is all.

        Raises:
            OutputError: It cannot be written.
        """
        now = time.time() if now_s is None else now_s
        over = [one for one in conversations(self.turns) if force or now - one[-1].at_s > GAP_S][:most]
        summed_up = [(one, summary_of(one, llm)) for one in over]
        written = [(one, text, embed([text])[0] if text else None) for one, text in summed_up]
        if not written:
            return
        with self._lock:
            self._refresh()
            if self._store is None:  # all was forgotten meanwhile
                return
            with self._writing(self._store):
                for turns, text, vector in written:
                    ended_s = turns[-1].at_s
                    number = self._store.sum_up(turns, text, vector, ended_s=ended_s)
                    if number is not None:
                        self._episodes[number] = Episode(number, ended_s, text)
                        self._index.put(f"e{number}", text, vector)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._store is not None:
                self._store.close()
