"""Shows lines of CSV as a table: with a caption, headings, numbers at the right and, where it is wanted, their sums."""

import json

import wit_world
from componentize_py_types import Err
from smartcms_plugin import settings
from table import CSV_MAX, TableError, shown
from wit_world import exports
from wit_world.exports.blocks import BlockContext, BlockKind

SCHEMA = {
    "type": "object",
    "properties": {
        "csv": {"type": "string", "minLength": 1, "maxLength": CSV_MAX},
        "caption": {"type": "string", "minLength": 1, "maxLength": 300},
        "delimiter": {"enum": [",", ";", "\t", "|"]},
        "header": {"type": "boolean"},
        "sum": {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 20},
        "sort": {"type": "string", "minLength": 1},
        "descending": {"type": "boolean"},
    },
    "required": ["csv"],
    "additionalProperties": False,
}


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Blocks(exports.Blocks):
    """The export `smartcms:plugin/blocks`."""

    def list(self) -> list[BlockKind]:
        """The one kind."""
        about = "A table of lines with commas, semicolons or tabs between, as programs for tables export them."
        return [BlockKind("table", "Table from CSV", about, json.dumps(SCHEMA))]

    def render(self, _kind: str, attributes: str, _context: BlockContext) -> str:
        """The table, or why there is none."""
        try:
            return shown(json.loads(attributes), settings.text("sum", "Sum"))
        except TableError as error:
            raise Err(str(error)) from error
