"""From a user's sentence to its parts: head noun phrase, likes, dislikes, name, place.

A small hand-written grammar for sentences such as "a grumpy old lighthouse keeper from Maine who loves
jazz". It reads English; other languages pass through with few parts found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatanything.errors import UsageError
from chatanything.persona.lexicon import lexicon

MAX_DESCRIPTION: Final = 2000
_MARKED: Final = re.compile("[ışğőűłąęćńśźżčřšžťďňůěțș]")
"""Letters of Turkish and of the east of Europe, as in "nasıl yardımcı"."""
_MARKED_WORDS: Final = 2
_PHRASE: Final = 4
"""Words from which a language can be told."""
_HINT: Final = 'Describe a character in a sentence, for example "a shy teapot who loves rain".'
_INTRO: Final = re.compile(
    r"^(?:(?:please|can you|could you|i want|i'd like|i would like|create|make|imagine|generate|give me|"
    r"design|meet|you are|you're|act as|pretend to be|this is|it is|it's|he is|she is|he's|she's|my name is|"
    r"a character who is|a character that is|a character|a persona of|a portrait of|talk to|to be|me)\s+)+",
    re.IGNORECASE,
)
_LIKES: Final = re.compile(
    r"\b(?:loves?|likes?|adores?|enjoys?|is fond of|fond of|is obsessed with|obsessed with|crazy about|"
    r"passionate about|collects?)\s+(?:to\s+)?([^,.;!?]+)",
    re.IGNORECASE,
)
_DISLIKES: Final = re.compile(
    r"\b(?:hates?|dislikes?|despises?|detests?|can't stand|cannot stand|fears?|is afraid of|afraid of|"
    r"scared of|terrified of|allergic to)\s+(?:to\s+)?([^,.;!?]+)",
    re.IGNORECASE,
)
_DREAM: Final = re.compile(
    r"\b((?:dreams? of|wants? to|hopes? to|wish(?:es)? to)\s+[^,.;!?]+)",
    re.IGNORECASE,
)
_DEED: Final = re.compile(
    r"\b(?:who|that|which) ((?:never|always|secretly|only|still|often) )?"
    r"([a-z]+(?:[^s\W]s|[sxz]es|ches|shes))(?: ([^,.;:!?]+))?",
    re.IGNORECASE,
)
_NO_DEED: Final = frozenset({
    "is", "was", "has", "does", "loves", "likes", "adores", "enjoys", "collects", "hates", "dislikes",
    "despises", "detests", "fears", "dreams", "wants", "hopes", "wishes", "lives", "speaks", "talks",
    "sounds", "looks", "seems", "comes", "works", "this", "his", "its",
})  # fmt: skip
"""What is read elsewhere, or says what somebody is and not what he does."""
_OWN: Final = {
    "his": "my",
    "her": "my",
    "its": "my",
    "their": "my",
    "himself": "myself",
    "herself": "myself",
    "itself": "myself",
}
_OTHER_SUBJECT: Final = re.compile(r"\b(?:he|she|it|they|him|them|hers)\b", re.IGNORECASE)
_LIST_END: Final = re.compile(
    r"\s+(?:but|who|that|which|because|when|while|"
    r"and\s+(?:\w+s\s|is\b|has\b|was\b|a\s+\w+\s+who|never|always|speaks)).*$",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"\b(?:named|called|name is|name's|goes by)\s+[\"“]?((?:[A-Z][\w'.-]*)(?:\s+[A-Z][\w'.-]*){0,3})"
)
_LEADING_NAME: Final = re.compile(r"^([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2}),\s+(?:a|an|the|my|our)\s")
_TITLED: Final = re.compile(
    r"\b((?:Mr|Mrs|Ms|Miss|Madame|Madam|Mademoiselle|Monsieur|Herr|Frau|Señora?|Signora?|Dr|Sir|Lady|Lord|Uncle|"
    r"Aunt|Auntie|Granny|Captain|Professor|Sister|Brother)\.? [A-Z][\w'’-]+)"
)
_HOME: Final = re.compile(
    r"\b(?:from|living in|lives in|who lives in|lives on|living on|in the|at the|on the)\s+"
    r"((?:the\s+|a\s+|an\s+)?[\w' -]{2,40}?)(?=[,.;!?]|\s+(?:who|that|which|and|with|but)\b|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parts of a description."""

    text: str
    """The cleaned text that was parsed; emoji stand as their names."""
    phrase: tuple[str, ...]
    """Head noun phrase in lower case, without articles; its last word is the head. May be empty."""
    likes: tuple[str, ...]
    dislikes: tuple[str, ...]
    name: str
    home: str
    dream: str
    """What the character wishes for, from "I" on: "dream of being an astronaut"; may be empty."""
    deed: str
    """What the character does, from "I" on: "repair motorbikes"; may be empty."""
    core: str
    """The text without likes, dislikes and quoted speech: where traits and attributes are looked for."""
    english: bool


