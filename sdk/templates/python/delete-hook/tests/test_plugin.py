"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest

from componentize_py_types import Err
from my_plugin import BeforeDelete
from smartcms_plugin.testing import entry, set_settings


class Kept(unittest.TestCase):
    def test_what_the_operator_names_is_kept(self) -> None:
        set_settings(keep="imprint,privacy")
        with self.assertRaises(Err):
            BeforeDelete().before_delete(entry("pages", "privacy"))
        BeforeDelete().before_delete(entry("pages", "home"))
