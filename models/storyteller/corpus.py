"""Writes stories: the corpus that the storyteller learns from. Everything is ours and comes from the seed.

A plot is a list of steps, a step a list of sentences of which one is taken. Braces hold what `Cast` knows.
"""

import random

from plots import BEGINNINGS, ENDINGS, PLOTS
from words import ANIMALS, AT, COLOURS, FEARS, FOODS, GROWN, MADE, MOODS, NAMES_HE, NAMES_SHE, PEOPLE, PLACES, SIZES
from words import THINGS, TIMES, TOPICS, WEATHER

FORMS = {"he": ("he", "his", "him", "himself"), "she": ("she", "her", "her", "herself")}


def with_article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


class Cast:
    """Who and what is in one story."""

    def __init__(self, rng):
        self.rng = rng
        self.values = {}
        (kind, pronoun), (other_kind, other_pronoun) = self.somebody(0.1), self.somebody(0.0)
        while other_kind == kind:
            other_kind, other_pronoun = self.somebody(0.0)
        self.hero("a", kind, pronoun)
        self.hero("b", other_kind, other_pronoun)
        place, far = rng.sample(PLACES, 2)
        made, works = rng.choice(MADE)
        plant, harvest = rng.choice(GROWN)
        fear, truth = rng.choice(FEARS)
        thing, gift = rng.sample(THINGS, 2)
        colour, time = rng.choice(COLOURS), rng.choice(TIMES)
        self.values |= {
            "place": place, "at": AT[place], "far": far, "at_far": AT[far], "made": made, "a_made": with_article(made),
            "works": works, "plant": plant, "a_plant": with_article(plant), "harvest": harvest, "fear": fear,
            "truth": truth, "thing": thing, "a_thing": with_article(thing), "gift": gift, "a_gift": with_article(gift),
            "food": rng.choice(FOODS), "colour": colour, "a_colour_thing": with_article(f"{colour} {thing}"),
            "weather": rng.choice(WEATHER), "time": time, "time_low": time[0].lower() + time[1:],
        }

    def somebody(self, people):
        if self.rng.random() < people:
            return self.rng.choice(PEOPLE)
        return self.rng.choice(ANIMALS), self.rng.choice(["he", "she"])

    def hero(self, key, kind, pronoun):
        names = NAMES_HE if pronoun == "he" else NAMES_SHE
        name = self.rng.choice([it for it in names if it not in self.values.values()])
        subject, possessive, object_, reflexive = FORMS[pronoun]
        upper = key.upper()
        mood = self.rng.choice(MOODS)
        self.values |= {
            upper: name, key + "_kind": kind, key + "_he": subject, key + "_his": possessive, key + "_him": object_,
            key + "_self": reflexive, upper + "_He": subject.capitalize(), upper + "_His": possessive.capitalize(),
            key + "_mood": mood, key + "_a_mood": with_article(mood),
            key + "_an": with_article(kind), key + "_A_kind": with_article(kind).capitalize(),
            key + "_a_kind": with_article(f"{self.rng.choice(SIZES)} {kind}"),
        }


def story(rng):
    """One story, and the topics that may be asked of it."""
    cast = Cast(rng)
    plot = rng.choice(PLOTS)
    steps = [BEGINNINGS, *plot, ENDINGS] if rng.random() < 0.8 else [BEGINNINGS, *plot]
    sentences = [rng.choice(step) for step in steps]
    text = ""
    for at, sentence in enumerate(sentences):
        gap = "" if at == 0 else "\n" if at in (2, len(plot) - 1) else " "
        text += gap + sentence.format(**cast.values)
    inside = set("".join(it if it.isalpha() else " " for it in text.lower()).split())
    topics = [it for it in TOPICS if it in inside]
    rng.shuffle(topics)
    return topics[: rng.choice([0, 0, 1, 1, 2, 2, 3])], text


def stories(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        yield story(rng)


if __name__ == "__main__":
    for topics, text in stories(1, 12):
        print(topics, "\n" + text + "\n")
