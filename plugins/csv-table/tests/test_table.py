"""Tests of the logic; the cases in this folder test the built plugin."""

import unittest
from decimal import Decimal

from numbers_of_cells import number, written
from table import TableError, read, shown


class Numbers(unittest.TestCase):
    def test_numbers_are_read_as_people_write_them(self) -> None:
        for cell, sign, value in (
            ("1,234.50", ".", "1234.50"), ("1.234,50 €", ",", "1234.50"), ("−3", ".", "-3"), ("12 %", ".", "12"),
            ("$5", ".", "5"), ("1'000", ".", "1000"), ("0.5kg", ".", "0.5"),
        ):
            self.assertEqual(number(cell, sign), Decimal(value), cell)

    def test_words_and_dates_are_no_numbers(self) -> None:
        for cell in ("2026-01-02", "1.2.3", "12:30", "a1", "1,23,4", "--1", "", "1e5e", "1.5,2.5"):
            self.assertIsNone(number(cell, "."), cell)
        self.assertIsNone(number("1.5", ","))

    def test_a_sum_looks_like_its_column(self) -> None:
        self.assertEqual(written(Decimal("1234.5"), ["1.000,25 €", "3,5 €"], ","), "1.234,50 €")
        self.assertEqual(written(Decimal("3"), ["1 kg", "2 g"], "."), "3")
        self.assertEqual(written(Decimal("-3"), ["-1", "-2"], "."), "-3")


class Reading(unittest.TestCase):
    def test_the_sign_between_cells_is_found(self) -> None:
        for text in ("a,b\n1,2", "a;b\n1;2", "a\tb\n1\t2", "\ufeffa|b\r\n\r\n1|2\r\n"):
            self.assertEqual(read(text, None), [["a", "b"], ["1", "2"]])
        self.assertEqual(read('"a;b",c\n1', None), [["a;b", "c"], ["1", ""]])

    def test_too_much_is_no_table(self) -> None:
        for text in ("a\n" * 501, "a," * 31, " \n\n"):
            with self.assertRaises(TableError):
                read(text, None)


class Tables(unittest.TestCase):
    def test_lines_are_sorted_by_numbers_and_what_is_empty_comes_last(self) -> None:
        html = shown({"csv": "a,n\nx,9\ny,10\nz,\n", "sort": "n", "descending": True}, "Sum")
        self.assertLess(html.index(">y<"), html.index(">x<"))
        self.assertLess(html.index(">x<"), html.index(">z<"))

    def test_what_cannot_be_done_is_told(self) -> None:
        for attributes, words in (
            ({"csv": "a\n1", "sort": "b"}, "no column 'b'"),
            ({"csv": "a\nx", "sum": ["a"]}, "no numbers"),
            ({"csv": "1\n2", "header": False, "sum": ["1"]}, "no headings"),
        ):
            with self.assertRaisesRegex(TableError, words):
                shown(attributes, "Sum")
