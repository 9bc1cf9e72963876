"""The list in the forms that programs for newsletters read."""

import csv
import io
import json
from typing import Any
from urllib.parse import quote

from issues import Issues

_COLUMNS = ("published", "title", "excerpt", "address", "collection", "slug", "id")

# Programs for tables take a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(issues: Issues, address: str) -> str:
    """An object, so that there is room for more one day."""
    items = [_row(item, address) for item in issues]
    return json.dumps({"items": items}, ensure_ascii=False, indent=2) + "\n"


def as_csv(issues: Issues, address: str) -> str:
    """CSV as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for item in issues:
        writer.writerow([_cell(value) for value in _row(item, address).values()])
    return text.getvalue()


def _row(item: dict[str, Any], address: str) -> dict[str, str]:
    names = {name: quote(item[name]) for name in ("collection", "slug", "id")}
    for name, value in names.items():
        address = address.replace("{" + name + "}", value)
    return {**{name: item.get(name, "") for name in _COLUMNS}, "address": address}


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
