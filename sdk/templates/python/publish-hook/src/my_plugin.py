"""Refuses to publish what still has a TODO in it."""

import wit_world
from smartcms_plugin.problems import problem, refuse
from wit_world import exports
from wit_world.imports.content import Entry, Value_Text

MARK = "TODO"


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class BeforePublish(exports.BeforePublish):
    """The export `smartcms:plugin/before-publish`."""

    def before_publish(self, entry: Entry) -> None:
        """Accepts, or refuses with a problem for each field that is not finished."""
        problems = [
            problem("unfinished", "There is still a TODO in this text.", field.name)
            for field in entry.fields
            if isinstance(field.value, Value_Text) and MARK in field.value.value
        ]
        if problems:
            refuse(*problems)
