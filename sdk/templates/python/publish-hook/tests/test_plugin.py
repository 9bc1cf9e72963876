"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from componentize_py_types import Err
from my_plugin import BeforePublish
from smartcms_plugin.testing import entry


class Unfinished(unittest.TestCase):
    def test_every_unfinished_field_is_named(self) -> None:
        with self.assertRaises(Err) as refused:
            BeforePublish().before_publish(entry("posts", "a-walk", title="TODO", body="Done.", pages=3))
        self.assertEqual([it.field for it in refused.exception.value], ["title"])
