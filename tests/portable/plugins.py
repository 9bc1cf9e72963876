"""A site in one component with plugins in it: composed, served by `wasmtime serve`, and asked from outside.

    python3 tests/portable/plugins.py SMARTCMS WASMTIME CORE ADAPTERS EXAMPLES GUESTS FOLDER

SMARTCMS is the native program, which composes; CORE is dist/portable/smartcms.wasm, ADAPTERS the folder of the adapters
beside it; EXAMPLES and GUESTS have the built plugins of examples/ and tests/plugin-cases/guests; sites and components are made
in FOLDER. `cargo xtask portable` runs it. Nothing but Python's own library is needed.
"""

import concurrent.futures
import http.client
import os
import re
import shutil
import subprocess
import sys
import time
import unittest

import suite
from suite import PASSWORD, PATIENCE_SECONDS, TOKEN, Browser, Case, Server, api, ask, publish

SETTINGS = {
    "SMARTCMS_PEOPLE_OWNER_TOKEN": "{token}",
    "SMARTCMS_SITE_BASE_URL": "http://{address}",
    "SMARTCMS_API_ADDRESS_REQUESTS_PER_MINUTE": "0",
    "SMARTCMS_API_TOKEN_REQUESTS_PER_MINUTE": "0",
}
SIGNED = {"SMARTCMS_PLUGIN_EVERYWHERE": '{"signature": "Ada & Co.", "number": 3}'}
LONG = "Words.\n\n## The lake\n\nWater.\n\n## The heron\n\nFeathers.\n"


def built(folder, name):
    return os.path.join(folder, f"{name}.wasm")


def smartcms(*arguments):
    command = [SMARTCMS, "component", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=10 * PATIENCE_SECONDS)


def composed(name, *plugs, grants=()):
    """The outcome of composing plugins and the adapter for folders into the core, and the file."""
    to = os.path.join(FOLDER, f"{name}.wasm")
    plugs = [it for plug in plugs for it in ("--plug", plug)]
    grants = [it for grant in grants for it in ("--grant", grant)]
    return smartcms("compose", CORE, *plugs, *grants, "--plug", adapter("folder"), "-o", to), to


def adapter(name):
    return built(ADAPTERS, name)


def renamed(guest, name):
    """The same plugin once more, with another id."""
    to = built(FOLDER, name)
    shutil.copyfile(built(GUESTS, guest), to)
    with open(to.replace(".wasm", ".plugin.toml"), "w", encoding="utf-8") as manifest:
        manifest.write(f'id = "{name}"\nname = "{name}"\nversion = "1.0.0"\n')
        manifest.write('[capabilities]\nkv = "It counts."\n')
    return to


def served(component, name, **settings):
    """A server of a component; its words go to a file."""
    data = os.path.join(FOLDER, name)
    os.makedirs(data, exist_ok=True)
    command = [WASMTIME, "serve", "--addr={address}", "-Scli", "--max-instance-reuse-count=10000"]
    command.append(f"--dir={data}::/data")
    command += [f"--env={key}={value}" for key, value in (SETTINGS | settings).items()]
    return Server([*command, "--allow-precompiled", component], open(log_of(name), "wb"))


def log_of(name):
    return os.path.join(FOLDER, f"{name}.log")


