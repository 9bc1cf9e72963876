"""Brings a function that counts the words of a text."""

import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.functions import (
    Function,
    Parameter,
    Scalar,
    Scalar_Integer,
    Scalar_Null,
    Scalar_Text,
    ScalarType,
)


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Functions(exports.Functions):
    """The export `smartcms:plugin/functions`."""

    def list(self) -> list[Function]:
        """Every function."""
        parameters = [Parameter("text", ScalarType.TEXT)]
        return [Function("words", "How many words a text has.", parameters, ScalarType.INTEGER, True)]

    def call(self, name: str, arguments: "list[Scalar]") -> Scalar:
        """Calls a function."""
        if name != "words":
            raise Err(f"there is no function {name}")
        # Any argument can be missing; then the result is too.
        (text,) = arguments
        return Scalar_Integer(len(text.value.split())) if isinstance(text, Scalar_Text) else Scalar_Null()
