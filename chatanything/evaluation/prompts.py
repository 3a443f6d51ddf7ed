"""The fixed descriptions of `evaluate landmarks`: 8 categories as in the ChatAnything paper (2023, table 1).

The wording is ours. Every category has 50 different subjects with a manner or a look each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _split(block: str) -> tuple[str, ...]:
    return tuple(" ".join(prompt.split()) for prompt in block.split(";"))


PROMPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": _split("""
        a tired night nurse with kind eyes; a young violinist with red hair; an old fisherman with a
        white beard; a stern judge with grey hair; a laughing street vendor; a shy librarian with round
        glasses; a proud opera singer with long black hair; a retired boxer with a crooked nose; a
        curious schoolgirl; a calm yoga teacher; a bald chess champion; a busy chef with a moustache; a
        dreamy poet with curly hair; a brave firefighter; a freckled farm boy; an elegant grandmother
        with a bun; a nervous bridegroom; a wise village doctor; a teenage skateboarder with a cap; a
        strict ballet master; a sunburnt gardener; a cheerful bus driver; a soft-spoken professor; a
        queen with a golden crown; a watchmaker with spectacles; a bearded mountain guide; a glamorous
        film star with blonde hair; a sleepy taxi driver; a clever detective in a coat; a young mother
        with a ponytail; a jolly innkeeper with a big beard; a serious pilot; a rebellious punk with a
        mohawk; a patient midwife with dark skin; a Japanese potter with grey hair; a Nigerian tailor
        with a bright smile; a Mexican guitarist; an Indian engineer with glasses; a Scottish shepherd
        with red hair; a Brazilian dancer with curly hair; a lonely lighthouse keeper; a witty barber; a
        gentle priest; a talkative hairdresser; a tough mechanic; a smiling astronaut; an absent-minded
        inventor; a soldier with a buzz cut; a small boy with big ears; a fortune teller with violet
        eyes"""),
    "animal": _split("""
        a sly red fox; a sleepy brown bear; a proud lion; a curious kitten; a loyal golden dog; a wise
        old owl; a giant panda who meditates; a nervous rabbit; a bossy penguin; a chatty green parrot;
        a shy deer; a jolly pink pig; a grumpy bulldog; a dancing frog; a clever raccoon; a gentle
        elephant; a tiny mouse; a noble eagle; a lazy black cat; a cheerful dolphin; a brave wolf; a
        stubborn donkey; a fluffy white sheep; a playful monkey; a vain peacock; a patient turtle; a
        hungry crocodile; a busy beaver; a silly goose; a wild horse with a mane; a friendly cow; a
        singing canary; a mysterious black panther; a round hedgehog; a quick squirrel; a polar bear in
        the snow; a koala who loves books; a worried hamster; a strict rooster; a soft grey seal; a
        striped tiger; a tall giraffe; a sweet puppy; a mighty gorilla; a calm camel; a laughing hyena;
        a spotted leopard; a polite otter; a strange octopus; a happy whale"""),
    "cartoon": _split("""
        a friendly robot; a little green alien; a shy ghost; a fire-breathing dragon; a magical unicorn;
        a wooden puppet; a wicked witch; a tiny fairy; a grumpy troll; a noble knight; a masked
        superhero; a one-horned furry monster; a sleepy vampire; a clumsy zombie; a laughing clown; a
        garden gnome; a mischievous goblin; an elf archer; a pirate captain with a beard; a snow queen;
        a talking snowman; a brass steam robot; a space princess; a wizard with a long white beard; a
        mermaid; a stone golem; a cloud spirit; a cheeky imp; an angel with golden hair; a mummy; a toy
        soldier; a gingerbread man; a purple slime; a kind giant; a moon child; a smiling sun; a cyborg
        detective; a yeti; a genie; a scarecrow; a ninja; a caveman; a royal jester; a blue martian; a
        rag doll; a werewolf; a storm cloud; a flame spirit; a friendly skeleton; an android butler"""),
    "fruit": _split("""
        a cheerful red apple who sings opera; a grumpy lemon; a shy strawberry; a proud pineapple; a
        lazy banana; a wise old pumpkin; a romantic cherry; a juicy orange; a vain peach; a tough
        coconut; a green apple; a sleepy pear; a giggling raspberry; a noble grape; a sour lime; a giant
        watermelon; a soft plum; a curious kiwi; a sweet mango; a fancy dragon fruit; a young tomato; a
        serious carrot; a spicy red pepper; a sad onion; a smelly garlic; a strong aubergine; a crisp
        cucumber; a corn cob with a sense of humour; a small radish; a round cabbage; a cool avocado; a
        brave broccoli; a happy potato; a golden apricot; a tropical papaya; a blue berry; a yellow
        melon; a wild blackberry; a tiny pea; a proud artichoke; a dancing fig; a philosophical date; a
        pink grapefruit; a nervous mandarin; a passion fruit in love; a white turnip; a purple beetroot;
        a clever courgette; a humble bean; a royal pomegranate"""),
    "plant": _split("""
        an old oak tree; a smiling sunflower; a prickly cactus; a shy violet; a red rose with pride; a
        tall pine; a weeping willow; a spotted mushroom; a lucky clover; a palm tree on holiday; a
        potted fern; a tulip; a wild daisy; a slow bonsai; a young birch; a poisonous ivy; a festive fir
        tree; a lily on a pond; a bamboo monk; a dandelion who is afraid of wind; a lavender bush; a
        thistle knight; a busy hedge; a hungry venus flytrap; a maple in autumn; a cherry tree in
        blossom; a moss spirit; an orchid lady; a grumpy root; a seaweed dancer; a baby sprout; a desert
        aloe; a poppy field guard; a holly bush; a giant redwood; a water lotus; a corn plant; a tiny
        seedling; a mint leaf; a hollow tree stump; a vine who gossips; an olive tree; a marigold; a
        snowdrop; a bluebell; a peony; a rubber plant; a houseplant who needs water; a juniper; a
        magnolia"""),
    "office": _split("""
        a worn stapler; a proud fountain pen; a blue coffee mug; a noisy printer; an old telephone; a
        desk lamp; a strict alarm clock; a yellow pencil; a sleepy computer; a thick dictionary; a red
        notebook; a calculator; a sticky tape dispenser; a pair of scissors; a paper clip; a folder full
        of secrets; a round eraser; a wooden ruler; a keyboard who types alone; a computer mouse; a
        rolling chair; a waste basket; a globe; a calendar; a rubber stamp; an envelope from abroad; a
        whiteboard; a coffee machine; a projector; a laptop; a microphone; a headset; a hole punch; a
        water bottle; a teapot; a wall clock; a light bulb; a filing cabinet; a sheet of paper; a marker
        pen; a glue stick; a magnifying glass; a thumb tack; a desk fan; a paper cup; a photo frame; a
        camera; a radio; a battery; a cable"""),
    "bag": _split("""
        a leather handbag; a hiking backpack; a travelling suitcase; a paper shopping bag; a lawyer's
        briefcase; a gym bag; a school satchel; a tiny purse; a money sack; a canvas tote; a laptop bag;
        a beach bag; a doctor's bag; a golden clutch; a tool bag; a mail bag; a camera bag; a picnic
        basket; a diaper bag; a lunch bag; a red rucksack; a blue duffel bag; a velvet pouch; a garment
        bag; a saddle bag; a jute sack of potatoes; a plastic bag; a gift bag; a bumpy old trunk; a
        bowling bag; a violin case; a cosmetic bag; a messenger bag; a sling bag; a grocery bag; a
        bucket bag; a tea bag; a bean bag; a sleeping bag; a fanny pack; a hat box; a carpet bag; a
        drawstring bag; a diving bag; a black wallet; a garbage bag; a wicker basket; a cooler bag; a
        child's kindergarten bag; a pilot's flight case"""),
    "clothes": _split("""
        a woolly scarf; a red hoodie; an old boot; a silk tie; a top hat; a striped sock; a denim
        jacket; a white T-shirt; a ball gown; a pair of jeans; a raincoat; a leather glove; a knitted
        sweater; a running sneaker; a bow tie; a winter coat; a bathrobe; a kimono; a summer dress; a
        waistcoat; a baseball cap; a woollen mitten; a ballet shoe; a high heel; a wedding veil; a
        pyjama top; a poncho; a swimsuit; a kilt; an apron; a cardigan; a tuxedo; a polo shirt; a cowboy
        hat; a slipper; a belt; a uniform jacket; a straw hat; a cape; a pair of shorts; a skirt; a
        rubber boot; a beret; a sari; a lab coat; a fur collar; a flip flop; a football shirt; a
        turtleneck; a pair of tights"""),
}
"""Category -> 50 descriptions."""
