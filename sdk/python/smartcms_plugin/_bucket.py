"""The keys that the host keeps for a plugin, in one place that `testing` can put something else into."""

from wit_world.imports import atomics, keyvalue


def get(key: str) -> bytes | None:
    """The value of a key."""
    with keyvalue.open("") as bucket:
        return bucket.get(key)


def put(key: str, value: bytes) -> None:
    """Gives a key a value."""
    with keyvalue.open("") as bucket:
        bucket.set(key, value)


def delete(key: str) -> None:
    """Takes a key away."""
    with keyvalue.open("") as bucket:
        bucket.delete(key)


def increment(key: str, by: int) -> int:
    """Adds to the number under a key."""
    with keyvalue.open("") as bucket:
        return atomics.increment(bucket, key, by)
