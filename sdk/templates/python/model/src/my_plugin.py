"""Brings a model that shortens a text to its first sentence: the shape of a real one, without its weights."""

import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.ai_provider import (
    AiError_Invalid,
    AiError_UnknownModel,
    Description,
    Embedding,
    Generation,
    Model,
    TextEnd,
)

NAME = "first-sentence"


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class AiProvider(exports.AiProvider):
    """The export `smartcms:plugin/ai-provider`."""

    def models(self) -> list[Model]:
        """Every model."""
        return [Model(NAME, "The first sentence", ["generate", "embed"], 4, None)]

    def generate(self, request: Generation) -> "TextStream":
        """Begins to write."""
        known(request.model)
        said = [it.text for it in request.messages if it.role == "user"]
        if not said:
            raise Err(AiError_Invalid("nobody said anything"))
        return TextStream(pieces(first_sentence(said[-1]))[: request.tokens_max])

    def embed(self, request: Embedding) -> list[list[float]]:
        """One vector for each text."""
        known(request.model)
        return [direction(text) for text in request.texts]

    def describe(self, request: Description) -> str:
        """What an image shows, in a sentence."""
        known(request.model)
        raise Err(AiError_UnknownModel(f"{NAME} does not see images"))


class TextStream(exports.ai_provider.TextStream):
    """The words of a text, one after the other."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def next(self) -> str | None:
        """The next piece; none when all was said."""
        return self.words.pop(0) if self.words else None

    def end(self) -> TextEnd:
        """How the text ended."""
        return TextEnd("done", None, None)


def known(model: str) -> None:
    """Refuses a model that is not there."""
    if model != NAME:
        raise Err(AiError_UnknownModel(model))


def first_sentence(text: str) -> str:
    """A text up to its first full stop."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def pieces(text: str) -> list[str]:
    """The words of a text, each with the space behind it."""
    words = text.split(" ")
    return [f"{word} " for word in words[:-1]] + words[-1:]


def direction(text: str) -> list[float]:
    """How often letters come, four kinds of them."""
    if not text:
        # A vector has to point somewhere.
        return [1.0, 0.0, 0.0, 0.0]
    counts = [0.0] * 4
    for letter in text:
        counts[ord(letter) % 4] += 1
    return counts
