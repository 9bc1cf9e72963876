"""Runs the example components from Python, and checks what they answer.

    python host.py FOLDER

FOLDER holds the built components. Nothing of SmartCMS takes part: what makes a plugin portable is the
component model, and PyPI's `wasmtime` is one of its hosts. Ends with code 1 when an answer is wrong.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wasmtime import Engine, Store
from wasmtime.component import Component, Func, Instance, Linker, Record, Variant

NAMES = ("Ada", "", "Zoë & 李", "a\nb", "x" * 100_000)
BEFORE_SAVE = "smartcms:plugin/before-save@0.1.0"
FILTERS = "smartcms:plugin/filters@0.1.0"
KVSTORE = "component:smartcms/kvstore"


class Host:
    """Loads components from one folder. It offers them nothing but what a check defines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = Engine()

    def load(self, name: str, define: Callable[[Linker], None] | None = None) -> tuple[Store, Instance]:
        """A fresh instance of a component, with the imports that `define` adds."""
        component = Component.from_file(self.engine, str(self.folder / f"{name}.wasm"))
        linker = Linker(self.engine)
        if define is not None:
            define(linker)
        store = Store(self.engine)
        return store, linker.instantiate(store, component)


def function(store: Store, instance: Instance, name: str, interface: str | None = None) -> Func:
    """An exported function, at the top or in an interface."""
    parent = instance.get_export_index(store, interface) if interface else None
    index = instance.get_export_index(store, name, parent)
    found = instance.get_func(store, index) if index is not None else None
    if found is None:
        raise LookupError(f"the component does not export {interface or ''} {name}")
    return found


def record(**fields: Any) -> Record:
    """A record, as wasmtime takes it: an object with an attribute for each field."""
    made = Record()
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def text_field(name: str, text: str) -> Record:
    """A field of an entry that holds text."""
    return record(name=name, value=Variant("text", text))


def draft(*fields: Record) -> Record:
    """An entry of the collection `posts` that is about to be stored."""
    return record(entry=None, collection="posts", slug="a-post", fields=list(fields), locale="en")


def expect(actual: object, expected: object) -> None:
    """Fails where an answer is not the expected one."""
    if actual != expected:
        raise AssertionError(f"expected {expected!r:.200}, got {actual!r:.200}")


def check_greet(host: Host, name: str) -> None:
    """The same component in three languages gives the same answers."""
    store, instance = host.load(name)
    greet = function(store, instance, "greet")
    for person in NAMES:
        expect(greet(store, person), f"Hello, {person}!")
        greet.post_return(store)


def check_toc(host: Host) -> None:
    """The filter puts a table of contents before the first heading."""
    store, instance = host.load("toc")
    filter_html = function(store, instance, "filter-html", FILTERS)
    context = record(entry="00000000-0000-7000-8000-000000000000", collection="posts", slug="a-post", locale="en")
    html = "<p>Start</p><h2>One</h2><h2>Two</h2>"
    answer = filter_html(store, context, html)
    expect(answer.tag, "ok")
    expect(answer.payload.startswith('<p>Start</p><nav class="toc"'), True)
    expect(answer.payload.endswith('<h2 id="one">One</h2><h2 id="two">Two</h2>'), True)


def check_shout(host: Host) -> None:
    """The hook refuses a title in capitals and accepts any other."""
    store, instance = host.load("shout")
    before_save = function(store, instance, "before-save", BEFORE_SAVE)
    answer = before_save(store, draft(text_field("title", "A quiet title")))
    expect((answer.tag, answer.payload), ("ok", []))
    before_save.post_return(store)
    answer = before_save(store, draft(text_field("title", "READ THIS NOW")))
    expect((answer.tag, len(answer.payload)), ("err", 1))
    expect((answer.payload[0].field, answer.payload[0].code), ("title", "shouting"))


def check_reading_time(host: Host) -> None:
    """The hook fills a field with the minutes that the body takes."""
    store, instance = host.load("reading-time")
    before_save = function(store, instance, "before-save", BEFORE_SAVE)
    answer = before_save(store, draft(text_field("body", "word " * 401)))
    expect(answer.tag, "ok")
    [field] = answer.payload
    expect((field.name, field.value.tag, field.value.payload), ("reading_minutes", "integer", 3))


def check_story(host: Host) -> None:
    """The original system's guest reaches the keys that this host defines for it, and no others."""
    keys: dict[str, str] = {}

    def define(linker: Linker) -> None:
        with linker.root() as root, root.add_instance(KVSTORE) as kvstore:
            kvstore.add_func("get", lambda _store, key: keys.get(key))
            kvstore.add_func("set", lambda _store, key, value: keys.__setitem__(key, value))

    store, instance = host.load("story", define)
    story = function(store, instance, "run")(store)
    expect(keys, {"story": story})


def check_refusal(host: Host) -> None:
    """A component whose import nobody defines is refused before it runs."""
    try:
        host.load("story")
    except Exception as error:
        expect(KVSTORE in str(error), True)
    else:
        raise AssertionError(f"a component was started without its import {KVSTORE}")


CHECKS: dict[str, Callable[[Host], None]] = {
    "greet, in Rust": lambda host: check_greet(host, "greet"),
    "greet, in JavaScript": lambda host: check_greet(host, "greet-js"),
    "greet, in Python": lambda host: check_greet(host, "greet-python"),
    "toc": check_toc,
    "shout": check_shout,
    "reading-time": check_reading_time,
    "story": check_story,
    "story, without its import": check_refusal,
}


def main() -> int:
    """Runs every check, and returns the exit code."""
    if len(sys.argv) != 2:
        print("usage: python host.py FOLDER", file=sys.stderr)
        return 2
    host = Host(Path(sys.argv[1]))
    failures = 0
    for name, check in CHECKS.items():
        try:
            check(host)
        except Exception as error:  # Every failure is reported, whatever it is.
            failures += 1
            print(f"failed  {name}: {error}")
        else:
            print(f"ok      {name}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
