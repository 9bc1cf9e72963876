"""From CSV to the HTML of a table."""

import csv
import html
import io
from decimal import Decimal
from typing import Any

from numbers_of_cells import number, written

CSV_MAX = 60_000
ROWS_MAX = 500
COLUMNS_MAX = 30

Rows = list[list[str]]


class TableError(ValueError):
    """Why there is no table, for the operator."""


def shown(attributes: dict[str, Any], sum_label: str) -> str:
    """The table of a block."""
    rows = read(attributes["csv"], attributes.get("delimiter"))
    head = rows.pop(0) if attributes.get("header", True) else []
    decimals = {at: _decimal(rows, at) for at in range(len(rows[0]) if rows else 0)}
    if sort := attributes.get("sort"):
        _sort(rows, _column(head, sort), attributes.get("descending", False), decimals)
    foot = _sums(rows, head, attributes.get("sum", []), decimals, sum_label)
    right = {at for at, decimal in decimals.items() if decimal}
    parts = [_caption(attributes.get("caption")), _head(head, right), _body(rows, right), _foot(foot, right)]
    return f"<table>{''.join(parts)}</table>"


def read(text: str, delimiter: str | None) -> Rows:
    """Lines of cells, each with as many as the longest; empty lines are left out."""
    text = text[:CSV_MAX].lstrip("\ufeff")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text), strict=False)
        rows = [[cell.strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise TableError(f"the CSV cannot be read: {error}") from error
    if not rows:
        raise TableError("the CSV has no lines")
    width = max(map(len, rows))
    if len(rows) > ROWS_MAX or width > COLUMNS_MAX:
        raise TableError(f"the table has {len(rows)} lines and {width} columns, more than {ROWS_MAX} and {COLUMNS_MAX}")
    return [row + [""] * (width - len(row)) for row in rows]


def _delimiter(text: str) -> str:
    """What stands most often in the first line, outside quotes."""
    first = "".join(text.lstrip().splitlines()[:1])
    outside = "".join(first.split('"')[::2])
    return max(",;\t|", key=outside.count)


def _decimal(rows: Rows, at: int) -> str:
    """The decimal sign of a column of numbers; empty for one of words."""
    cells = [row[at] for row in rows if row[at]]
    for sign in (".", ","):
        if cells and all(number(cell, sign) is not None for cell in cells):
            return sign
    return ""


def _column(head: list[str], name: str) -> int:
    if name in head:
        return head.index(name)
    raise TableError(f"there is no column {name!r}: the first line has {', '.join(head) or 'no headings'}")


def _sort(rows: Rows, at: int, descending: bool, decimals: dict[int, str]) -> None:
    """By numbers where all are some, else by words; what is empty comes last."""
    empty = [row for row in rows if not row[at]]
    filled = [row for row in rows if row[at]]
    sign = decimals.get(at, "")
    filled.sort(key=lambda row: number(row[at], sign) if sign else row[at].casefold(), reverse=descending)
    rows[:] = filled + empty


def _sums(rows: Rows, head: list[str], names: list[str], decimals: dict[int, str], label: str) -> list[str]:
    if not names or not rows:
        return []
    foot = [""] * len(rows[0])
    for name in names:
        at = _column(head, name)
        sign = decimals.get(at, "")
        if not sign:
            raise TableError(f"the column {name!r} has no numbers to add")
        cells = [row[at] for row in rows if row[at]]
        foot[at] = written(sum((number(cell, sign) or Decimal(0) for cell in cells), Decimal(0)), cells, sign)
    if not foot[0]:
        foot[0] = label
    return foot


def _caption(text: str | None) -> str:
    return f"<caption>{html.escape(text)}</caption>" if text else ""


def _head(head: list[str], right: set[int]) -> str:
    if not head:
        return ""
    cells = (f'<th scope="col"{_align(at, right)}>{html.escape(cell)}</th>' for at, cell in enumerate(head))
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body(rows: Rows, right: set[int]) -> str:
    lines = ("".join(f"<td{_align(at, right)}>{html.escape(cell)}</td>" for at, cell in enumerate(row)) for row in rows)
    return f"<tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody>"


def _foot(foot: list[str], right: set[int]) -> str:
    if not foot:
        return ""
    cells = (f"<td{_align(at, right)}>{_strong(cell)}</td>" for at, cell in enumerate(foot))
    # A part of its own: `tfoot` is not among what a page may hold.
    return f"<tbody><tr>{''.join(cells)}</tr></tbody>"


def _align(at: int, right: set[int]) -> str:
    return ' align="right"' if at in right else ""


def _strong(cell: str) -> str:
    return f"<strong>{html.escape(cell)}</strong>" if cell else ""
