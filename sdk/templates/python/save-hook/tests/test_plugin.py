"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from componentize_py_types import Err
from my_plugin import BeforeSave
from smartcms_plugin.testing import draft, set_settings


class Titles(unittest.TestCase):
    def test_the_setting_decides_what_is_too_long(self) -> None:
        set_settings(longest=6)
        with self.assertRaises(Err) as refused:
            BeforeSave().before_save(draft("posts", title="A walk."))
        self.assertEqual(refused.exception.value[0].code, "too-long")
        self.assertEqual(BeforeSave().before_save(draft("posts", title="A walk")), [])

    def test_an_entry_without_a_title_is_left_alone(self) -> None:
        self.assertEqual(BeforeSave().before_save(draft("posts")), [])
