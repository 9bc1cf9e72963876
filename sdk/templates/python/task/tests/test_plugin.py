"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from my_plugin import state_of


class Checkpoints(unittest.TestCase):
    def test_a_checkpoint_is_read_as_it_was_written(self) -> None:
        self.assertEqual(state_of(b"200 abc"), (200, "abc"))
        self.assertEqual(state_of(b"40 "), (40, None))
        self.assertEqual(state_of(b""), (0, None))
