"""For unit tests: what the host would give. `smartcms plugin test` runs the built plugin in the real host;
this is for the logic inside it."""

import json
from typing import Any

from wit_world.imports.content import Entry, Status

from . import _host
from .fields import listed

_TIME = "2026-01-01T00:00:00Z"
_settings: dict[str, str] = {}
_log: list[tuple[str, str]] = []
_keys: dict[str, bytes] = {}

_host.setting = _settings.get
_host.settings = lambda: dict(_settings)
_host.line = lambda level, message: _log.append((level, message))

try:
    # Only worlds that import the keys have them.
    from . import _bucket
except ImportError:
    pass
else:

    def _increment(key: str, by: int) -> int:
        sum_ = int(_keys.get(key, b"0")) + by
        _keys[key] = str(sum_).encode()
        return sum_

    _bucket.get = _keys.get
    _bucket.put = _keys.__setitem__
    _bucket.delete = lambda key: _keys.pop(key, None)
    _bucket.increment = _increment


def set_settings(**settings: Any) -> None:
    """Gives the plugin these settings and no others."""
    _settings.clear()
    _settings.update({name: it if isinstance(it, str) else json.dumps(it) for name, it in settings.items()})


def logged() -> list[tuple[str, str]]:
    """The lines that were logged since the last look, each with its level."""
    lines = list(_log)
    _log.clear()
    return lines


def entry(collection: str, slug: str, **fields: Any) -> Entry:
    """A published entry."""
    identity = "01900000-0000-7000-8000-000000000001"
    return Entry(
        identity, collection, slug, Status.PUBLISHED, 1, listed(fields), _TIME, _TIME, _TIME, "en", identity
    )


def draft(collection: str, **fields: Any) -> Any:
    """An entry that is about to be stored for the first time."""
    # Only worlds with this hook have its type.
    from wit_world.exports.before_save import Draft

    return Draft(None, collection, "an-entry", listed(fields), "en")


def event(kind: str, collection: str) -> Any:
    """Something that happened to an entry."""
    from wit_world.exports.events import Event

    identity = "01900000-0000-7000-8000-000000000001"
    return Event("01900000-0000-7000-8000-000000000002", kind, _TIME, collection, identity, 1)