def clean_description(text: str) -> str:
    """NFC, no control characters, single spaces.

    Raises:
        UsageError: Empty, longer than 2,000 characters, or without anything that has a name.
    """
    if len(text) > MAX_DESCRIPTION:
        raise UsageError(
            "the description is too long",
            expected=f"at most {MAX_DESCRIPTION:,} characters",
            got=f"{len(text):,}",
            hint="Shorten it; the essence is enough.",
        )
    kept = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Co"} else " " for c in text)
    clean = " ".join(unicodedata.normalize("NFC", kept).split())
    if not clean:
        raise UsageError("the description is empty", expected="a few words", hint=_HINT)
    if not readable(clean):
        raise UsageError(
            "the description has no words", expected="words or emoji", got=clean[:40], hint=_HINT
        )
    return clean


def readable(text: str) -> str:
    """The text itself, or for a text without letters the names of its emoji: "red apple, microphone"."""
    if any(c.isalpha() for c in text):
        return text
    names = []
    for char in text:
        name = unicodedata.name(char, "").lower()
        if unicodedata.category(char) == "So" and name:
            names.append(re.sub(r"^(?:black|white heavy) | (?:face|symbol|sign|emoji)$", "", name))
    return ", ".join(dict.fromkeys(names))


def parse(clean: str) -> Parsed:
    """Take a cleaned description apart."""
    text = readable(clean)
    # A title that stands first may be that of somebody real: "Sir Elton John".
    named = _NAMED.search(text) or _LEADING_NAME.search(text) or _TITLED.search(text, 1)
    body = _LEADING_NAME.sub("a ", text, count=1) if _LEADING_NAME.search(text) else text
    likes, dislikes = _objects(_LIKES, body), _objects(_DISLIKES, body)
    core = re.sub(r"[\"“][^\"”]*[\"”]", " ", body)
    for pattern in (_LIKES, _DISLIKES):
        core = pattern.sub(lambda match: " " + _after_list(match[1]), core)
    home = next((found for found in _HOME.finditer(core) if _is_place(found[1])), None)
    return Parsed(
        text=text,
        phrase=_head_phrase(_INTRO.sub("", core.strip())),
        likes=likes,
        dislikes=dislikes,
        name=named[1].strip(" .'") if named else "",
        home=home[1].strip() if home else "",
        dream=_dream(body),
        deed=_deed(body),
        core=core,
        english=looks_english(text),
    )


