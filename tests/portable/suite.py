"""One suite for every way to run a site, over HTTP alone: the native server, and the portable build on its hosts.

    python3 tests/portable/suite.py [--one-writer] PROGRAM ARGUMENT...

starts the server by that command, asks it, kills it in the middle of writes, starts it again, and asks again. In the
arguments {address} stands for the host and port to listen at, {token} for the owner's token, {ai} for the address of a
server of models that the suite itself is (Ollama's interface), and {mail} for the host and port of a service that takes mail
at /emails, which it is, too. Where a store has no compare-and-swap, --one-writer lets one
write at a time. `cargo xtask portable` and `cargo xtask hosts` run it with what was built.

Nothing but Python's own library is needed.
"""

import http.client
import http.server
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse

TOKEN = "smc_0123456789abcdefghijklmnopqrstuvwxyz"
PASSWORD = "a heron stands in cold water"
ANOTHER_PASSWORD = "and a bittern in the reeds"
# As xtask/src/portable/mod.rs has it.
MAIL_KEY = "key-of-the-suite"
PATIENCE_SECONDS = 60
# A host that compiles the component at its start takes its time.
START_SECONDS = 300
STORY = "Once there was a fox."
# One pixel, and a comment before it.
PIXEL_GIF = (
    b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff\x21\xfe\x0cWhere I live\0"
    b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0\x3b"
)


class Models(http.server.BaseHTTPRequestHandler):
    """What Ollama answers, in two pieces."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        for piece in (STORY[:10], STORY[10:]):
            line = {"message": {"content": piece}, "done": False}
            self.wfile.write(json.dumps(line).encode() + b"\n")
        self.wfile.write(b'{"message": {"content": ""}, "done": true}\n')

    def log_message(self, *_):
        pass


class Mails(http.server.BaseHTTPRequestHandler):
    """A service that takes mail, and keeps it to be looked at."""

    taken = queue.Queue()

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.taken.put((self.path, self.headers, message))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"id": "1"}')

    def log_message(self, *_):
        pass


def serve_in_background(handler):
    """Serves at a free port; its host and port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_address[1]}"


class Server:
    """The server under test; started, killed and started again."""

    def __init__(self, command, stderr=None):
        self.stderr = stderr
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = {
            "{address}": f"127.0.0.1:{self.port}",
            "{token}": TOKEN,
            "{ai}": "http://" + serve_in_background(Models),
            "{mail}": serve_in_background(Mails),
        }
        for word, value in words.items():
            command = [it.replace(word, value) for it in command]
        self.command = command
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            self.command, start_new_session=True, stderr=self.stderr
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}")
            try:
                if ask("GET", "/readyz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise SystemExit("the server does not get ready")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return self.headers.get(name, "")


def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", SERVER.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): it for name, it in headers.items()}
        )
        response = connection.getresponse()
        return Answer(response, response.read())
    finally:
        connection.close()


def api(method, path, value=None, **headers):
    body = None if value is None else json.dumps(value)
    headers = {"content_type": "application/json", "authorization": f"Bearer {TOKEN}"} | headers
    return ask(method, "/api/v1" + path, body, **headers)


def publish(title, text="Words.", **fields):
    """A published post."""
    made = api("POST", "/content/posts", {"fields": {"title": title, "body": text} | fields})
    assert made.status == 201, made.text
    done = api("POST", f"/content/posts/{made.json['id']}/publish", {})
    assert done.status == 200, done.text
    return done.json


class Case(unittest.TestCase):
    def check(self, answer, status, words=""):
        self.assertEqual(answer.status, status, answer.text[:2000])
        self.assertIn(words, answer.text)
        return answer


