"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from my_plugin import Events
from smartcms_plugin.testing import event, logged


class Publications(unittest.TestCase):
    def test_what_comes_twice_is_counted_once(self) -> None:
        for kind in ("entry.updated", "entry.published", "entry.published"):
            Events().on_event(event(kind, "posts"))
        self.assertEqual([text for _, text in logged()], ["publication 1 in posts"])