def words_of(text: str) -> list[str]:
    """Lower-case words, hyphens kept."""
    return re.findall(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", text.lower().replace("’", "'"))


def looks_english(text: str) -> bool:
    """A guess from script and function words; short texts without evidence count as English."""
    if _is_another_script(text):
        return False
    lists = lexicon().lists
    english, foreign = lists["english"], lists["foreign"]
    found = words_of(text)
    return sum(w in foreign - english for w in found) <= sum(w in english for w in found)


def is_clearly_foreign(text: str) -> bool:
    """Whether a message or a clause is not English.

    It takes more evidence than `looks_english`, which is made for descriptions: talk has few function words.
    """
    if _is_another_script(text):
        return True
    words, lists = words_of(text), lexicon().lists
    marked = sum(_MARKED.search(word) is not None for word in words)
    if marked >= _MARKED_WORDS and marked > 0.3 * len(words):
        return True
    ours = lists["english"] | lists["talk"]
    english = sum(word in ours for word in words)
    foreign = sum(word in lists["foreign"] - ours for word in words)
    enough = foreign >= 2 or (foreign == 1 and not english and len(words) > _PHRASE)
    return len(words) >= _PHRASE and enough and foreign > 2 * english


def _is_another_script(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(not letter.isascii() for letter in letters) > 0.3 * max(len(letters), 1)


def _objects(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """The things that somebody likes or not, as short noun phrases."""
    items: list[str] = []
    for match in pattern.finditer(text):
        span = _LIST_END.sub("", match[1])
        parts = re.split(r"\s+(?:and|or)\s+|\s*&\s*", span)
        items += [part.strip(" \"'“”") for part in parts]
    return tuple(dict.fromkeys(item for item in items if 1 < len(item) <= 60))[:5]


def _dream(text: str) -> str:
    match = _DREAM.search(text)
    if match is None:
        return ""
    verb, _, rest = _LIST_END.sub("", match[1]).strip().partition(" ")
    plain = {"dreams": "dream", "wants": "want", "hopes": "hope", "wishes": "wish"}
    return f"{plain.get(verb.lower(), verb.lower())} {rest}"[:120]


def _deed(text: str) -> str:
    """The first thing that a description says somebody does: "who counts his coins" is "count my coins"."""
    for match in _DEED.finditer(text):
        often, verb, rest = match[1] or "", match[2].lower(), _LIST_END.sub("", f" {match[3] or ''}").strip()
        # "Who hiccups when she laughs" is not just somebody who hiccups.
        cut = bool(match[3]) and not rest
        no_deed = verb in _NO_DEED and not (verb in {"talks", "speaks"} and rest.startswith("to "))
        if no_deed or cut or _OTHER_SUBJECT.search(rest):
            continue
        own = " ".join(_OWN.get(word.lower(), word) for word in rest.split())
        return f"{often.lower()}{_plain_verb(verb)} {own}".strip()[:120]
    return ""


def _plain_verb(verb: str) -> str:
    """The form after "I" of a verb in the third person: "carries" is "carry", "watches" is "watch"."""
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    if verb.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return verb[:-2]
    return verb[:-1]


def _after_list(span: str) -> str:
    """What follows the list of likes inside the same clause."""
    end = _LIST_END.search(span)
    return end[0] if end else ""


def _head_phrase(text: str) -> tuple[str, ...]:
    """Words of the first noun phrase."""
    lex = lexicon()
    adjectives = (
        lex.traits.keys() | lex.sound.keys() | lex.age.keys() | lex.gender.keys() | lex.accents.keys()
    )
    articles, stops = lex.lists["articles"], lex.lists["stops"]
    phrase: list[str] = []
    words = re.findall(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|[,.;:!?()—]|\d[\w-]*", text.lower().replace("’", "'"))
    for index, word in enumerate(words):
        if word.endswith("'s") or (word in articles and not (word == "that" and phrase)):
            if phrase and words[index - 1] in {"and", "or"}:
                break
            continue
        if word == "of" and phrase and phrase[-1] in lex.lists["measures"]:
            phrase = phrase[:-1]
            continue
        if (
            word == "of"
            and phrase
            and phrase[-1] in lex.lists["like_a"]
            and _is_person(words[index + 1 : index + 4])
        ):
            phrase = phrase[:-1]
            continue
        if word == "," and (not phrase or (phrase[-1] in adjectives and not lex.is_role(phrase[-1]))):
            continue
        has_noun = any(lex.is_role(w) or lex.known_species(w) for w in phrase)
        verb = word.endswith("ing") and has_noun and not lex.known_species(word)
        if word in stops or word == "of" or not word[0].isalnum() or verb:
            if phrase:
                break
            continue
        if word != "and" and not word[0].isdigit():
            phrase.append(word)
    return tuple(phrase[:8])


def _is_place(words: str) -> bool:
    """Whether somebody can be at home there: not in instant noodles, and not in a large family."""
    head = re.split(r" (?:of|in|with|near|by) ", words.lower())[0].rpartition(" ")[2]
    species = lexicon().known_species(head)
    return head not in lexicon().lists["no_homes"] and (species is None or species.family != "food")


def _is_person(words: Sequence[str]) -> bool:
    """Whether "a", perhaps an adjective, and an occupation follow."""
    return words[:1] in (["a"], ["an"]) and any(lexicon().is_role(word) for word in words[1:])
