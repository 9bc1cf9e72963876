"""How long a text takes to read: pure logic, tested without WebAssembly."""

import re

WORDS_PER_MINUTE = 200
"""How fast adults read prose on a screen, rounded down."""

# What a reader does not read: the targets of links and images, and HTML tags. None of these patterns can
# match in two ways, so that the time they take grows with the text and no faster.
_LINK_TARGET = re.compile(r"\]\([^()\s]*(?:\s[^()]*)?\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# A word may have hyphens and apostrophes inside: "don't" and "well-known" are one word each.
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def words_in(markdown: str) -> int:
    """The number of words that a reader of the Markdown sees."""
    text = _TAG.sub(" ", _LINK_TARGET.sub("] ", markdown))
    return sum(1 for _ in _WORD.finditer(text))


def minutes_to_read(markdown: str) -> int:
    """The minutes that a text takes, at least one."""
    return max(1, -(-words_in(markdown) // WORDS_PER_MINUTE))