class Site(Case):
    def test_readers_get_pages_feeds_and_a_sitemap(self):
        publish("The heron", "It stands in *cold* water.")
        self.check(ask("GET", "/"), 200, "The heron")
        page = self.check(ask("GET", "/posts/the-heron"), 200, "<em>cold</em>")
        self.assertIn("text/html", page.header("content-type"))
        self.assertIn("default-src", page.header("content-security-policy"))
        for path in ("/feed.xml", "/feed.json"):
            self.check(ask("GET", path), 200, "the-heron")
        index = self.check(ask("GET", "/sitemap.xml"), 200, "<sitemapindex").text
        maps = [urllib.parse.urlsplit(it).path for it in re.findall(r"<loc>([^<]+)</loc>", index)]
        self.assertIn("the-heron", "".join(ask("GET", it).text for it in maps))
        self.check(ask("GET", "/robots.txt"), 200, "itemap")
        self.check(ask("GET", "/nowhere"), 404)

    def test_a_page_shows_a_change_with_the_next_request(self):
        post = publish("Tides")
        for number in range(4):
            self.check(ask("GET", "/posts/tides"), 200, post["fields"]["title"])
            path = f"/content/posts/{post['id']}"
            wish = {"fields": {"title": f"Tides {number}"}, "slug": "tides"}
            saved = api("PATCH", path, wish, if_match=f'"{post["revision"]}"')
            self.check(saved, 200)
            post = self.check(api("POST", path + "/publish", {}), 200).json
            self.check(ask("GET", "/posts/tides"), 200, f"Tides {number}")

    def test_a_page_that_was_seen_is_not_sent_again(self):
        publish("Seen once")
        again = ask("GET", "/posts/seen-once")
        # What is related to it is measured after it was published, and changes its page once more.
        for _ in range(10):
            again = ask("GET", "/posts/seen-once", if_none_match=again.header("etag"))
            if again.status == 304:
                break
            time.sleep(0.2)
        self.assertEqual((again.status, again.body), (304, b""))
        coded = ask("GET", "/posts/seen-once", accept_encoding="gzip")
        self.assertEqual(coded.header("content-encoding"), "gzip")

    def test_what_was_written_is_found(self):
        publish("Kingfishers", "A kingfisher dives for sticklebacks.")
        self.check(ask("GET", "/search?q=stickleback"), 200, "Kingfishers")
        found = self.check(api("GET", "/search?q=stickleback"), 200)
        self.assertIn("kingfishers", found.text)


