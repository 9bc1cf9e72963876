"""Brings a block for notes that readers should not miss."""

import json
from html import escape

import wit_world
from wit_world import exports
from wit_world.exports.blocks import BlockContext, BlockKind

SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": 2000},
        "label": {"type": "string", "maxLength": 40},
    },
    "required": ["text"],
    "additionalProperties": False,
}
"""The attributes of a note: the site holds what authors write against it."""


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Blocks(exports.Blocks):
    """The export `smartcms:plugin/blocks`."""

    def list(self) -> list[BlockKind]:
        """Every kind of block."""
        description = "A text that stands apart, so that nobody misses it."
        return [BlockKind("note", "Note", description, json.dumps(SCHEMA))]

    def render(self, kind: str, attributes: str, context: BlockContext) -> str:
        """The HTML of a block."""
        note = json.loads(attributes)
        label, text = escape(note.get("label", "Note")), escape(note["text"])
        return f"<aside><p><strong>{label}:</strong> {text}</p></aside>"
