"""Is what the model wrote usable? Every field is cleaned, then kept or refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chatanything.persona.face_words import ONCE_HUMAN, has_odd_face, look_conflict
from chatanything.persona.guard import MACHINE_TALK
from chatanything.persona.hero import called, fit_pronouns, named, pronouns_conflict, under_one_name
from chatanything.persona.names import gender_of_name
from chatanything.persona.parse import words_of
from chatanything.persona.prompt import EXAMPLE_NAMES, EXAMPLE_TEXTS, EXAMPLE_THINGS
from chatanything.persona.rules import Reading
from chatanything.persona.stems import stems_in

_HUMAN_LIFE: Final = re.compile(
    r"\b(?:was|is|as|became|were) an? (?:[\w-]+ ){0,3}?"
    r"(?:man|woman|boy|girl|child|human|person|retired \w+)\b|\bborn in (?:1[89]|20)\d\d"
    r"|\b(?:his|her|their|its) (?:wife|husband|children|parents|childhood|mother|father)\b",
    re.IGNORECASE,
)
_DULL: Final = re.compile(
    r"\b(?:what's up|how are you|how's it going|how is it going|nice to meet you|pleased to meet you)\b",
    re.IGNORECASE,
)
_HAIL: Final = r"(?:good \w+|hello|hi|hey|ah|oh|greetings|welcome)\W+(?:my |dear |old )*"
_FEWEST_LINES: Final = 2
_REPEATED: Final = 3
"""Times that a catchphrase may say a word: "No, no, no!"."""
_FACE_WORDS: Final = re.compile(r"\b(?:smil\w+|faces?|eyes|cheeks?|grin\w*)\b", re.IGNORECASE)
_UNENDED: Final = re.compile(
    r"\b(?:using|with|and|or|of|the|an?|in|to|by|her|his|its|like|that|who)\W*$", re.IGNORECASE
)
_PROFANE: Final = re.compile(
    r"\b(?:profan\w+|swear\w*|curs(?:e|es|ing)|vulgar\w*|obscen\w+)\b", re.IGNORECASE
)
_QUOTES: Final = re.compile(r"(?<!\w)['\"“‘]\w.*\w[.!?,]?['\"”’](?!\w)")
_CIRCLES: Final = re.compile(r"\b(\w+ \w+ \w+ \w+)\b.*\b\1\b.*\b\1\b|\b(\w+(?: \w+){5})\b.*\b\2\b")
"""The same words again and again."""
_NO_TASTES: Final = frozenset(
    ["nothing", "everything", "anything", "something", "all", "none", "things", "life", "people", "everyone",
     "everybody", "nobody", "no one", "yes", "no"]
)  # fmt: skip
_FOR_ADULTS: Final = re.compile(
    r"\b(?:cigar\w*|tobacco|smok\w+|beers?|wines?|whisk(?:e?y)|gin|rum|vodka|brandy|liquor|alcohol|gambling)\b",
    re.IGNORECASE,
)
_UNDER_AGE: Final = re.compile(r"\bteen\w*", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)]*(?=\s|$)")
_NAME: Final = re.compile(r"^[^\W\d_][\w'’. -]{1,39}$")


def trim(text: str, limit: int) -> str:
    """At most `limit` characters, ending at a sentence end; a text without one ends at a word."""
    text = " ".join(text.split())
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if match.end() <= limit]
    if ends and (len(text) > limit or not _SENTENCE_END.search(text, max(0, len(text) - 3))):
        return text[: ends[-1]]
    if len(text) > limit:
        text = text[:limit].rsplit(" ", 1)[0]
    text = text.rstrip(" ,;:-–—")
    return text if _SENTENCE_END.search(text, max(0, len(text) - 3)) else text + "."


def check_fields(raw: Mapping[str, Any], reading: Reading) -> tuple[dict[str, Any], dict[str, str]]:
    """Clean a model's answer.

    Returns:
        Usable fields (strings, or tuples of strings), and field -> why it was refused.
    """
    good: dict[str, Any] = {}
    bad: dict[str, str] = {}
    for field, check in _CHECKS.items():
        value = _printable(raw.get(field))
        kind = list if field in {"lines", "loves", "hates"} else str
        if not isinstance(value, kind) or not value:
            bad[field] = "missing"
            continue
        cleaned, why = check(value, reading)
        if why:
            bad[field] = why
        else:
            good[field] = cleaned
    first_name = called(reading.parsed.name or good.get("name", ""))
    if "lines" in good and first_name:
        # "How silly Ada is" is said by somebody else.
        good["lines"] = tuple(
            line for line in good["lines"] if not re.search(rf"\b{re.escape(first_name)}\b", line)
        )
        if len(good["lines"]) < _FEWEST_LINES:
            del good["lines"]
            bad["lines"] = "lines about itself as about somebody else"
    if "backstory" in good and first_name:
        good["backstory"] = under_one_name(good["backstory"], first_name)
        if reading.family == "human" and reading.gender == "neutral":
            good["backstory"] = named(good["backstory"], first_name)
    return good, bad


def _printable(value: Any) -> Any:
    """Strings without control characters and halves of characters, in lists too."""
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if not isinstance(value, str):
        return value
    kept = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"} else " " for c in value)
    return " ".join(kept.split())


def _hails(greeting: str, label: str) -> bool:
    """Whether a greeting is said to its own speaker: "Hi, Zest!", "Good evening, lighthouse keeper."."""
    if not label:
        return False
    return re.match(rf"{_HAIL}{re.escape(label)}\s*[.,!?]", greeting, re.IGNORECASE) is not None


def _name(value: str, reading: Reading) -> tuple[str, str]:
    name = " ".join(value.strip(" .\"'“”").split())
    words = {word.strip(".,'").lower() for word in name.split()}
    usual = gender_of_name(name)
    if not _NAME.match(name) or len(name.split()) > 4 or re.search(r"[a-z]{2}[A-Z]", name):
        return "", "not a name"
    if words & EXAMPLE_NAMES:
        return "", "the example's name"
    if name.lower() in {reading.species, reading.role.lower(), "unknown", "character", "stranger"}:
        return "", "a label, not a name"
    if not name[0].isupper():
        name = name.title()
    if len(name.split()) == 2 and "neutral" not in map(gender_of_name, name.split()):
        name = name.split()[0]  # "Helena Rosalind": both of the names that it was to choose from
    if reading.gender != "neutral" and usual not in {"neutral", reading.gender}:
        return "", "a name of the other gender"
    return name, ""


def _backstory(value: str, reading: Reading) -> tuple[str, str]:
    # The dot of "Mr." ends no sentence.
    plain = re.sub(r"\b(Mr|Mrs|Ms|Dr|St)\.", r"\1", value)
    sentences = re.split(r"(?<=[.!?])\s+", trim(plain, 400))
    sentences = [one for one in sentences if not _CIRCLES.search(" ".join(words_of(one)))]
    own = [sentence for sentence in sentences if not _parrots(sentence, reading.parsed.text)]
    # One sentence alone has lost its beginning with the one before it.
    text = fit_pronouns(" ".join(own if len(own) > 1 else sentences), reading)
    if len(text) < 40 or not own:
        return "", "too short or the description again"
    if why := _machine(text, reading):
        return "", why
    if pronouns_conflict(text, reading.gender):
        return "", "the pronouns of the other gender"
    if reading.family not in ONCE_HUMAN and _HUMAN_LIFE.search(text):
        return "", f"a human life for a {reading.species}"
    return text, ""


def check_greeting(value: str, reading: Reading, name: str) -> tuple[str, str]:
    """A model's greeting cleaned, and why it cannot be used; "" if it can.

    Args:
        value: The model's words.
        reading: The facts of the description.
        name: Of the character.
    """
    text = trim(_printable(value).strip('"“”'), 300)
    labels = [name.partition(" ")[0], reading.role, reading.species if reading.species != "human" else ""]
    if any(_hails(text, label) for label in labels):
        return "", "it greets itself"
    if _copied(text):
        return "", "the example's greeting"
    if len(text.split()) < 6 or len(text.split()) > 60 or _DULL.search(text):
        return "", "too short, too long, or what anybody would say"
    return text, _machine(text, reading)


def _manner(value: str, reading: Reading) -> tuple[str, str]:
    text = trim(value, 200)
    if re.match(r"(?:I|I'm|My)\b", text):
        return "", "speech instead of a manner of speaking"
    if _PROFANE.search(text):
        return "", "foul words for a manner"
    if _FACE_WORDS.search(text) or _UNENDED.search(text) or _QUOTES.search(text):
        return "", "a face, half a sentence, or speech instead of a manner of speaking"
    if _goes_in_circles(text):
        return "", "the same word again and again"
    return text, _machine(text, reading)


def _catchphrase(value: str, reading: Reading) -> tuple[str, str]:
    text = trim(value.strip(' "“”'), 80)
    if _copied(text) or re.match(r"(?:I'm|I am|My name)\b", text):
        return "", "the example's phrase, or an introduction"
    if max(Counter(words_of(text)).values(), default=0) > _REPEATED or _UNENDED.search(text):
        return "", "the same word again and again"
    return text, _machine(text, reading)


def _lines(value: Sequence[Any], reading: Reading) -> tuple[tuple[str, ...], str]:
    usable: dict[str, str] = {}
    for line in (trim(line, 140) for line in value if isinstance(line, str)):
        words = words_of(line)
        said = _machine(line, reading) or _copied(line) or _parrots(line, reading.parsed.text)
        if re.match(r"I\b", line) and len(words) >= 3 and not said:
            usable.setdefault(" ".join(words[:3]), line)
    # Lines that all start alike ("I don't know ...") are a small model going round in circles.
    few = "too few different lines that start with I"
    return tuple(usable.values()), "" if len(usable) >= _FEWEST_LINES else few


def _things(value: Sequence[Any], reading: Reading) -> tuple[tuple[str, ...], str]:
    things = [" ".join(item.split()).strip(" .\"'") for item in value if isinstance(item, str)]
    fresh = [t for t in dict.fromkeys(things) if t not in EXAMPLE_THINGS or t in reading.parsed.likes]
    labels, trade = {reading.species, reading.role.lower()}, reading.role.lower().rpartition(" ")[2]
    usable = tuple(
        t
        for t in fresh
        if t.lower() not in labels | _NO_TASTES
        and not t.lower().startswith("no ")
        and not (trade and t.lower().startswith(trade))
        and 2 <= len(t) <= 50
        and not (_is_under_age(reading) and _FOR_ADULTS.search(t))
        and not _machine(t, reading)
    )
    return usable, "" if usable else "nothing usable"


def _hates(value: Sequence[Any], reading: Reading) -> tuple[tuple[str, ...], str]:
    """Things, but for what the description tells of without hate: a moustache somebody is proud of."""
    things, _ = _things(value, reading)
    own, disliked = stems_in(reading.parsed.core), stems_in(" ".join(reading.parsed.dislikes))
    usable = tuple(one for one in things if not stems_in(one) & (own - disliked))
    return usable, "" if usable else "nothing usable"


def _is_under_age(reading: Reading) -> bool:
    return reading.age == "child" or _UNDER_AGE.search(reading.parsed.text) is not None


def _goes_in_circles(text: str) -> bool:
    """Whether a word of weight stands in a text three times."""
    return max(Counter(word for word in words_of(text) if len(word) > 3).values(), default=0) > 2


def _look(value: str, reading: Reading) -> tuple[str, str]:
    text = trim(value, 260)
    why = look_conflict(text, reading.species, reading.family, reading.gender, reading.age)
    if not why and re.search(r"\b(?:voice|smell|sound)", text):
        why = "more than a face"
    if not why and has_odd_face(text, reading.parsed.text):
        why = "a face without two eyes and a mouth"
    if not why and _goes_in_circles(text):
        why = "the same word again and again"
    return text, why


def _parrots(sentence: str, description: str) -> bool:
    """Whether a sentence only says the description again: four of its words in a row."""
    words, said = words_of(sentence), " ".join(words_of(description))
    runs = (" ".join(words[i : i + 4]) for i in range(len(words) - 3))
    return len(words) < 16 and any(run in said for run in runs)


def _copied(text: str) -> bool:
    """Whether a text repeats four words in a row of a worked example, or begins like one."""
    words = words_of(text)
    runs = {" ".join(words[i : i + 4]) for i in range(len(words) - 3)}
    begins = words[:3]
    return any(
        begins == words_of(example)[:3] or any(run in " ".join(words_of(example)) for run in runs)
        for example in EXAMPLE_TEXTS
    )


def _machine(text: str, reading: Reading) -> str:
    found = MACHINE_TALK.search(text)
    robot_may = reading.family == "robot" and found is not None and "assist" not in found[0].lower()
    return "" if found is None or robot_may else "talk of a machine or an assistant"


_CHECKS: Final[dict[str, Callable[[Any, Reading], tuple[Any, str]]]] = {
    "name": _name,
    "backstory": _backstory,
    "manner": _manner,
    "catchphrase": _catchphrase,
    "lines": _lines,
    "loves": _things,
    "hates": _hates,
    "look": _look,
}