class Api(Case):
    def test_who_has_no_token_writes_nothing(self):
        body = json.dumps({"fields": {"title": "No"}})
        answer = ask("POST", "/api/v1/content/posts", body, content_type="application/json")
        self.check(answer, 401, "auth.required")
        self.check(api("GET", "/tokens", authorization="Bearer smc_wrong"), 401)

    def test_a_save_that_saw_an_older_revision_is_a_conflict(self):
        post = publish("Contested")
        path = f"/content/posts/{post['id']}"
        seen = f'"{post["revision"]}"'
        self.check(api("PATCH", path, {"fields": {"title": "One"}}, if_match=seen), 200)
        self.check(api("PATCH", path, {"fields": {"title": "Two"}}, if_match=seen), 409)
        revisions = self.check(api("GET", path + "/revisions"), 200).json
        self.assertGreaterEqual(len(revisions["items"]), 2)

    def test_what_does_not_fit_is_told_by_field(self):
        answer = self.check(api("POST", "/content/posts", {"fields": {"body": "x"}}), 422)
        self.assertIn("application/problem+json", answer.header("content-type"))
        self.assertIn("title", json.dumps(answer.json["problems"]))

    def test_links_lead_to_hosts_of_all_scripts_and_by_known_schemes_alone(self):
        hosts = ["https://grüße.example/a", "https://例え.example/", "http://مثال.example/"]
        links = [*hosts, "javascript:alert(1)", "data:text/html,x"]
        publish("Whither", " ".join(f'<a href="{it}">x</a>' for it in links))
        shown = self.check(ask("GET", "/posts/whither"), 200).text
        for host in hosts:
            self.assertIn(f'href="{host}"', shown)
        self.assertNotIn("alert(1)", shown)
        self.assertNotIn("data:text", shown)

    def test_what_is_nested_deeply_is_answered(self):
        """A stack that is too small for it would end an instance in the middle of a request."""
        deep = 3_000
        texts = {
            "quotes": ">" * deep + " x",
            "lists": "1. " * deep + "x",
            "emphasis": "*a " * deep,
            "links": "[" * deep + "x" + "](u)" * deep,
            "elements": "<div>" * deep + "x",
            "tables": "<table><tr><td>" * deep,
        }
        for name, text in texts.items():
            with self.subTest(name):
                post = publish(f"Deep {name}", text)
                self.check(ask("GET", f"/posts/{post['slug']}"), 200, f"Deep {name}")
        deep = 100_000
        body = '{"fields": {"title": ' + "[" * deep + "]" * deep + "}}"
        kind = {"content_type": "application/json", "authorization": f"Bearer {TOKEN}"}
        self.check(ask("POST", "/api/v1/content/posts", body, **kind), 400, "request.json")

    def test_lists_are_filtered_sorted_and_paged(self):
        for number in range(5):
            publish(f"Listed {number}")
        path = "/content/posts?filter[title][contains]=Listed&sort=-title&limit=2"
        path = urllib.parse.quote(path, safe="/?=&")
        page = self.check(api("GET", path), 200).json
        self.assertEqual([it["fields"]["title"] for it in page["items"]], ["Listed 4", "Listed 3"])
        page = self.check(api("GET", f"{path}&cursor={page['next']}"), 200).json
        self.assertEqual([it["fields"]["title"] for it in page["items"]], ["Listed 2", "Listed 1"])

    def test_a_key_does_a_write_once(self):
        wish = {"fields": {"title": "Once"}}
        answers = [api("POST", "/content/posts", wish, idempotency_key="once-1") for _ in range(2)]
        self.assertEqual([it.status for it in answers], [201, 201])
        self.assertEqual(answers[0].json["id"], answers[1].json["id"])

    def test_files_are_kept_and_served_as_they_are(self):
        answer = api("POST", "/assets?name=large.bin", content_type="application/octet-stream")
        self.assertGreaterEqual(answer.status, 400, "an empty file is none")
        made = ask(
            "POST", "/api/v1/assets?name=notes.txt", b"# Notes\n" * 400_000,
            authorization=f"Bearer {TOKEN}",
        )
        self.check(made, 201)
        path = urllib.parse.urlsplit(made.json["url"]).path
        file = self.check(ask("GET", path), 200)
        self.assertEqual(file.body, b"# Notes\n" * 400_000)
        part = ask("GET", path, range="bytes=8-15")
        self.assertEqual((part.status, part.body), (206, b"# Notes\n"))

    def test_images_are_stored_without_what_tells_of_their_maker(self):
        def send(name, image):
            return ask("POST", f"/api/v1/assets?name={name}", image, authorization=f"Bearer {TOKEN}")

        made = self.check(send("pixel.gif", PIXEL_GIF), 201).json
        self.assertEqual((made["media_type"], made["width"], made["height"]), ("image/gif", 1, 1))
        shown = ask("GET", urllib.parse.urlsplit(made["url"]).path)
        self.assertEqual((shown.status, shown.headers["content-type"]), (200, "image/gif"))
        self.assertTrue(shown.body.startswith(b"GIF89a") and shown.body.endswith(b";"), shown.body)
        self.assertNotIn(b"Where I live", shown.body)
        cut = self.check(send("cut.gif", PIXEL_GIF[:-6]), 422)
        self.assertEqual(cut.json["code"], "asset.damaged")
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><script>x()</script></svg>'
        drawn = self.check(send("drawn.svg", drawing), 201).json
        self.assertNotIn(b"script", ask("GET", urllib.parse.urlsplit(drawn["url"]).path).body)

    def test_the_document_of_the_api_is_there(self):
        document = self.check(ask("GET", "/api/v1/openapi.json"), 200).json
        self.assertIn("/api/v1/content/posts", document["paths"])

    def test_many_write_at_once(self):
        if WRITERS == 1:
            self.skipTest("the store has no compare-and-swap")
        outcomes = []

        def write(number):
            wish = {"fields": {"title": f"Crowd {number}"}}
            outcomes.append(api("POST", "/content/posts", wish).status)

        crowd = [threading.Thread(target=write, args=(number,)) for number in range(24)]
        [it.start() for it in crowd]
        [it.join() for it in crowd]
        self.assertEqual(outcomes, [201] * 24)
        path = "/content/posts?filter[title][contains]=Crowd&limit=100&status=any"
        path = urllib.parse.quote(path, safe="/?=&")
        self.assertEqual(len(self.check(api("GET", path), 200).json["items"]), 24)


