"""What is wrong with an entry: what hooks refuse with."""

from typing import NoReturn

from componentize_py_types import Err
from wit_world.imports.content import Problem


def problem(code: str, message: str, field: str | None = None) -> Problem:
    """A problem; without a field it is of the whole entry. The code is for programs, the message for people."""
    return Problem(field, code, message)


def refuse(*problems: Problem) -> NoReturn:
    """Ends a hook: the entry is not saved, published or deleted, and these are the reasons."""
    raise Err(list(problems))
