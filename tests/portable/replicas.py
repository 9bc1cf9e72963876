"""One site, two servers of it: the portable build twice, on one host or another, its keys where both find them.

    python3 tests/portable/replicas.py HOST KEYS COMPONENT FOLDER

HOST is the program that runs COMPONENT, KEYS the one that keeps the keys; which they are is told by their names:

    wasmtime  smartcms      smartcms-http.cwasm      the keys are on a native server
    wasmtime  nats-server   smartcms-nats.cwasm      they are in NATS, and each talks to it
    wash      smartcms      smartcms-http.wasm       wasmCloud 2, `wash dev` twice
    wash      nats-server   smartcms-nats.wasm
    wash      nats-server   smartcms-wasmcloud.wasm  the host talks to NATS; of these one writes at a time

What is kept is in FOLDER. `cargo xtask portable` and `cargo xtask hosts` run it. Nothing but Python's own library is needed.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
import uuid

import wasmcloud

OWNER = "smc_0123456789abcdefghijklmnopqrstuvwxyz"
KEYS = "smc_keys56789abcdefghijklmnopqrstuvwxyz"
# `wash` compiles the component at each start.
PATIENCE_SECONDS = 600


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def own_address():
    """An address of this machine that is not the loopback: to a component on wasmCloud that one is a network of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unsent:
        unsent.connect(("198.51.100.1", 9))
        return unsent.getsockname()[0]


