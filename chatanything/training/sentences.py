"""Sentences of our own to train on: patterns with slots, so that sounds meet in many orders.

None of them is among the sentences that the evaluations let personas say.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Final

import numpy as np

_SLOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "who": (
        "my uncle", "the pilot", "a young beaver", "our neighbour", "the queen of maps", "Victor",
        "Josephine", "the bus driver", "a very patient monk", "the night nurse", "your cousin Phoebe",
        "the whole village", "that funny giraffe", "Mister Wu", "the choir", "a jeweller from York",
        "nobody at school", "Theo",
    ),
    "did": (
        "bought", "hid", "measured", "painted", "forgot", "polished", "lifted", "chewed",
        "whispered about",
        "threw away", "repaired", "imagined", "borrowed", "shook", "wrapped", "photographed", "unfolded",
    ),
    "what": (
        "a violet umbrella", "the broken compass", "two jars of honey", "an enormous pumpkin",
        "the paper boat", "a pair of woollen socks", "the visible half of the moon",
        "some cheap furniture",
        "the garage key", "every mushroom in the forest", "a loaf of bread", "the treasure chest",
        "a thousand feathers",
        "the yellow submarine", "my favourite azure bowl", "a bathtub full of popcorn",
        "the oyster fork",
    ),
    "where": (
        "under the wooden bridge", "beside the airport", "in the measured quiet of the library",
        "by the sea",
        "behind the opera house", "near a warm fireplace", "on top of the roof", "at my aunt's wedding",
        "between two high walls", "outside the village shop", "along the foggy river", "in deep snow",
    ),
    "when": (
        "last February", "before sunrise", "every other Thursday", "on a humid afternoon", "just now",
        "in the year nineteen eighty-five", "while it rained", "after the show",
        "at a quarter past five",
    ),
    "how": (
        "with both hands", "without a word", "far too quickly", "as gently as possible",
        "for no good reason",
        "in perfect silence", "with visible joy", "again and again", "to everybody's surprise",
    ),
    "feel": ("pleased", "furious", "baffled", "calm", "a bit ashamed", "hopeful", "overjoyed", "puzzled"),
}  # fmt: skip
_PATTERNS: Final = (
    "{who} {did} {what} {where}.",
    "{when}, {who} {did} {what} {how}.",
    "Why would {who} be {feel}? Because {who} {did} {what}!",
    "I am {feel}, and I will be {feel} {where}.",
    "Do you remember? {when}, {where}, {who} {did} {what}.",
    "Oh no! {who} {did} {what} {how}.",
    "Look, {what} and {what}. Which would you choose, and why?",
    "If {who} were {feel}, we would move {what} {where}.",
    "Well, maybe {who} {did} {what}, maybe not; I was {feel}.",
    "Hmm. {how}, {who} {did} {what} {when}.",
    "Please bring me {what}, my friend, and put it {where}.",
    "We saw {who} {where} {when}. Everyone was {feel}.",
)
_PLAIN: Final = (
    "The boy enjoyed his voyage, but the noise annoyed him.",
    "How about a round of loud applause for our brown cow?",
    "Who knew that you two would lose the blue balloon by noon?",
    "Five brave women love to dive off the cliff above the cove.",
    "Mother and father bathe together with their other brother there.",
    "Judge Jackson changed the fragile jar for a large orange jug.",
    "She pushed the shiny shoe on a shelf and wished for a push.",
    "A vision of leisure, a treasure beyond measure, a beige garage.",
    "Red wheels roll around the rural road in a hurry.",
    "Kings and queens drink strong pink ginger with young singers.",
    "Bob, Pam, Tim, and Mabel hum, pop, and bubble from dawn to dusk.",
    "We will wait a while, for the wind went away without a warning.",
    "Zebras doze, wasps buzz, and lazy lions please the crowds.",
    "It is six below zero. Is this your thick scarf?",
    "I like ripe limes, light wine, and quiet nights by the fire.",
    "Eight great apes ate plain cake late on a rainy day.",
    "Old Joe rowed home alone, so slow, so cold, below the snow.",
    "Green leaves, deep seas, sweet dreams, and three cheap teas.",
    "Ask Pat to pack that black hat and hand it back.",
    "My mum made some lovely muffins, but none of us was hungry.",
    "Good cooks should look at books, not put sugar in the pudding.",
    "Father calmly parked the large car far from the barn.",
    "All autumn the tall hawk saw small straws fall on the lawn.",
    "Yes, the best guests left the tent by ten and went to bed.",
    "Hello! Can you hear me? One, two, three, four, five.",
    "Amber, maybe. Papa, probably. Beep, boom, bump, map, mob, pump.",
)


def sentence(rng: np.random.Generator) -> str:
    """One sentence, or a few short ones.

    Args:
        rng: Chooses.
    """
    if rng.random() < 0.3:
        return str(rng.choice(_PLAIN))
    parts = []
    for literal, slot, _, _ in Formatter().parse(str(rng.choice(_PATTERNS))):
        parts.append(literal)
        if slot:
            chosen = str(rng.choice(_SLOTS[slot]))
            text = "".join(parts).rstrip()
            starts = not text or text[-1] in ".!?"
            parts.append(chosen[:1].upper() + chosen[1:] if starts else chosen)
    return "".join(parts)