class Stories(Case):
    """The interface of the original system, byte for byte, and its page's requests."""

    def test_stories_are_kept_and_found(self):
        self.check(ask("POST", "/api/create", "The Fox\nIt ran.\nFar."), 200)
        self.assertEqual(ask("POST", "/api/create", "The Fox\nIt ran.\nFar.").body, b"Stored The Fox\n")
        self.assertEqual(ask("POST", "/api/retrieve", "The Fox").body, b"It ran.\nFar.\n")
        self.assertEqual(ask("POST", "/api/retrieve", "Nobody").body, b"Story not found\n")

    def test_a_story_is_written_by_the_configured_server(self):
        for method in ("GET", "POST"):
            answer = self.check(ask(method, "/api/generate"), 200)
            self.assertRegex(answer.text, rf"^generated\d+\n{re.escape(STORY)}\n$")
        name = answer.text.split("\n")[0]
        self.assertEqual(ask("POST", "/api/retrieve", name).text, STORY + "\n")

    def test_pages_of_other_sites_may_ask_where_they_are_named(self):
        answer = ask("POST", "/api/retrieve", "The Fox", origin="http://stories.example")
        self.assertEqual(answer.header("access-control-allow-origin"), "http://stories.example")
        answer = ask("POST", "/api/retrieve", "The Fox", origin="http://evil.example")
        self.assertEqual(answer.header("access-control-allow-origin"), "")


