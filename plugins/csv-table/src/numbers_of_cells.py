"""Numbers as people write them in tables: `1,234.50`, `1.234,50`, `1 234,5 €`, `12 %`, `−3`."""

import re
from decimal import Decimal, InvalidOperation

# What may stand before and behind a number without making it a word.
_BEFORE = r"(?:[€$£¥]\s?)?"
_BEHIND = r"(?:\s?(?:[€$£¥%°]|°?[A-Za-z]{1,3}))?"
_DIGITS = r"[-+−]?\d(?:[\d.,'’\u00a0\u202f ]{0,30}\d)?"
_SHAPE = re.compile(rf"^({_BEFORE})({_DIGITS})({_BEHIND})$")
_SPACES = "'’\u00a0\u202f "
_GROUP = {".": ",", ",": "."}


def number(cell: str, decimal: str) -> Decimal | None:
    """The number in a cell that has this decimal sign; None for anything else."""
    found = _SHAPE.match(cell)
    if not found:
        return None
    digits = re.sub(f"[{_SPACES}]", "", found[2]).replace("−", "-")
    whole, _, part = digits.partition(decimal)
    groups = whole.split(_GROUP[decimal])
    # Signs between groups stand before every third digit, so that 1.5 is not taken for 15.
    if any(len(it) != 3 for it in groups[1:]) or not part.isdigit() and part:
        return None
    try:
        return Decimal("".join(groups) + ("." + part if part else ""))
    except InvalidOperation:
        return None


def written(value: Decimal, like: list[str], decimal: str) -> str:
    """A number as those of a column are written: their places, their groups, their unit where all have the same."""
    shapes = [found for cell in like if (found := _SHAPE.match(cell))]
    digits = [found[2] for found in shapes]
    places = max((len(it.partition(decimal)[2]) for it in digits), default=0)
    text = f"{value:,.{places}f}".replace(",", "\0").replace(".", decimal).replace("\0", _grouping(digits, decimal))
    around = {(found[1], found[3]) for found in shapes}
    before, behind = around.pop() if len(around) == 1 else ("", "")
    return f"{before}{text}{behind}"


def _grouping(numbers: list[str], decimal: str) -> str:
    """What stands between groups of digits; nothing where nobody wrote any."""
    wholes = [number.partition(decimal)[0] for number in numbers]
    return next((sign for sign in _GROUP[decimal] + _SPACES if any(sign in it for it in wholes)), "")