class Process:
    """A server that is started, killed and started again at the same address."""

    def __init__(self, command, port, cwd=None, ready=None, **variables):
        self.command, self.port, self.cwd = command, port, cwd
        self.ready = ready or (lambda: self.ask("GET", "/readyz")[0] == 200)
        self.environment = os.environ | variables
        self.process = None

    def launch(self, **outputs):
        self.process = subprocess.Popen(
            self.command, cwd=self.cwd, env=self.environment, start_new_session=True, **outputs
        )

    def start(self):
        self.launch(stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.command[0]} ended with {self.process.returncode}")
            try:
                if self.ready():
                    return self
            except OSError:
                pass
            time.sleep(0.05)
        raise SystemExit(f"{self.command[0]} does not get ready")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method, path, value=None, **headers):
        """Status, headers and body, as the owner."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {name.replace("_", "-"): it for name, it in headers.items()}
        headers |= {"content-type": "application/json", "authorization": f"Bearer {OWNER}"}
        try:
            body = None if value is None else json.dumps(value)
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    def api(self, method, path, value=None, **headers):
        status, _, body = self.ask(method, "/api/v1/content/posts" + path, value, **headers)
        return status, json.loads(body) if body.startswith(("{", "[")) else body


def keeper():
    """What keeps the keys, and where it is for the servers."""
    port, keys = free_port(), free_port()
    folder = os.path.join(FOLDER, "keeper")
    os.makedirs(folder, exist_ok=True)
    if not is_named(KEEPING, "nats"):
        command = [KEEPING, "--site", folder, "serve", "--listen", f"127.0.0.1:{port}"]
        listen = {"SMARTCMS_KEYS_LISTEN": f"127.0.0.1:{keys}", "SMARTCMS_KEYS_TOKEN": KEYS}
        return Process(command, port, **listen), f"http://127.0.0.1:{keys}"
    at = own_address() if IS_WASH else "127.0.0.1"
    command = [KEEPING, "-js", "-sd", folder, "-a", at, "-p", str(keys)]
    if not BY_KEYVALUE:
        command += ["--auth", KEYS]

    def ready():
        socket.create_connection((at, keys), timeout=1).close()
        return True

    return Process(command, keys, ready=ready), f"nats://{at}:{keys}"


def replica(keys, name, token=KEYS):
    port = free_port()
    variables = {
        "SMARTCMS_HOST_ADDRESS": keys,
        "SMARTCMS_HOST_TOKEN": token,
        "SMARTCMS_PEOPLE_OWNER_TOKEN": OWNER,
        "SMARTCMS_API_ADDRESS_REQUESTS_PER_MINUTE": "0",
        "SMARTCMS_API_TOKEN_REQUESTS_PER_MINUTE": "0",
        "SMARTCMS_SITE_BASE_URL": "http://site.example",
    }
    if IS_WASH:
        folder = os.path.join(FOLDER, name)
        store = {"wasi_keyvalue_nats_url": keys} if BY_KEYVALUE else {}
        reached = [keys] if keys.startswith("http") else []
        at = f"127.0.0.1:{port}"
        site, more = wasmcloud.prepared(folder, COMPONENT, at, store, variables, reached)
        return Process([HOST, "dev"], port, cwd=site, **more)
    command = [HOST, "serve", f"--addr=127.0.0.1:{port}", "-Scli"]
    command += ["--max-instance-reuse-count=1000", "--allow-precompiled"]
    if keys.startswith("nats"):
        command += ["-Sinherit-network", "-Sallow-ip-name-lookup"]
    command += [f"--env={name}={value}" for name, value in variables.items()]
    return Process([*command, COMPONENT], port)


def is_named(program, word):
    return os.path.basename(program).startswith(word)


class Replicas(unittest.TestCase):
    def several_write(self):
        if BY_KEYVALUE:
            self.skipTest("the host's own store has no swap: one writes at a time")

    def new_entry(self, on, title):
        status, entry = on.api("POST", "", {"fields": {"title": title, "body": "Words."}})
        self.assertEqual(status, 201, entry)
        return entry

    def test_what_one_stored_the_other_shows_with_the_next_request(self):
        for number in range(5):
            one, other = (ONE, OTHER) if number % 2 else (OTHER, ONE)
            entry = self.new_entry(one, f"Shared {number}")
            self.assertEqual(one.api("POST", f"/{entry['id']}/publish", {})[0], 200)
            status, _, page = other.ask("GET", f"/posts/shared-{number}")
            self.assertEqual(status, 200)
            self.assertIn(f"Shared {number}", page)
            self.assertIn(f"Shared {number}", other.ask("GET", "/")[2])

    def test_of_two_who_change_one_entry_one_is_told_of_a_conflict(self):
        self.several_write()
        for number in range(8):
            entry = self.new_entry(ONE, f"Contested {number}")
            seen, outcomes = f'"{entry["revision"]}"', {}

            def change(name, on):
                wish = {"fields": {"title": f"{name} was here"}}
                outcomes[name] = on.api("PATCH", f"/{entry['id']}", wish, if_match=seen)

            both = [
                threading.Thread(target=change, args=it) for it in (("one", ONE), ("other", OTHER))
            ]
            [it.start() for it in both]
            [it.join() for it in both]
            statuses = {name: status for name, (status, _) in outcomes.items()}
            self.assertEqual(sorted(statuses.values()), [200, 409], outcomes)
            winner = min(statuses, key=statuses.get)
            for on in (ONE, OTHER):
                stored = on.api("GET", f"/{entry['id']}?status=any")[1]
                self.assertEqual(stored["fields"]["title"], f"{winner} was here")

    def test_when_one_is_killed_nothing_that_was_acknowledged_is_lost(self):
        acknowledged, failed, stop = [], [], threading.Event()

        def write(number):
            count = 0
            while not stop.is_set():
                title, count = f"Kept {number} {count}", count + 1
                status, entry = written(title)
                (acknowledged if status == 201 else failed).append((status, entry, title))

        count = 1 if BY_KEYVALUE else 3
        writers = [threading.Thread(target=write, args=(it,)) for it in range(count)]
        [it.start() for it in writers]
        time.sleep(1.5)
        ONE.kill()
        time.sleep(1.5)
        stop.set()
        [it.join() for it in writers]
        ONE.start()
        self.assertEqual(failed, [], "no request fails after it was tried once more")
        self.assertGreater(len(acknowledged), 3)
        for on in (ONE, OTHER):
            for _, entry, title in acknowledged:
                stored = on.api("GET", f"/{entry['id']}?status=any")[1]
                self.assertEqual(stored["fields"]["title"], title)
        titles = [it["fields"]["title"] for it in listed(ONE, "Kept")]
        self.assertEqual(len(titles), len(set(titles)), "nothing is there twice")

    def test_while_the_keys_are_away_it_is_told_and_nothing_is_lost(self):
        before = self.new_entry(ONE, "Before the keeper went")
        KEEPER.kill()
        status, problem = ONE.api("POST", "", {"fields": {"title": "In between"}})
        self.assertEqual(status, 503, problem)
        KEEPER.start()
        status, stored = OTHER.api("GET", f"/{before['id']}?status=any")
        self.assertEqual((status, stored["fields"]["title"]), (200, "Before the keeper went"))
        self.new_entry(OTHER, "After it came back")
        self.assertEqual(listed(ONE, "In between"), [])

    def test_who_has_not_the_token_of_the_keys_serves_nothing(self):
        self.several_write()
        token = "smc_anothertokenthatisaslongasitneedstobe"
        stranger = replica(ADDRESS, "stranger", token=token)
        stranger.launch(stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True)
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while True:
                try:
                    status = stranger.ask("GET", "/posts/shared-1")[0]
                    # What `wash` says itself until it has compiled the component.
                    if status != 404:
                        break
                except OSError:
                    pass
                self.assertLess(time.monotonic(), until)
                time.sleep(0.05)
            self.assertIn(status, (500, 503))
        finally:
            stranger.kill()
        said = stranger.process.stdout.read()
        stranger.process.stdout.close()
        self.assertRegex(said, "401|Authorization Violation")


def written(title):
    """What a careful client does: the next server where one is away, with the same key, so that nothing is written twice. Where
    nobody knows what became of the first try, it looks whether it was done, and else sends it anew."""
    wish, key, outcome = {"fields": {"title": title}}, str(uuid.uuid4()), (0, "no answer")
    for on in (ONE, OTHER, OTHER):
        try:
            outcome = on.api("POST", "", wish, idempotency_key=key)
        except (OSError, http.client.HTTPException):
            continue
        if outcome[0] != 409:
            return outcome
        done = [it for it in listed(OTHER, title) if it["fields"]["title"] == title]
        if done:
            return 201, done[0]
        key = str(uuid.uuid4())
    return outcome


def listed(on, word):
    items, cursor = [], ""
    while True:
        path = f"?filter%5Btitle%5D%5Bcontains%5D={word.replace(' ', '%20')}&status=any&limit=100"
        page = on.api("GET", path + cursor)[1]
        items += page["items"]
        if not page.get("next"):
            return items
        cursor = f"&cursor={page['next']}"


def main():
    global HOST, KEEPING, COMPONENT, FOLDER, IS_WASH, BY_KEYVALUE, KEEPER, ADDRESS, ONE, OTHER
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    HOST, KEEPING, COMPONENT, FOLDER = (os.path.abspath(it) for it in sys.argv[1:])
    IS_WASH, BY_KEYVALUE = is_named(HOST, "wash"), is_named(COMPONENT, "smartcms-wasmcloud")
    KEEPER, ADDRESS = keeper()
    servers = [KEEPER.start()]
    try:
        # One after the other: the first one makes the site.
        ONE = replica(ADDRESS, "one").start()
        servers.append(ONE)
        OTHER = replica(ADDRESS, "other").start()
        servers.append(OTHER)
        cases = unittest.defaultTestLoader.loadTestsFromTestCase(Replicas)
        outcome = unittest.TextTestRunner(verbosity=2).run(cases)
    finally:
        [it.kill() for it in servers if it.process.poll() is None]
    raise SystemExit(not outcome.wasSuccessful())


if __name__ == "__main__":
    main()