class Browser:
    """Cookies, and forms with the token of their page."""

    def __init__(self):
        self.cookies = {}

    def ask(self, method, path, body=None, **headers):
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = ask(method, path, body, cookie=jar, **headers)
        for line in answer.headers.get_all("set-cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def fill(self, page, path, pairs):
        token = re.search(r'name="csrf" value="([^"]+)"', self.ask("GET", page).text).group(1)
        body = urllib.parse.urlencode({"csrf": token} | pairs)
        kind = "application/x-www-form-urlencoded"
        address = f"http://127.0.0.1:{SERVER.port}"
        return self.ask("POST", path, body, content_type=kind, origin=address)


class People(Case):
    def test_1_the_first_owner_is_made_with_the_configured_token(self):
        self.assertEqual(ask("GET", "/admin").status, 303)
        browser = Browser()
        pairs = {"secret": TOKEN, "name": "Ada", "email": "ada@example.com", "password": PASSWORD}
        answer = browser.fill(f"/admin/setup?link={TOKEN}", "/admin/setup", pairs)
        self.assertEqual((answer.status, answer.header("location")), (303, "/admin"), answer.text)
        self.check(browser.ask("GET", "/admin"), 200, "Ada")

    def test_2_the_owner_signs_in_by_password_and_nobody_without(self):
        browser = Browser()
        pairs = {"email": "ada@example.com", "password": "something else entirely"}
        self.check(browser.fill("/admin/sign-in", "/admin/sign-in", pairs), 422)
        self.assertEqual(browser.ask("GET", "/admin").status, 303)
        pairs["password"] = PASSWORD
        self.assertEqual(browser.fill("/admin/sign-in", "/admin/sign-in", pairs).status, 303)
        publish("Administered")
        self.check(browser.ask("GET", "/admin/content/posts"), 200, "Administered")
        for path in ("/admin/users", "/admin/media", "/admin/settings", "/admin/plugins"):
            self.check(browser.ask("GET", path), 200)

    def test_3_the_configured_token_makes_no_second_owner(self):
        self.assertEqual(ask("GET", f"/admin/setup?link={TOKEN}").status, 303)

    def test_4_who_forgot_a_password_gets_a_mail_with_a_link(self):
        for email in ("nobody@example.com", "ada@example.com"):
            answer = Browser().fill("/admin/forgotten", "/admin/forgotten", {"email": email})
            self.assertEqual(answer.status, 303, answer.text)
        path, headers, message = Mails.taken.get(timeout=PATIENCE_SECONDS)
        self.assertEqual((path, headers["authorization"]), ("/emails", f"Bearer {MAIL_KEY}"))
        self.assertTrue(headers["idempotency-key"])
        # Services that send mail refuse who does not say what they are.
        self.assertEqual(headers["user-agent"], "SmartCMS")
        self.assertEqual(set(message), {"from", "to", "subject", "text"})
        self.assertEqual(message["to"], ["ada@example.com"])
        link = re.search(r"http://\S+(/admin/password\?link=\S+)", message["text"])
        browser, pairs = Browser(), {"secret": link[1].split("=")[1], "password": ANOTHER_PASSWORD}
        self.assertEqual(browser.fill(link[1], "/admin/password", pairs).status, 303)
        self.check(browser.ask("GET", "/admin"), 200, "Ada")
        # That it was changed is told by mail, too.
        self.assertEqual(Mails.taken.get(timeout=PATIENCE_SECONDS)[2]["to"], ["ada@example.com"])


class Afterwards(Case):
    """The server was killed while somebody wrote, and was started again."""

    def test_what_was_acknowledged_is_there(self):
        acknowledged, stop = [], threading.Event()

        def write():
            while not stop.is_set():
                title = f"Lasting {len(acknowledged)} {threading.get_ident()}"
                try:
                    answer = api("POST", "/content/posts", {"fields": {"title": title}})
                except (OSError, http.client.HTTPException):
                    return
                if answer.status == 201:
                    acknowledged.append((answer.json["id"], title))

        writers = [threading.Thread(target=write) for _ in range(WRITERS)]
        [it.start() for it in writers]
        time.sleep(2)
        SERVER.kill()
        stop.set()
        [it.join() for it in writers]
        SERVER.start()
        self.assertGreater(len(acknowledged), 3)
        for identity, title in acknowledged:
            entry = self.check(api("GET", f"/content/posts/{identity}?status=any"), 200).json
            self.assertEqual(entry["fields"]["title"], title)
        publish("And on it goes")
        self.check(ask("GET", "/posts/and-on-it-goes"), 200, "And on it goes")
        browser = Browser()
        pairs = {"email": "ada@example.com", "password": ANOTHER_PASSWORD}
        self.assertEqual(browser.fill("/admin/sign-in", "/admin/sign-in", pairs).status, 303)


def main():
    global SERVER, WRITERS
    command = sys.argv[1:]
    one_writer = command[:1] == ["--one-writer"]
    if len(command) <= one_writer:
        raise SystemExit(__doc__)
    SERVER, WRITERS = Server(command[one_writer:]), 1 if one_writer else 3
    SERVER.start()
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    cases = unittest.TestSuite(map(load, (Site, Api, Stories, People, Afterwards)))
    try:
        outcome = unittest.TextTestRunner(verbosity=2).run(cases)
    finally:
        SERVER.kill()
    raise SystemExit(not outcome.wasSuccessful())


if __name__ == "__main__":
    main()