def said(name, words):
    """Whether the server comes to say something."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with open(log_of(name), encoding="utf-8", errors="replace") as log:
            if words in log.read():
                return True
        time.sleep(0.05)
    return False


def precompiled(component):
    to = component.replace(".wasm", ".cwasm")
    subprocess.run([WASMTIME, "compile", component, "-o", to], check=True)
    return to


class Composing(Case):
    def refused(self, words, *plugs, grants=(), code=3):
        outcome, to = composed("refused", *plugs, grants=grants)
        self.assertEqual(outcome.returncode, code, outcome)
        for word in words:
            self.assertIn(word, outcome.stderr)
        self.assertFalse(os.path.exists(to))

    def test_what_a_plugin_needs_and_cannot_have_is_refused_by_name(self):
        visits, clerk = built(EXAMPLES, "visits"), built(GUESTS, "clerk")
        self.refused(["plugin visits", "wasi:keyvalue", "--grant visits:kv"], visits)
        self.refused(["plugin clerk", "smartcms:content", "cannot call back"], clerk)

    def test_keys_are_granted_and_kept_or_refused(self):
        counts, keeper = built(GUESTS, "counts"), adapter("plugin-keys")
        self.refused(["plugin counts", "kvstore", "--grant counts:kv"], counts, keeper)
        self.refused(["counts was granted kv", "plugin-keys.wasm"], counts, grants=["counts:kv"], code=6)
        self.refused(["no plugin here was granted kv"], built(EXAMPLES, "toc"), keeper, code=6)
        self.refused(["--grant toc:kv"], built(EXAMPLES, "toc"), keeper, grants=["toc:kv"], code=6)
        self.refused(["both keep keys"], counts, keeper, keeper, grants=["counts:kv"], code=5)

    def test_the_whole_asks_for_no_more_than_its_parts(self):
        def asked(file):
            listed = smartcms("wit", file, "--capabilities")
            self.assertEqual(listed.returncode, 0, listed)
            return {it for it in listed.stdout.splitlines() if not it.startswith("-")}

        self.assertEqual(asked(SITE), asked(composed("bare")[1]))


class Plugins(Case):
    def test_filters_change_pages_in_the_order_of_their_ids_and_are_sanitised(self):
        publish("Two headings", LONG)
        page = self.check(ask("GET", "/posts/two-headings"), 200, '<a href="#the-lake"').text
        # Its settings and no variable of the site; the memory of one plugin is not the other's.
        self.assertRegex(page, r"Ada &amp; Co\. 2 0 (true|false)</p>")
        self.assertNotIn("alert(1)", page)
        self.assertTrue(said("site", "WARN plugin everywhere: two lines\n"))

    def test_hooks_change_and_refuse_saves(self):
        made = api("POST", "/content/posts", {"fields": {"title": "  A heron  "}})
        self.assertEqual(self.check(made, 201).json["fields"]["title"], "A heron")
        refused = api("POST", "/content/posts", {"fields": {"title": "forbidden"}})
        problem = self.check(refused, 422).json
        self.assertEqual((problem["code"], problem["plugin"]), ("entry.refused", "everywhere"))
        self.assertEqual(
            [(it["field"], it["code"], it["message"]) for it in problem["problems"]],
            [("title", "forbidden", "This title is of no use: choose another one.")],
        )

    def test_hooks_refuse_publications_and_deletions(self):
        fields = {"title": "Kept", "body": "TODO"}
        entry = self.check(api("POST", "/content/posts", {"fields": fields}), 201).json
        path = f"/content/posts/{entry['id']}"
        self.check(api("POST", f"{path}/publish", {}), 422, "There is a TODO in it.")
        self.check(api("DELETE", path, if_match=f'"{entry["revision"]}"'), 422, "needs this page")

    def test_blocks_are_shown(self):
        block = '```block everywhere/note\n{"text": "<b>"}\n```\n'
        publish("With a block", f"Words.\n\n{block}")
        self.check(ask("GET", "/posts/with-a-block"), 200, "of with-a-block</p>")

    def test_functions_compute_fields(self):
        computed = {"plugin": "everywhere", "function": "shout", "arguments": ["title"]}
        fields = [
            {"name": "title", "kind": "text", "required": True},
            {"name": "loud", "kind": "text", "computed": computed},
        ]
        definition = {"name": "birds", "label": "Birds", "label_one": "Bird", "title": "title"}
        definition |= {"url": "/birds/{slug}", "fields": fields}
        self.check(api("POST", "/collections", definition), 201)
        made = self.check(api("POST", "/content/birds", {"fields": {"title": "heron"}}), 201)
        self.assertEqual(made.json["fields"]["loud"], "HERON")

    def test_plugins_hear_what_happens(self):
        publish("Heard")
        self.assertTrue(said("site", "INFO plugin everywhere: heard entry.published at revision"))
        with open(log_of("site"), encoding="utf-8") as log:
            self.assertNotIn("not important", log.read())

    def test_the_admin_lists_them_and_says_that_they_cannot_be_changed(self):
        browser = Browser()
        pairs = {"secret": TOKEN, "name": "Ada", "email": "ada@example.com", "password": PASSWORD}
        answer = browser.fill(f"/admin/setup?link={TOKEN}", "/admin/setup", pairs)
        self.assertEqual(answer.status, 303, answer.text)
        listed = self.check(browser.ask("GET", "/admin/plugins"), 200).text
        for name in ("everywhere", "toc"):
            self.assertIn(f"/admin/plugins/{name}", listed)
        page = self.check(browser.ask("GET", "/admin/plugins/everywhere"), 200).text
        self.assertNotIn('value="disable"', page)
        self.check(browser.ask("GET", "/admin/plugins/everywhere/settings"), 200, "Ada &amp; Co.")
        there = "/admin/plugins/everywhere"
        self.assertEqual(browser.fill(there, there, {"do": "disable"}).status, 303)
        self.check(browser.ask("GET", there), 200, "parts of its program")
        publish("Still signed")
        self.check(ask("GET", "/posts/still-signed"), 200, "Ada &amp; Co.")
        metrics = ask("GET", "/metrics", authorization=f"Bearer {TOKEN}")
        found = re.search(r'smartcms_plugin_calls_total{plugin="everywhere"} (\d+)', metrics.text)
        self.assertGreater(int(found.group(1)), 0)


class Keys(Case):
    """What plugins keep, each for itself: `counts`, and the same plugin as `recounts`."""

    def told(self, title):
        slug = publish(title)["slug"]
        page = self.check(ask("GET", f"/posts/{slug}"), 200).text
        return re.findall(r"counts: (.*?)\.</p>", page)

    def test_each_plugin_has_its_own_and_no_others(self):
        self.assertEqual(self.told("Many keys"), ["[false, true, false] true false"] * 2)
        # In one place for both, the second would count one more.
        one, other = self.told("A count")
        self.assertRegex(one, r"^\d+, last a-count$")
        self.assertEqual(one, other)
        for told in self.told("Its keys"):
            self.assertIn("calls", told)

    def test_what_passes_a_limit_is_refused_and_nothing_of_it_is_kept(self):
        for told in self.told("Too much"):
            self.assertIn("at most 1048576 bytes", told)
        for told in self.told("Not a number"):
            self.assertIn("the value of `words` is not a whole number", told)
        for told in self.told("Its keys"):
            self.assertNotIn("large", told)

    def test_two_who_count_at_the_same_time_are_both_counted_and_none_is_forgotten(self):
        def count(title):
            return int(self.told(title)[0].split(",")[0])

        before = count("Before")
        slugs = [publish(f"Seen {number}")["slug"] for number in range(24)]
        with concurrent.futures.ThreadPoolExecutor(8) as readers:
            shown = list(readers.map(lambda it: ask("GET", f"/posts/{it}").status, slugs))
        self.assertEqual(shown, [200] * 24)
        suite.SERVER.kill()
        suite.SERVER.start()
        self.assertEqual(count("After"), before + 25)


class Failing(Case):
    """What becomes of a plugin that fails, and of everybody else."""

    def test_a_filter_that_declines_leaves_the_text_as_it_was(self):
        publish("Declined", LONG)
        page = self.check(ask("GET", "/posts/declined"), 200, "Feathers.").text
        self.assertNotIn("Ada", page)

    def test_a_plugin_that_traps_ends_its_request_and_the_next_one_is_answered(self):
        for _ in range(3):
            status = self.status("POST", "/content/posts", {"fields": {"title": "trap"}})
            self.assertGreaterEqual(status, 500)
            self.check(api("GET", "/content/posts?status=any&limit=1"), 200)
        found = api("GET", "/content/posts?status=any&filter%5Btitle%5D%5Bcontains%5D=trap")
        self.assertEqual(self.check(found, 200).json["items"], [], "nothing of it was stored")
        publish("Trapping", LONG)
        try:
            self.assertGreaterEqual(ask("GET", "/posts/trapping").status, 500)
        except (OSError, http.client.HTTPException):
            pass
        publish("After the trap", LONG)
        self.check(ask("GET", "/posts/after-the-trap"), 200, "Ada &amp; Co.")

    def test_listeners_that_trap_take_no_answer_and_its_event_waits(self):
        entry = publish("Archived")
        self.check(api("POST", f"/content/posts/{entry['id']}/archive", {}), 200)
        for number in range(3):
            publish(f"Meanwhile {number}")
        self.check(api("GET", f"/content/posts/{entry['id']}?status=any"), 200)

    def status(self, method, path, value):
        try:
            return api(method, path, value).status
        except (OSError, http.client.HTTPException):
            return 599


class Settings(Case):
    def test_settings_of_no_plugin_are_told_by_name_in_the_log(self):
        before, suite.SERVER = suite.SERVER, served(COMPILED, "wrong", SMARTCMS_PLUGIN_TCO="{}")
        suite.SERVER.process = subprocess.Popen(
            suite.SERVER.command, start_new_session=True, stderr=suite.SERVER.stderr
        )
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while True:
                try:
                    self.assertEqual(ask("GET", "/").status, 503)
                    break
                except OSError:
                    self.assertLess(time.monotonic(), until)
                    time.sleep(0.05)
            self.assertTrue(said("wrong", "SMARTCMS_PLUGIN_TCO is of no plugin"))
            self.assertTrue(said("wrong", "SMARTCMS_PLUGIN_TOC"))
        finally:
            suite.SERVER.kill()
            suite.SERVER = before


def main():
    global SMARTCMS, WASMTIME, CORE, ADAPTERS, EXAMPLES, GUESTS, FOLDER, SITE, COMPILED
    if len(sys.argv) != 8:
        raise SystemExit(__doc__)
    SMARTCMS, WASMTIME, CORE, ADAPTERS, EXAMPLES, GUESTS, FOLDER = sys.argv[1:]
    plugs = [built(EXAMPLES, "toc"), built(GUESTS, "everywhere"), built(GUESTS, "counts")]
    plugs += [renamed("counts", "recounts"), adapter("plugin-keys")]
    made, SITE = composed("site", *plugs, grants=["counts:kv", "recounts:kv"])
    print(made.stdout, made.stderr)
    if made.returncode:
        raise SystemExit("the site could not be composed")
    COMPILED = precompiled(SITE)
    suite.SERVER = served(COMPILED, "site", **SIGNED)
    suite.SERVER.start()
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    cases = unittest.TestSuite(map(load, (Composing, Plugins, Keys, Failing, Settings)))
    try:
        outcome = unittest.TextTestRunner(verbosity=2).run(cases)
    finally:
        suite.SERVER.kill()
    raise SystemExit(not outcome.wasSuccessful())


if __name__ == "__main__":
    main()
