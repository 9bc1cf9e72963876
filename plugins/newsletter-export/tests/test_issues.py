"""Tests of the logic; the cases in this folder test the built plugin."""

import csv
import io
import unittest

from exports_of_list import as_csv, as_json
from issues import Issues, SettingsError, configured
from smartcms_plugin.testing import set_settings


def item(name: str, published: str, revision: int = 1, **more: str) -> dict:
    return {
        "id": name, "collection": "posts", "slug": name, "title": name, "excerpt": "", "published": published,
        "revision": revision, **more,
    }


class List(unittest.TestCase):
    def test_the_newest_comes_first_and_the_oldest_go(self) -> None:
        issues = Issues([])
        for name, day in (("a", "2026-01-02"), ("b", "2026-01-03"), ("c", "2026-01-01")):
            issues.add(item(name, day), 2)
        self.assertEqual([it["id"] for it in issues], ["b", "a"])

    def test_what_comes_twice_or_late_is_there_once_with_its_newest_words(self) -> None:
        issues = Issues([])
        for revision, title in ((2, "two"), (2, "two"), (1, "one"), (3, "three")):
            issues.add(item("a", "2026-01-02", revision, title=title), 10)
        self.assertEqual([it["title"] for it in issues], ["three"])

    def test_days_and_times_can_be_asked_for(self) -> None:
        issues = Issues([item("b", "2026-01-03T10:00:00Z"), item("a", "2026-01-02T10:00:00Z")])
        self.assertEqual([it["id"] for it in issues.since("2026-01-03")], ["b"])
        self.assertEqual(len(issues.since("2026-01-03T10:00:01Z")), 0)
        self.assertEqual(len(issues.since("")), 2)


class Forms(unittest.TestCase):
    def test_a_title_is_no_formula_and_no_new_column(self) -> None:
        titles = ["=HYPERLINK(1)", 'a "b", c\nd', "+1", "-", "@x"]
        issues = Issues([item(str(at), "2026-01-01", title=title) for at, title in enumerate(titles)])
        rows = list(csv.DictReader(io.StringIO(as_csv(issues, "/x"))))
        self.assertEqual([row["title"] for row in rows], ["'=HYPERLINK(1)", titles[1], "'+1", "'-", "'@x"])

    def test_addresses_are_made_of_names(self) -> None:
        text = as_json(Issues([item("ä b", "2026-01-01")]), "https://a.example/{collection}/{slug}?{other}")
        self.assertIn('"https://a.example/posts/%C3%A4%20b?{other}"', text)


class Settings(unittest.TestCase):
    def test_a_wrong_number_is_told(self) -> None:
        for keep in ("many", "0", "5000"):
            set_settings(keep=keep)
            with self.assertRaisesRegex(SettingsError, "keep"):
                configured()
