"""Tidies titles, and refuses those that are longer than the setting `longest` says."""

import wit_world
from smartcms_plugin import fields, settings
from smartcms_plugin.problems import problem, refuse
from wit_world import exports
from wit_world.exports.before_save import Draft
from wit_world.imports.content import Field

LONGEST_DEFAULT = 80
"""How many characters a title may have when the operator does not say."""


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class BeforeSave(exports.BeforeSave):
    """The export `smartcms:plugin/before-save`."""

    def before_save(self, draft: Draft) -> list[Field]:
        """Returns the fields to change."""
        title = fields.text(draft.fields, "title")
        if title is None:
            return []
        longest = settings.integer("longest", LONGEST_DEFAULT)
        tidy = " ".join(title.split())
        if len(tidy) > longest:
            refuse(problem("too-long", f"This title has more than {longest} characters.", "title"))
        return [] if tidy == title else [fields.field("title", tidy)]
