"""Tests of the pure logic. The component as a whole is tested by ../python-host."""

import time
import unittest

from minutes import WORDS_PER_MINUTE, minutes_to_read, words_in


class WordsIn(unittest.TestCase):
    def test_words_are_counted_as_a_reader_sees_them(self) -> None:
        self.assertEqual(words_in("# One **two**\n\n- three\n- don't stop\n"), 5)
        self.assertEqual(words_in("a well-known fact"), 3)
        self.assertEqual(words_in("Größe und Öl"), 3)
        self.assertEqual(words_in("--- *** ..."), 0)

    def test_link_targets_and_tags_are_not_read(self) -> None:
        self.assertEqual(words_in("[two words](https://example.com/a/b \"a title\")"), 2)
        self.assertEqual(words_in("![a picture](picture.png)"), 2)
        self.assertEqual(words_in('<em class="x y">one</em> 2 < 3'), 3)


class MinutesToRead(unittest.TestCase):
    def test_a_started_minute_counts_and_none_is_too_few(self) -> None:
        self.assertEqual(minutes_to_read(""), 1)
        self.assertEqual(minutes_to_read("word " * WORDS_PER_MINUTE), 1)
        self.assertEqual(minutes_to_read("word " * (WORDS_PER_MINUTE + 1)), 2)

    def test_a_hostile_text_takes_no_longer_than_a_plain_one(self) -> None:
        for text in ("](" * 50_000, "](a " * 50_000, "<a" * 50_000, "a-" * 50_000):
            start = time.perf_counter()
            minutes_to_read(text)
            self.assertLess(time.perf_counter() - start, 2.0)


if __name__ == "__main__":
    unittest.main()
