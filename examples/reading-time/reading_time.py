"""A before-save hook that fills in how many minutes an entry takes to read."""

import wit_world
from wit_world import exports
from wit_world.exports.before_save import Draft
from wit_world.imports.types import Field, Value_Integer, Value_Text

from minutes import minutes_to_read

BODY_FIELD = "body"
MINUTES_FIELD = "reading_minutes"
COLLECTION = "posts"
"""The collection whose definition has the field. In any other the save would be refused for it."""


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class BeforeSave(exports.BeforeSave):
    """The export `smartcms:plugin/before-save`."""

    def before_save(self, draft: Draft) -> list[Field]:
        """Returns the fields to change: none where there is no text to read."""
        if draft.collection != COLLECTION:
            return []
        for field in draft.fields:
            if field.name == BODY_FIELD and isinstance(field.value, Value_Text):
                minutes = minutes_to_read(field.value.value)
                return [Field(MINUTES_FIELD, Value_Integer(minutes))]
        return []
