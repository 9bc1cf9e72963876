"""Tests of the logic; the cases in this folder test the built plugin."""

import json
import unittest

from my_plugin import Blocks


class Notes(unittest.TestCase):
    def test_the_schema_is_json_and_asks_for_a_text(self) -> None:
        (note,) = Blocks().list()
        self.assertEqual(json.loads(note.schema)["required"], ["text"])
