"""The plugin's own keys, which no other plugin sees.

Needs the grant `kv`, and in `wit/world.wit` the imports `wasi:keyvalue/store@0.2.0-draft` and
`wasi:keyvalue/atomics@0.2.0-draft`.
"""

from . import _bucket


def get(key: str) -> bytes | None:
    """The value of a key; None when it has none."""
    return _bucket.get(key)


def put(key: str, value: bytes | str) -> None:
    """Gives a key a value, in place of the one it had."""
    _bucket.put(key, value.encode() if isinstance(value, str) else value)


def delete(key: str) -> None:
    """Takes a key away; one that is not there is no error."""
    _bucket.delete(key)


def increment(key: str, by: int = 1) -> int:
    """Adds to the number under a key, which begins at 0, and gives the sum. No other call comes between."""
    return _bucket.increment(key, by)
