"""Counts what was published in each collection, and notes it in the log.

The counts are kept in the plugin's own keys, so that it needs the grant `kv`.
"""

import wit_world
from componentize_py_types import Err
from smartcms_plugin import keys, log
from wit_world import exports
from wit_world.exports.events import Event, EventError_Retry


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Events(exports.Events):
    """The export `smartcms:plugin/events`."""

    def on_event(self, event: Event) -> None:
        """Handles one event."""
        if event.kind != "entry.published":
            return
        try:
            count(event)
        except Err as error:
            # What could not be stored now may be stored later.
            raise Err(EventError_Retry(str(error.value))) from error


def count(event: Event) -> None:
    """An event can come more than once: what was counted is remembered by its id."""
    seen = f"seen/{event.id}"
    if keys.get(seen) is not None:
        return
    number = keys.increment(f"published/{event.collection}")
    keys.put(seen, "1")
    log.info(f"publication {number} in {event.collection}")
