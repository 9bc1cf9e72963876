"""Keeps entries that the site cannot do without: those whose slugs are in the setting `keep`."""

import wit_world
from smartcms_plugin import settings
from smartcms_plugin.problems import problem, refuse
from wit_world import exports
from wit_world.imports.content import Entry

KEEP_DEFAULT = "home, about"
"""What is kept when the operator does not say: slugs, with commas between them."""


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class BeforeDelete(exports.BeforeDelete):
    """The export `smartcms:plugin/before-delete`."""

    def before_delete(self, entry: Entry) -> None:
        """Accepts, or refuses."""
        keep = [slug.strip() for slug in settings.text("keep", KEEP_DEFAULT).split(",")]
        if entry.slug in keep:
            refuse(problem("protected", f"The site needs `{entry.slug}`; change it instead."))
