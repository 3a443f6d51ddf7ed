"""More words for the bodies of the kit: each names the kind that stands for it, and may name the variant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ROWS: Final = """
cat: panther=1, leopard, cheetah, jaguar, lynx, puma, cougar
dog: hyena, jackal, dingo, poodle, terrier, bulldog, corgi
bear: koala=2, wombat, badger
raccoon: otter, beaver, weasel, skunk, lemur
horse: camel, llama, alpaca, zebra
deer: giraffe, antelope, gazelle, reindeer, moose
frog: crocodile, alligator, lizard, chameleon, gecko, iguana, dinosaur
parrot: peacock, canary, budgie, toucan, hummingbird
creature: turtle=2, tortoise=2, snail=2, crab=2, lobster=2, spider=2, armadillo=2, hedgehog=3, squirrel=3
creature: mole=3
creature: chipmunk=3, gnome=3, werewolf=3, monster=3, imp=0, bee=0, butterfly=0, wasp=0, beetle=0
creature: ladybird=0, ladybug=0
creature: dragonfly=0, moth=0, ant=0, cricket=0, firefly=0, shark=1, whale=1, dolphin=1, seal=1, walrus=1
creature: mermaid=1
creature: octopus=1, squid=1, jellyfish=1, seahorse=1, orca=1, stingray=1
pear: kiwi=2, papaya=3, mango=3, fig=2, potato=3, quince=1, guava=0, artichoke=0
lemon: pea=1, bean=1, corn=0, olive=1, courgette=1, cucumber=1, zucchini=1
strawberry: blackberry, raspberry, mulberry
peach: plum=3, grape=3, blueberry=3, gooseberry=0
apple: pomegranate=0, cranberry=0, radish=0, gala=0
onion: turnip=2, beetroot=1, leek=2, shallot=1
carrot: parsnip
tree: bonsai, birch=3, maple=1, redwood=0, stump=1, root=1, willow=0, elm=0, beech=0, ash tree=0
tree: apple tree=0, baobab=1
daisy: marigold=3, snowdrop=0, thistle=2, cornflower=2, primrose=1, buttercup=0
violet: forget-me-not=3, snapdragon=1, wisteria=0, foxglove=1
tulip: venus flytrap=0, flytrap=0
bush: vine, leaf, seaweed, juniper, boxwood, holly, mistletoe, rosemary, thyme
potted plant: plant, rubber plant, bamboo, corn plant, spider plant, tomato plant
book: notebook, diary, dictionary, atlas, binder, folder, calendar
envelope: stamp, postcard, sheet, paper, sticky note, clipboard
computer: whiteboard, projector, keyboard, camera, radio, microwave, photo frame=0, scanner
printer: coffee machine, photocopier, copier, shredder
telephone: headset, microphone, megaphone, intercom
pencil: ruler, eraser, pen, fountain pen, brush, paintbrush, glue stick, highlighter
stapler: clip, tack, punch, scissors, hole puncher, tape, paper clip, thumb tack
lamp: light bulb, desk lamp, lantern, torch, candle
clock: stopwatch, timer, metronome, desk fan, fan
thing: chair=2, desk=2, table=2, cabinet=2, filing cabinet=2, battery=1, bottle=1, water bottle=1
thing: piano=2, grand piano=2
thing: magnifying glass=3
thing: cable=3, mouse pad=3, coin=3, house=2, box=2, fridge=2, car=2, bus=2, train=2, sun=3, moon=0
thing: balloon=0, slime=0
thing: gingerbread=3, cookie=3, pizza=3, bread=2, guitar=1, violin=1, drum=3, rubber band=0
thing: waste basket=1, bin=1
suitcase: case, flight case, violin case, hat box, crate, toolbox
shopping bag: gift bag, paper bag, plastic bag, carrier bag, grocery bag, tote, canvas tote, tote bag
satchel: mail bag, messenger bag, sling bag, school bag, saddle bag, book bag
money bag: garbage bag, bin bag, sack, laundry bag, sleeping bag, punching bag
duffel bag: gym bag, sports bag, kit bag
handbag: basket, picnic basket, wicker basket, fanny pack
coat: waistcoat, bathrobe, tuxedo, blazer, cape, poncho, raincoat, jacket, kimono
t-shirt: shirt, swimsuit, apron, jersey, vest, blouse, pyjama, pyjamas, top, t shirt, tee
hoodie: cardigan, turtleneck, sweatshirt, jumper, pullover, fur collar
dress: skirt, kilt, sari, gown, robe, veil, tutu
sneaker: slipper, flip flop, sandal, high heel, heel, shoe
tie: belt, scarf, ribbon
beanie: beret, baseball cap, bonnet
"""


def synonyms() -> Mapping[str, tuple[str, int | None]]:
    """Word -> kind and, where it matters, its variant."""
    found: dict[str, tuple[str, int | None]] = {}
    for row in _ROWS.strip().splitlines():
        kind, _, words = row.partition(": ")
        for word in words.split(", "):
            name, _, variant = word.partition("=")
            found[name] = (kind, int(variant) if variant else None)
    return found
