"""What words about looks mean for the kit: tables only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AGES: Final = {"child": (0.0, 0.22), "young": (0.22, 0.4), "adult": (0.25, 0.6), "old": (0.7, 1.0)}
MOODS: Final[Mapping[str, Mapping[str, float]]] = {
    "neutral": {"mouthSmile": 0.4},
    "happy": {"mouthSmile": 0.85, "browInnerUp": 0.15, "eyeSquint": 0.1},
    "sad": {"mouthFrown": 0.45, "browInnerUp": 0.8},
    "angry": {"mouthFrown": 0.35, "browDown": 0.95, "eyeSquint": 0.15},
    "afraid": {"mouthFrown": 0.2, "browInnerUp": 0.7, "eyeWide": 0.4},
    "surprised": {"browInnerUp": 0.6, "browOuterUp": 0.5, "eyeWide": 0.4},
    "disgusted": {"mouthFrown": 0.45, "browDown": 0.35, "eyeSquint": 0.3},
    "tender": {"mouthSmile": 0.5, "browInnerUp": 0.35, "eyeSquint": 0.15},
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
    (r"\bbald\b", "bald"), (r"\bbalding\b", "balding"), (r"\breceding\b", "receding"),
    (r"\b(mohawk|(?<!steam |cyber )punks?)\b", "mohawk"),
    (r"\bafro puffs?\b", "afro puffs"), (r"\bafro\b", "afro"),
    (r"\b(dreadlocks?|dreads|rasta|reggae)\b", "dreadlocks"),
    (r"\b(ringlets?|corkscrew curls)\b", "ringlets"),
    (r"\b(curly|curls)\b", "curly"), (r"\b(wavy|waves in (her|his) hair)\b", "wavy"),
    (r"\b(pigtails|bunches)\b", "pigtails"), (r"\b(braids?|braided|plaits?)\b", "braids"),
    (r"\b(space buns|double buns?)\b", "space buns"), (r"\b(top ?knot|man bun|samurai)\b", "topknot"),
    (r"\bponytail\b", "ponytail"), (r"\bbun\b", "bun"),
    (r"\b(bangs|straight fringe)\b", "bangs"), (r"\bpixie( cut)?\b", "pixie"), (r"\bbowl cut\b", "bowl"),
    (r"\bundercut\b", "undercut"), (r"\b(slicked|combed) back\b", "slicked back"),
    (r"\b(side part|side parting|parted hair)\b", "side part"),
    (r"\b(messy|spiky|tousled|wild|unruly) (\w+ )?hair(ed)?\b", "spiky"),
    (r"\bbob\b", "bob"), (r"\b(long|flowing) (\w+ )?hair\b", "long"),
    (r"\b(buzz cut|soldier|monk)\b", "buzz"),
    (r"\bshort (\w+ )?hair\b", "short"), (r"\b(quiff|rock n roll|elvis)\b", "quiff"),
)  # fmt: skip
LITTLE_HAIR: Final = ("bald", "balding", "buzz", "receding")
PLAIN_HAIR: Final = (("short", "side part", "curly"), ("bob", "long", "wavy"))
"""Of men and of women, when only the colour is named."""
HAIR_COLOR_WORDS: Final = (
    (r"\b(blonde?|golden hair)\b", "blonde"), (r"\b(red hair|redhead|ginger)\b", "red"),
    (r"\b(white (\w+ )?(hair|beard))\b", "white"),
    (r"\b(gr[ae]y (\w+ )?(hair|beard)|silver hair)\b", "grey"),
    (r"\b(dark brown hair)\b", "dark brown"), (r"\b(black hair)\b", "black"), (r"\b(brown hair)\b", "brown"),
)  # fmt: skip
BEARD_WORDS: Final = (
    (r"\b(long (\w+ )?beard(ed|s)?|wizards?)\b", "long"),
    (r"\b(handlebar|twirled|curled|waxed) m(o)?ustache\b", "handlebar"),
    (r"\b(moustache|mustache)\b", "moustache"), (r"\bgoatee\b", "goatee"),
    (r"\b(beard|bearded)\b", "full"),
)  # fmt: skip
BEARDED_ROLES: Final = r"\b(sailors?|captains?|keepers?|pirates?|fishers?|fisherm[ae]n)\b"
HAT_WORDS: Final = (
    (r"\b(crown|king|queen|prince|princess|emperor|royal)\b", "crown"),
    (r"\b(sailors?|captains?|lighthouses?|sea ?m[ae]n|admirals?|ships?|shipmates?)\b", "sailor"),
    (r"\b(beanie|woolly hat|knitted hat|skier|fisherman)\b", "beanie"),
    (r"\b(cap|baseball|postman|mechanic|trucker|driver)\b", "cap"),
    (r"\b(hijab|headscarf|muslim woman|muslim girl)\b", "headscarf"),
    (r"\b(turban|sikh|maharaja)\b", "turban"),
    (r"\b(wizard|witch|sorcerer|sorceress|warlock|magician s apprentice)\b", "wizard"),
    (r"\b(chef|chef s hat)\b", "chef"), (r"\b(cowboy|cowgirl|sheriff|rancher)\b", "cowboy"),
    (r"\b(police|policeman|policewoman|constable|cop)\b", "police"),
    (r"\b(hard hat|builder|construction|miner|site manager)\b", "hard hat"),
    (r"\b(top hat|magician|ringmaster|gentleman)\b", "top hat"),
    (r"\b(fedora|detective|gangster|private eye|spy)\b", "fedora"),
    (r"\b(straw hat|gardener|farmer|beekeeper)\b", "straw hat"),
    (r"\b(beret|painter|french artist|mime)\b", "beret"),
    (r"\b(headphones|dj|gamer|podcaster|radio host)\b", "headphones"),
    (r"\b(flower in (her|his) hair|hippie|hula)\b", "flower"),
    (r"\b(hair bow|bow in her hair|ribbon)\b", "bow"),
)  # fmt: skip
OUTFIT_WORDS: Final = (
    (r"\b(lab coat|scientist|doctor|physician|chemist|pharmacist|dentist|vet)\b", "lab coat"),
    (r"\b(apron|chef|cook|baker|barista|butcher|florist|blacksmith)\b", "apron"),
    (r"\b(uniform|police|policeman|policewoman|soldier|general|pilot|captain|admiral|officer)\b", "uniform"),
    (r"\b(suit|lawyer|banker|businessman|businesswoman|butler|gentleman|president|spy|magician)\b", "suit"),
    (r"\b(hoodie|hooded|skater|rapper|gamer|hacker|teenager)\b", "hoodie"),
    (r"\b(dress|gown|princess|queen|bride|ballerina|opera singer)\b", "dress"),
    (r"\bscarf\b", "scarf"),
    (r"\b(sweater|jumper|pullover|fisherman|keeper|grandma|grandpa|grandmother|grandfather)\b", "sweater"),
    (r"\b(shirt|tie|teacher|professor|librarian|clerk|accountant|office)\b", "shirt"),
)  # fmt: skip
GARMENTS: Final = r"(sweater|coat|jacket|shirt|dress|uniform|scarf|jumper|robe)(s|es)?\b"
"""What has the colour that is named before it."""
CASUAL: Final = ("plain", "plain", "sweater", "hoodie", "scarf", "shirt")
"""Outfits that say nothing about a job."""
GLASSES_WORDS: Final = (
    (r"\bmonocle\b", "monocle"), (r"\bcat eye glasses\b", "cat-eye"), (r"\baviators?\b", "aviator"),
    (r"\bsquare (glasses|spectacles)\b", "square"),
    (r"\b(glasses|spectacles|bespectacled)\b", "round"),
    (r"\b(librarians?|professors?|scholars?|scholarly|teachers?|scientists?|nerds?|nerdy)\b", "round"),
)  # fmt: skip
BUILD_WORDS: Final = (
    (r"\b(thin|slim|skinny|slender|gaunt|lanky|bony)\b", -0.9),
    (r"\b(fat|heavy|chubby|plump|stout|round faced|burly|portly|big bellied)\b", 0.9),
)
BACKGROUND_WORDS: Final = (
    (r"\b(lighthouse)\b", "lighthouse"),
    (r"\b(underwater|submarine|mermaid|fish|octopus|shark|diver)\b", "underwater"),
    (r"\b(sailor|captain|pirate|fisher|fisherman|harbour|harbor|ship|boat|sea|ocean)\b", "harbour"),
    (r"\b(kitchen|chef|cook|cooks|baker|bakes|bakery|cake|cakes|bread|soup)\b", "kitchen"),
    (r"\b(teacher|teaches|school|pupil|student|classroom)\b", "classroom"),
    (r"\b(library|librarian|books?|scholar|professor|poet|writer|novelist|historian)\b", "library"),
    (r"\b(space|astronaut|planet|galaxy|rocket|alien|martian)\b", "space"),
    (
        r"\b(opera|sings|singer|stage|actor|actress|comedian|theatre|dancer|dances|musician|circus|clown)\b",
        "stage",
    ),
    (r"\b(workshop|mechanic|carpenter|inventor|tinkerer|engineer|blacksmith|robot|plumber)\b", "workshop"),
    (r"\b(office|clerk|boss|accountant|secretary|lawyer|manager|stapler|banker|programmer)\b", "office"),
    (r"\b(castle|king|queen|prince|princess|knight|dungeon|wizard|witch|royal|emperor|dragon)\b", "castle"),
    (r"\b(night|moon|stars?|astronomer|astronomy|vampire|midnight|ghost|owl)\b", "night sky"),
    (r"\b(beach|surf|surfer|surfing|island|tropical|holiday|palm|coconut|pineapple)\b", "beach"),
    (r"\b(snow|snowy|winter|ice|icy|skier|arctic|penguin|yeti|christmas)\b", "snow"),
    (r"\b(autumn|fall leaves|pumpkin|halloween|harvest|scarecrow)\b", "autumn"),
    (r"\b(spring|blossom|love|romantic|bride)\b", "spring"),
    (r"\b(forest|woods?|druid|hunter|tree|oak|mushroom|fox|bear|deer)\b", "forest"),
    (r"\b(garden|gardener|gardening|flowers?|florist|rose|bees?|beekeeper)\b", "garden"),
    (r"\b(farm|farmer|meadow|shepherd|cow|sheep|horse|country|hills?|pilot|sky|cloud)\b", "meadow"),
    (r"\b(desert|cowboy|sand|camel|cactus|pharaoh|mummy)\b", "desert"),
    (r"\b(city|detective|street|taxi|punk|jazz|rapper|police|policeman|spy|superhero|reporter)\b", "city"),
    (
        r"\b(grandma|grandmother|grandpa|grandfather|granny|nanny|cosy|cozy|home|knits|knitting|tea)\b",
        "living room",
    ),
)
"""Words -> place (places.PLACES) or wall; the first row that fits."""
SHAPES: Final[Mapping[tuple[str, int], str]] = {
    ("thing", 0): "a round thing: a ball, a balloon, a bubble, a planet, the moon, an egg",
    ("thing", 1): "a tall thing: a bottle, a candle, a tower, a vase, a jar, a rocket, a guitar",
    ("thing", 2): "a box: a fridge, a cupboard, a house, a car, a radio, a sofa, a door, a machine",
    (
        "thing",
        3,
    ): "a flat round thing: a plate, a coin, a wheel, a pizza, a cake, a drum, the sun",
    ("creature", 0): "an insect that flies: a bee, a butterfly, a beetle, a fly, a dragonfly, an ant",
    ("creature", 1): "an animal of the sea: a fish, a shark, a whale, a dolphin, a seal",
    ("creature", 2): "an animal with a shell or claws: a crab, a lobster, a turtle, a snail, a spider",
    ("creature", 3): "a small furry animal: a hamster, a mole, a squirrel, a beaver, a hedgehog, a bat",
}
"""Simple body and its variant -> what it stands for, compared by meaning."""
STUFF_WORDS: Final = (
    (r"\b(wood|wooden|chair|table|door|violin|guitar|piano|cello|barrel|boat|bench|cupboard|drum)\b", "wood"),
    (r"\b(metal|iron|steel|brass|copper|tin|car|train|bus|fridge|toaster|key|sword|hammer|bell|coin|spoon"
     r"|fork|knife|rocket|trumpet|engine|machine)\b", "metal"),
    (r"\b(stone|marble|brick|concrete|house|castle|tower|statue|mountain|volcano|moon|planet)\b", "stone"),
    (r"\b(fabric|cloth|woollen|woolen|knitted|plush|pillow|sofa|cushion|blanket|carpet|curtain|tent)\b",
     "fabric"),
    (r"\b(glass|bottle|window|mirror|jar|vase|marbles?|bubble|lens)\b", "glass"),
    (r"\b(paper|cardboard|newspaper|map|poster|ticket|letter|parcel|kite)\b", "paper"),
    (r"\b(bread|cake|pizza|cookie|biscuit|croissant|pretzel|pancake|waffle|donut|doughnut|burger|hamburger"
     r"|pie|muffin|cupcake|sandwich|toast|cheese)\b", "baked"),
    (r"\b(ice|icicle|iceberg|frozen|crystal|diamond|snowflake)\b", "ice"),
    (r"\b(sun|star|flame|fire|candle|lantern|lightning|light bulb|comet)\b", "glow"),
)  # fmt: skip
"""Words -> material (kit.generic.STUFFS) of a simple body."""
TINT_WORDS: Final = (
    (r"\b(wine bottle|bottle of (red |white )?wine|champagne|pine needle|emerald)\b", "green"),
    (r"\b(beer|whisky|whiskey|rum|cognac|chocolate|coffee|barrel|cello|violin|teak)\b", "brown"),
    (r"\b(ketchup|hot sauce|fire extinguisher|fire engine|fire truck|post ?box|brick)\b", "red"),
    (r"\b(mustard|school bus|taxi|rubber duck|honey)\b", "yellow"),
    (r"\b(milk|fridge|refrigerator|igloo|snowman|bathtub)\b", "white"),
    (r"\b(piano|tyre|tire|vinyl|gramophone record|anvil)\b", "black"),
    (r"\b(trumpet|trophy|saxophone|coin)\b", "gold"),
)
"""Words -> colour of what is always of that colour, where no other is named."""
