"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from my_plugin import Filters
from wit_world.exports.filters import FilterContext


class Pictures(unittest.TestCase):
    def test_every_picture_is_looked_at_by_itself(self) -> None:
        context = FilterContext("1", "posts", "a-walk", "en")
        html = '<img src="a"><img loading="eager" src="b"><img src="c"> <image>'
        expected = '<img loading="lazy" src="a"><img loading="eager" src="b"><img loading="lazy" src="c"> <image>'
        self.assertEqual(Filters().filter_html(context, html), expected)
