"""Lists what was published, for newsletters, and gives the list as JSON and as CSV.

The events tell what happens to entries; the list is one of the plugin's own keys, so that a request reads one key.
"""

import wit_world
from componentize_py_types import Err
from issues import Issues, SettingsError, configured
from exports_of_list import as_csv, as_json
from smartcms_plugin import fields, http, keys, log
from wit_world import exports
from wit_world.exports.events import Event, EventError_GiveUp, EventError_Retry
from wit_world.imports import reader

_KEY = "issues"
_GONE = ("entry.unpublished", "entry.trashed")


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Events(exports.Events):
    """The export `smartcms:plugin/events`."""

    def on_event(self, event: Event) -> None:
        """Handles one event. Events of one plugin come one after the other, so nothing else changes the list."""
        try:
            settings = configured()
        except SettingsError as error:
            raise Err(EventError_GiveUp(str(error))) from error
        if event.collection not in settings.collections:
            return
        try:
            if event.kind == "entry.published":
                _add(event, settings.keep)
            elif event.kind in _GONE:
                _remove(event)
        except Err as error:
            # What could not be read or stored now may be later.
            raise Err(EventError_Retry(str(error.value))) from error


class IncomingHandler(exports.IncomingHandler):
    """The export `wasi:http/incoming-handler`."""

    def handle(self, request: object, response_out: object) -> None:
        """Answers a request."""
        http.serve(request, response_out, _answer)


def _add(event: Event, keep: int) -> None:
    entry = reader.find(event.entry)
    if entry is None:
        # It was unpublished meanwhile, which the next event tells.
        log.info(f"{event.collection} {event.entry} is not public any more")
        return
    issues = Issues.read(keys.get(_KEY))
    issues.add(
        {
            "id": entry.id,
            "collection": entry.collection,
            "slug": entry.slug,
            "title": fields.text(entry.fields, "title") or entry.slug,
            "excerpt": fields.text(entry.fields, "excerpt") or "",
            "published": entry.published_at or event.at,
            "revision": event.revision,
        },
        keep,
    )
    keys.put(_KEY, issues.text())
    log.info(f"{entry.collection}/{entry.slug} is in the list of {len(issues)}")


def _remove(event: Event) -> None:
    issues = Issues.read(keys.get(_KEY))
    if issues.remove(event.entry):
        keys.put(_KEY, issues.text())
        log.info(f"{event.collection} {event.entry} is out of the list of {len(issues)}")


def _answer(request: http.Request) -> http.Response:
    if request.method not in ("GET", "HEAD"):
        return http.Response(405, {"allow": "GET, HEAD"})
    kinds = {"/items.json": (as_json, "application/json"), "/items.csv": (as_csv, "text/csv; charset=utf-8")}
    if request.path not in kinds:
        raise http.Refusal(404, "the lists are /ext/newsletter-export/items.json and items.csv")
    made, kind = kinds[request.path]
    issues = Issues.read(keys.get(_KEY)).since(request.parameters.get("since", ""))
    body = made(issues, configured().address)
    tag = f'"{Issues.digest(body)}"'
    headers = {"content-type": kind, "cache-control": "no-cache", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return http.Response(304, headers)
    if kind.startswith("text/csv"):
        headers["content-disposition"] = 'attachment; filename="newsletter.csv"'
    return http.Response(200, headers, body)
