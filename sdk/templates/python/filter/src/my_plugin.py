"""Lets browsers load the pictures of an entry when they come into sight."""

import re

import wit_world
from wit_world import exports
from wit_world.exports.filters import FilterContext

PICTURE = re.compile(r"<img (?![^>]*\bloading=)")
"""A picture that does not say how it is loaded."""


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Filters(exports.Filters):
    """The export `smartcms:plugin/filters`."""

    def filter_html(self, context: FilterContext, html: str) -> str:
        """Returns the HTML to show."""
        return PICTURE.sub('<img loading="lazy" ', html)
