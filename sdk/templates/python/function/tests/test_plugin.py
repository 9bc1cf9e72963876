"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from my_plugin import Functions
from wit_world.exports.functions import Scalar_Integer, Scalar_Null, Scalar_Text


class Words(unittest.TestCase):
    def test_words_are_what_stands_between_spaces(self) -> None:
        self.assertEqual(Functions().call("words", [Scalar_Text(" a\tb  c ")]), Scalar_Integer(3))
        self.assertEqual(Functions().call("words", [Scalar_Null()]), Scalar_Null())
