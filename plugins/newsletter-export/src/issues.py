"""The list of what was published, newest first."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Iterator

from smartcms_plugin import settings

_KEEP_MAX = 1000


class SettingsError(ValueError):
    """A setting that cannot be used."""


@dataclass
class Settings:
    """What the operator set."""

    collections: list[str]
    keep: int
    address: str


def configured() -> Settings:
    """The settings, or why they cannot be used."""
    try:
        keep = settings.integer("keep", 100)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    if not 1 <= keep <= _KEEP_MAX:
        raise SettingsError(f"the setting `keep` cannot be used: {keep} is not between 1 and {_KEEP_MAX}")
    names = settings.text("collections", "posts").split(",")
    return Settings([name.strip() for name in names if name.strip()], keep, settings.text("address", "/{collection}/{slug}"))


class Issues:
    """The list itself."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self._items = items

    @classmethod
    def read(cls, kept: bytes | None) -> "Issues":
        """The list that is kept; an empty one when there is none."""
        return cls(json.loads(kept) if kept else [])

    def text(self) -> str:
        """The list as it is kept."""
        return json.dumps(self._items, ensure_ascii=False, separators=(",", ":"))

    def add(self, item: dict[str, Any], keep: int) -> None:
        """Puts an entry into the list, once; published again it stays at its time, with what it says now."""
        same = [it for it in self._items if it["id"] == item["id"]]
        if any(it["revision"] > item["revision"] for it in same):
            return
        self.remove(item["id"])
        self._items.append(item)
        self._items.sort(key=lambda it: (it["published"], it["id"]), reverse=True)
        del self._items[keep:]

    def remove(self, entry: str) -> bool:
        """Takes an entry out; whether it was there."""
        left = [it for it in self._items if it["id"] != entry]
        was_there = len(left) < len(self._items)
        self._items = left
        return was_there

    def since(self, time: str) -> "Issues":
        """What was published at a time or later; times in RFC 3339 and UTC, or days, are in order as texts."""
        return Issues([it for it in self._items if it["published"] >= time])

    @staticmethod
    def digest(text: str) -> str:
        """What tells one answer from another."""
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)
