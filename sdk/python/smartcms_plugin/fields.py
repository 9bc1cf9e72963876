"""Fields by name, as plain values of Python."""

import json
from typing import Any, Iterable

from wit_world.imports.content import (
    Field,
    Value,
    Value_Boolean,
    Value_Integer,
    Value_Json,
    Value_None_,
    Value_Number,
    Value_Text,
)


def get(fields: Iterable[Field], name: str) -> Any:
    """A field's value; None when the list does not name it."""
    return next((from_value(field.value) for field in fields if field.name == name), None)


def text(fields: Iterable[Field], name: str) -> str | None:
    """A field's text; None when it holds anything else."""
    value = get(fields, name)
    return value if isinstance(value, str) else None


def field(name: str, value: Any) -> Field:
    """A field with a value, for the list of changes that a hook returns; None takes the field away."""
    return Field(name, to_value(value))


def listed(values: dict[str, Any]) -> list[Field]:
    """A list of fields from a dictionary."""
    return [field(name, value) for name, value in values.items()]


def to_value(value: Any) -> Value:
    """A value of the contract from a plain one."""
    if value is None:
        return Value_None_()
    if isinstance(value, bool):
        return Value_Boolean(value)
    if isinstance(value, int):
        return Value_Integer(value)
    if isinstance(value, float):
        return Value_Number(value)
    if isinstance(value, str):
        return Value_Text(value)
    return Value_Json(json.dumps(value))


def from_value(value: Value) -> Any:
    """A plain value from one of the contract."""
    if isinstance(value, Value_None_):
        return None
    if isinstance(value, Value_Json):
        return json.loads(value.value)
    return value.value
