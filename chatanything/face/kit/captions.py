"""Caption text from the parameters, with synonyms and random omission."""

from __future__ import annotations

import random

from chatanything.face.kit.hosts import VARIANT_NAMES
from chatanything.face.kit.params import SKINS, Character

SYN = {
    "man": ("man", "guy", "gentleman"),
    "woman": ("woman", "lady"),
    "boy": ("boy", "young boy"),
    "girl": ("girl", "young girl"),
    "old": ("elderly", "old", "senior"),
    "tree": ("tree trunk", "old tree", "tree"),
    "teapot": ("{v}",),
    "book": ("{v}",),
    "robot": ("{v} robot", "{v} android"),
    "alien": ("{v} alien", "{v} martian"),
    "ghost": ("{v} ghost", "{v} spirit"),
    "cloud": ("{v} cloud",),
    "rock": ("{v} rock", "{v} stone"),
}
HAIR = {
    "bald": ("a bald head", "no hair"),
    "short": ("short {c} hair",),
    "buzz": ("a {c} buzz cut", "very short {c} hair"),
    "bob": ("a {c} bob", "chin-length {c} hair"),
    "long": ("long {c} hair",),
    "bun": ("{c} hair in a bun", "a {c} hair bun"),
    "curly": ("curly {c} hair", "{c} curls"),
    "ponytail": ("a {c} ponytail",),
    "mohawk": ("a {c} mohawk",),
    "quiff": ("a {c} quiff", "swept-back {c} hair"),
    "afro": ("a {c} afro",),
}
BEARD = {
    "moustache": ("a moustache",),
    "goatee": ("a goatee",),
    "full": ("a full beard", "a beard"),
    "long": ("a long beard",),
}
HAT = {
    "cap": ("a cap", "a baseball cap"),
    "sailor": ("a sailor cap", "a sailor hat"),
    "beanie": ("a beanie", "a woolly hat"),
    "crown": ("a golden crown", "a crown"),
    "leaf": ("a leaf on top",),
    "antenna": ("an antenna",),
}


def subject(c: Character, rng: random.Random) -> str:
    """Noun phrase of the character."""
    if c.kind == "human":
        key = (
            ("boy" if c.gender == "man" else "girl")
            if c.age < 0.22
            else c.gender
            if c.gender in SYN
            else "man"
        )
        age = (
            rng.choice(SYN["old"]) + " "
            if c.age > 0.75
            else rng.choice(("middle-aged ", ""))
            if c.age > 0.5
            else ""
        )
        return f"{age}{rng.choice(SYN[key])} with {SKINS[c.skin][0]} skin"
    v = VARIANT_NAMES[c.kind][c.variant % 4]
    t = rng.choice(SYN.get(c.kind, ("{v} " + c.kind,)))
    return t.format(v=v)


def caption(c: Character, rng: random.Random | None = None, drop: float = 0.2) -> str:
    """One sentence; each attribute is left out with probability ``drop``."""
    rng = rng or random.Random(0)
    s = subject(c, rng)
    parts: list[str] = []
    if c.kind == "human":
        parts.append(rng.choice(HAIR[c.hair]).format(c=c.hair_color))
        if c.beard != "none":
            parts.append(rng.choice(BEARD[c.beard]))
        if c.freckles > 0.3:
            parts.append("freckles")
        if c.lipstick:
            parts.append(rng.choice(("lipstick", "red lips")))
    parts.append(f"{c.eyes.iris} eyes")
    if c.glasses != "none":
        parts.append(rng.choice((f"{c.glasses} glasses", "glasses", "spectacles")))
    e = c.expression
    mood = []
    if e.get("mouthSmile", 0) > 0.45:
        mood.append(rng.choice(("smiling", "happy", "cheerful")))
    if e.get("mouthFrown", 0) > 0.4:
        mood.append(rng.choice(("frowning", "sad")))
    if e.get("jawOpen", 0) > 0.35:
        mood.append(rng.choice(("open mouth", "mouth wide open")))
    parts = [p for p in parts if rng.random() > drop]
    wear = []
    if c.hat != "none":
        wear.append(rng.choice(HAT[c.hat]))
    if c.shoulders and rng.random() > drop:
        wear.append(f"a {c.cloth} sweater")
    t = (
        f"{'an' if s[0] in 'aeio' else 'a'} {s}"
        if c.kind == "human"
        else f"{'an' if s[0] in 'aeio' else 'a'} {s} with a face"
    )
    if parts:
        t += (", " if " with " in t else " with ") + ", ".join(parts)
    if wear:
        t += ", wearing " + " and ".join(wear)
    if mood:
        t += ", " + ", ".join(mood)
    if rng.random() > drop:
        t += f", {c.background} background"
    return t
