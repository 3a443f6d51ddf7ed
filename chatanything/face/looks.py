"""What words about looks mean for the kit: tables only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AGES: Final = {"child": (0.0, 0.22), "young": (0.22, 0.4), "adult": (0.25, 0.6), "old": (0.7, 1.0)}
MOODS: Final[Mapping[str, Mapping[str, float]]] = {
    "neutral": {"mouthSmile": 0.25},
    "happy": {"mouthSmile": 0.55, "browInnerUp": 0.15},
    "sad": {"mouthFrown": 0.3, "browInnerUp": 0.6},
    "angry": {"mouthFrown": 0.12, "browDown": 0.7},
    "afraid": {"mouthFrown": 0.2, "browInnerUp": 0.7, "eyeWide": 0.4},
    "surprised": {"browInnerUp": 0.6, "browOuterUp": 0.5, "eyeWide": 0.4},
    "disgusted": {"mouthFrown": 0.45, "browDown": 0.35, "eyeSquint": 0.3},
    "tender": {"mouthSmile": 0.35, "browInnerUp": 0.35, "eyeSquint": 0.15},
}
SKIN_WORDS: Final = (
    (r"\b(porcelain|pale|pallid)\b", 0), (r"\b(fair|irish|scottish|nordic|swedish)\b", 1),
    (r"\b(tan|tanned|sunburnt|weathered|mexican|spanish|italian|greek)\b", 3),
    (r"\b(olive|arab|turkish|persian|brazilian)\b", 4), (r"\b(indian|brown skin|brown skinned)\b", 5),
    (r"\b(dark skin|dark skinned|jamaican)\b", 6),
    (r"\b(african|nigerian|kenyan|deep skin|black man|black woman)\b", 7),
    (r"\b(japanese|chinese|korean|asian)\b", 2),
)  # fmt: skip
HAIR_WORDS: Final = (
    (r"\bbald\b", "bald"), (r"\bmohawk|punk\b", "mohawk"), (r"\bafro\b", "afro"),
    (r"\b(curly|curls)\b", "curly"), (r"\bponytail\b", "ponytail"), (r"\bbun\b", "bun"),
    (r"\bbob\b", "bob"), (r"\b(long|flowing) (\w+ )?hair\b", "long"),
    (r"\b(buzz cut|soldier|monk)\b", "buzz"),
    (r"\bshort (\w+ )?hair\b", "short"), (r"\b(quiff|rock n roll|elvis)\b", "quiff"),
)  # fmt: skip
HAIR_COLOR_WORDS: Final = (
    (r"\b(blonde?|golden hair)\b", "blonde"), (r"\b(red hair|redhead|ginger)\b", "red"),
    (r"\b(white (\w+ )?(hair|beard))\b", "white"),
    (r"\b(gr[ae]y (\w+ )?(hair|beard)|silver hair)\b", "grey"),
    (r"\b(dark brown hair)\b", "dark brown"), (r"\b(black hair)\b", "black"), (r"\b(brown hair)\b", "brown"),
)  # fmt: skip
BEARD_WORDS: Final = (
    (r"\blong (\w+ )?beard|wizard\b", "long"), (r"\b(moustache|mustache)\b", "moustache"),
    (r"\bgoatee\b", "goatee"), (r"\b(beard|bearded|stubble)\b", "full"),
)  # fmt: skip
HAT_WORDS: Final = (
    (r"\b(crown|king|queen|prince|princess|emperor|royal)\b", "crown"),
    (r"\b(sailor|captain|lighthouse|sea ?man|admiral|ship)", "sailor"),
    (r"\b(beanie|woolly hat|knitted hat|skier|fisherman)\b", "beanie"),
    (r"\b(cap|baseball|postman|mechanic|trucker|driver)\b", "cap"),
)  # fmt: skip
BACKGROUND_WORDS: Final = (
    (r"\b(night|moon|star|astronaut|vampire|midnight)", "night"),
    (r"\b(sea|ocean|lighthouse|underwater)", "teal"),
    (r"\b(sky|pilot|cloud)", "sky blue"), (r"\b(forest|garden|meadow|gardener)", "mint"),
    (r"\b(office|city|detective|storm)", "slate"), (r"\b(love|romantic|flower)", "rose"),
)  # fmt: skip
