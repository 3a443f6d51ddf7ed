"""How a line is performed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatanything.persona.card import Axes, PersonaCard, Shift, Situation
from chatanything.persona.delivery import ASKED_INTENSITY, activated, delivery_for, emotion_of, situation_in
from chatanything.persona.safety import care_line
from chatanything.persona.writer import write_card
from chatanything.types import Delivery

BOUNDS = {
    "intensity": (0, 1),
    "rate": (0.5, 2),
    "pitch": (-12, 12),
    "energy": (0.5, 1.5),
    "pauses": (0.5, 2),
    "head_motion": (0, 2),
    "blink_rate": (0, 40),
    "mouth_gain": (0.5, 1.5),
}


def card(text: str) -> PersonaCard:
    return write_card(text, llm=None, seed=2)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("What a wonderful day, I am so happy!", "happy"),
        ("She died last winter and I miss her.", "sad"),
        ("Get out, you fool!", "angry"),
        ("I am terrified of that monster.", "afraid"),
        ("Gosh, how unexpected!", "surprised"),
        ("Yuck, that is disgusting.", "disgusted"),
        ("Hush, my darling, rest now.", "tender"),
        ("The boat sails at seven.", "neutral"),
        ("I am not happy.", "sad"),
        ("I am not angry.", "neutral"),
        ("", "neutral"),
    ],
)
def test_words_decide_the_emotion(text: str, emotion: str) -> None:
    assert emotion_of(text)[0] == emotion


def test_emotions_change_the_voice_in_their_own_direction() -> None:
    who = card("a sailor")
    happy, sad = delivery_for(who, "I am so happy and glad!"), delivery_for(who, "I am so sad and lonely.")
    angry, plain = delivery_for(who, "You stupid liar!"), delivery_for(who, "The boat sails at seven.")
    assert plain.emotion == "neutral"
    assert sad.rate < plain.rate < happy.rate
    assert sad.pitch < plain.pitch < happy.pitch
    assert sad.energy < plain.energy < angry.energy
    assert sad.head_motion < plain.head_motion < happy.head_motion
    assert sad.pauses > plain.pauses > happy.pauses


def test_temperament_reaches_voice_and_face() -> None:
    line = "The boat sails at seven."
    loud, quiet = delivery_for(card("a bubbly sailor"), line), delivery_for(card("a stoic sailor"), line)
    assert loud.rate > quiet.rate
    assert loud.energy > quiet.energy
    assert loud.head_motion > quiet.head_motion
    assert loud.mouth_gain > quiet.mouth_gain
    assert delivery_for(card("a nervous sailor"), line).blink_rate > quiet.blink_rate


def test_mood_colours_plain_lines_and_words_override_it() -> None:
    who = card("a grumpy old lighthouse keeper who loves jazz")
    assert delivery_for(who, "The boat sails at seven.").emotion == "angry"
    assert delivery_for(who, "I am so happy!").emotion == "happy"
    assert delivery_for(who, "Do you play jazz?").emotion == "happy"


def test_a_topic_moves_the_temperament_while_it_lasts() -> None:
    timid = card("a timid postman who loves trains")
    plain, loved = "The boat sails at seven.", "Seven trains sail past."
    assert situation_in(timid, plain) is None
    bold = activated(timid.temperament(), situation_in(timid, loved))
    assert bold.extraversion > timid.temperament().extraversion
    assert delivery_for(timid, loved).head_motion > delivery_for(timid, plain).head_motion
    storm = Situation(when=("boat",), shift=Shift(extraversion=-1, neuroticism=1))
    afraid = activated(timid.temperament(), storm)
    assert (afraid.extraversion, afraid.neuroticism) == (0, 1)


def test_style_reaches_the_delivery() -> None:
    who = card("a sailor")

    def styled(line: str, **axes: float) -> Delivery:
        style = who.style.model_copy(update={"axes": Axes(**axes)})
        return delivery_for(who.model_copy(update={"style": style}), line)

    glad = "I am so happy."
    assert styled(glad, emotional_critical=-1).intensity > styled(glad, emotional_critical=1).intensity
    assert styled(glad, plain_lyrical=1).pauses > styled(glad, plain_lyrical=-1).pauses
    assert styled(glad, optimistic_pessimistic=-1).pitch > styled(glad, optimistic_pessimistic=1).pitch


def test_an_emotion_that_is_asked_for_is_heard_and_not_only_seen() -> None:
    who, line = card("a sailor"), "The boat sails at seven."
    sad, happy = delivery_for(who, line, emotion="sad"), delivery_for(who, line, emotion="happy")
    assert (sad.emotion, sad.intensity) == ("sad", ASKED_INTENSITY)
    assert sad.rate < delivery_for(who, line).rate < happy.rate
    assert sad.energy < delivery_for(who, line).energy < happy.energy


@pytest.mark.parametrize("need", ["self_harm", "abuse"])
def test_help_is_offered_calmly_by_everyone(need: str) -> None:
    line = care_line(need, "en")  # type: ignore[arg-type]
    clown = CARDS["a furious, loud, hyperactive clown"]
    calm = delivery_for(clown, line)
    assert calm == delivery_for(card("a sad, silent, sleepy ghost"), line)
    assert calm == delivery_for(clown, line.split(". ")[1])
    assert (calm.emotion, calm.head_motion < 1, calm.rate < 1) == ("tender", True, True)


def test_exclamations_and_questions_are_heard() -> None:
    who = card("a sailor")
    assert delivery_for(who, "Come here!").energy > delivery_for(who, "Come here.").energy
    assert delivery_for(who, "You are here?").pitch > delivery_for(who, "You are here.").pitch
    assert delivery_for(who, "COME HERE RIGHT NOW").energy > delivery_for(who, "come here right now").energy


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300),
    st.sampled_from(["a furious, loud, hyperactive clown", "a sad, silent, sleepy ghost"]),
)
def test_every_number_stays_in_its_bounds(text: str, who: str) -> None:
    delivery = delivery_for(CARDS[who], text)
    assert isinstance(delivery, Delivery)
    for name, (low, high) in BOUNDS.items():
        assert low <= getattr(delivery, name) <= high, name
    assert delivery == delivery_for(CARDS[who], text)


CARDS = {who: card(who) for who in ("a furious, loud, hyperactive clown", "a sad, silent, sleepy ghost")}
