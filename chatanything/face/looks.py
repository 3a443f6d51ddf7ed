"""What words about looks mean for the kit: tables only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SYNONYMS: Final[Mapping[str, tuple[str, int | None]]] = {
    "panda": ("bear", 1), "polar bear": ("bear", 1), "teddy": ("bear", 3), "bear": ("bear", None),
    "mug": ("teapot", 1), "coffee cup": ("teapot", 2), "cup": ("teapot", 1), "kettle": ("teapot", 0),
    "teapot": ("teapot", 0), "handbag": ("book", 2), "bag": ("book", 3), "suitcase": ("book", 3),
    "backpack": ("book", 2), "purse": ("book", 2), "book": ("book", 1), "diary": ("book", 0),
    "dictionary": ("book", 1), "apple": ("apple", None), "cherry": ("apple", 0), "tomato": ("apple", 0),
    "peach": ("apple", 3), "orange fruit": ("pumpkin", 2), "pumpkin": ("pumpkin", None),
    "pear": ("pear", None), "avocado": ("pear", 2), "lemon": ("pear", 1), "banana": ("pear", 1),
    "kitten": ("cat", None), "cat": ("cat", None), "tiger": ("cat", 0), "lion": ("cat", 3),
    "puppy": ("dog", None), "dog": ("dog", None), "wolf": ("dog", 3), "fox": ("fox", None),
    "owl": ("owl", None), "parrot": ("owl", 2), "eagle": ("owl", 0), "android": ("robot", None),
    "robot": ("robot", None), "cyborg": ("robot", None), "tree": ("tree", None), "oak": ("tree", 0),
    "willow": ("tree", 1), "treant": ("tree", 2), "cloud": ("cloud", None), "snowman": ("cloud", 0),
    "boulder": ("rock", None), "stone": ("rock", None), "rock": ("rock", None), "mountain": ("rock", 2),
    "gargoyle": ("rock", 2), "golem": ("rock", 1), "martian": ("alien", 0), "alien": ("alien", None),
    "goblin": ("alien", 0), "elf": ("alien", 3), "phantom": ("ghost", None), "spirit": ("ghost", None),
    "ghost": ("ghost", None),
}  # fmt: skip
"""Word -> kind and, where it matters, its variant; earlier rows win."""

DESCRIBED: Final = (
    ("apple", "a round fruit or vegetable: apple, cherry, tomato, peach, berry, onion"),
    ("pumpkin", "a big ribbed vegetable or a round ball: pumpkin, melon, orange, cabbage"),
    ("pear", "a long fruit or vegetable: pear, banana, aubergine, carrot, cucumber, pepper"),
    ("cat", "a feline or small pet: cat, tiger, lion, leopard, mouse, rabbit, hamster"),
    ("dog", "a canine or farm animal: dog, wolf, cow, horse, goat, sheep, donkey"),
    ("bear", "a big furry animal: bear, gorilla, monkey, badger, beaver, hippopotamus, elephant"),
    ("fox", "a sly slim animal: fox, raccoon, weasel, squirrel, deer"),
    ("owl", "a bird: owl, parrot, eagle, penguin, duck, chicken, raven"),
    ("robot", "a machine: robot, computer, toaster, car, telephone, clock, lamp, television, rocket"),
    ("tree", "a plant: tree, flower, cactus, bush, sunflower, mushroom, broccoli"),
    ("teapot", "crockery or a vessel: teapot, mug, cup, vase, bottle, pan, bucket, bell"),
    ("cloud", "something soft and white: cloud, pillow, marshmallow, cake, snow, sheep's wool, foam"),
    ("rock", "a mineral or building: rock, statue, mountain, castle, brick, diamond, planet, moon"),
    ("book", "something flat with corners: book, box, bag, suitcase, door, chair, shirt, stapler, clothes"),
    ("alien", "a strange creature: alien, frog, lizard, dragon, monster, insect, fish, octopus, goblin"),
    ("ghost", "something without a body: ghost, wind, shadow, dream, candle flame, jellyfish, soul"),
)
"""Kind -> what it stands for, compared with unknown species by meaning."""

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
VARIANT_WORDS: Final[Mapping[str, Mapping[str, int]]] = {
    "apple": {"red": 0, "green": 1, "yellow": 2, "pink": 3},
    "pumpkin": {"orange": 0, "golden": 2, "white": 3},
    "pear": {"green": 0, "yellow": 1, "golden": 3},
    "cat": {"orange": 0, "ginger": 0, "grey": 1, "gray": 1, "black": 2, "cream": 3, "white": 3},
    "dog": {"tan": 0, "golden": 0, "white": 1, "brown": 2, "black": 2, "grey": 3},
    "bear": {"brown": 0, "white": 1, "black": 2},
    "fox": {"orange": 0, "red": 1, "silver": 2, "white": 2},
    "robot": {"steel": 0, "white": 1, "teal": 2, "brass": 3, "golden": 3, "rusty": 3},
    "tree": {"oak": 0, "dark": 2, "birch": 3},
    "teapot": {"blue": 0, "green": 3},
    "book": {"red": 0, "blue": 1},
    "alien": {"green": 0, "blue": 1, "purple": 2, "yellow": 3},
    "ghost": {"white": 0, "blue": 1, "purple": 2, "green": 3},
    "cloud": {"white": 0, "grey": 1, "dark": 1, "pink": 2, "blue": 3},
}
