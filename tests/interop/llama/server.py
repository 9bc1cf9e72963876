"""A site whose models are of llama.cpp's server: it writes, streams, measures, and is away.

    server.py SMARTCMS LLAMA_SERVER

Both are executables. The model is made here (`model.py`); it recites one story.
"""

import contextlib
import json
import math
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import model

STORY = "".join(model.STORY)
KEY = "a-key-that-nobody-sees"
STARTING_SECONDS_MAX = 60


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def llama_server(program, gguf, port, log):
    words = ["--model", gguf, "--alias", "recites", "--host", "127.0.0.1", "--port", str(port), "--ctx-size", str(model.CONTEXT)]
    words += ["--parallel", "1", "--threads", "1", "--embeddings", "--pooling", "mean", "--api-key", KEY]
    with open(log, "w") as out:
        process = subprocess.Popen([program, *words], stdout=out, stderr=out)
    try:
        until = time.monotonic() + STARTING_SECONDS_MAX
        while not is_ready(port):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"llama-server did not start:\n{Path(log).read_text()[-2000:]}")
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def is_ready(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).status == 200
    except OSError:
        return False


class Site:
    def __init__(self, smartcms, folder, port):
        self.smartcms, self.folder, self.port = smartcms, folder, port
        self.run("init", ".")
        self.token = self.run("token", "create", "--name", "interop", "--role", "owner").strip()
        self.configure()

    def configure(self, *, key=KEY, more=""):
        lines = f"""
            stories = true
            [ai]
            provider = "openai"
            address = "http://127.0.0.1:{self.port}/v1"
            model = "recites"
            embedding_model = "recites"
            key = "{key}"
            help = ["owner=20000"]
            {more}
        """
        (self.folder / "smartcms.toml").write_text(lines)

    def run(self, *words):
        done = self.tried(*words)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def tried(self, *words):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCMS_")}
        return subprocess.run(
            [self.smartcms, *words], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60
        )

    @contextlib.contextmanager
    def served(self):
        words = [self.smartcms, "serve", "--listen", "127.0.0.1:0"]
        process = subprocess.Popen(words, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            for line in process.stdout:
                if found := re.search(r"listening on (\S+)", line):
                    yield found[1].rstrip("/")
                    break
            else:
                sys.exit("the site did not say where it listens")
        finally:
            process.terminate()
            process.wait()

    def post(self, address, body):
        headers = {
            "authorization": f"Bearer {self.token}", "content-type": "application/json", "accept": "text/event-stream",
        }
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)
        return urllib.request.urlopen(request, timeout=60)


def fails(done, *said):
    assert done.returncode == 1, done
    for it in said:
        assert it in done.stderr, f"no {it!r} in {done.stderr}"
    assert KEY not in done.stderr and "panicked" not in done.stderr, done.stderr


def at_the_command_line(site):
    lines = site.run("ai", "status").splitlines()
    assert "text  openai/recites  answers" in lines and "embeddings  openai/recites  answers" in lines, lines
    assert site.run("ai", "generate", "Tell me a story.") == f"{STORY}\n"
    # The bound on tokens is the server's to hold: a piece is one.
    assert site.run("ai", "generate", "Tell me a story.", "--tokens", "3") == f"{''.join(model.STORY[:3])}\n"
    vectors = json.loads(site.run("ai", "embed", "fox", "foxes", "42"))
    assert [len(it) for it in vectors] == [model.WIDTH] * 3
    assert all(abs(math.hypot(*it) - 1) < 1e-4 for it in vectors)
    near = lambda one, other: sum(a * b for a, b in zip(one, other))
    assert near(vectors[0], vectors[1]) > near(vectors[0], vectors[2]) + 0.2, "like texts have like vectors"


def over_http(site):
    with site.served() as base:
        told = urllib.request.urlopen(f"{base}/api/generate", timeout=60).read().decode()
        assert told == f"generated1\n{STORY}\n", told
        body = {"collection": "posts", "instruction": "About a fox."}
        events = site.post(f"{base}/api/v1/ai/draft", body).read().decode().strip().split("\n\n")
        pieces = [json.loads(it.split("data: ", 1)[1]) for it in events]
        assert [it["text"] for it in pieces[:-1]] == model.STORY, "each piece comes by itself"
        assert (pieces[-1]["text"], pieces[-1]["model"]) == (STORY, "openai/recites"), pieces[-1]


def away(site, server):
    site.configure(key="another")
    fails(site.tried("ai", "generate", "Once"), "says 401", "Invalid API Key")
    site.configure()
    image = Path(__file__).parents[3] / "models/shapes/samples/red-circle.png"
    site.configure(more='[models]\nimages = "openai/recites"')
    fails(site.tried("ai", "describe", str(image)), "says 500")
    site.configure(more="timeout_ms = 500")
    server.send_signal(signal.SIGSTOP)
    fails(site.tried("ai", "generate", "Once"), "does not answer now", "500 ms")
    server.send_signal(signal.SIGCONT)
    site.configure()
    assert site.run("ai", "generate", "Once") == f"{STORY}\n", "it is there again"


def gone(site):
    fails(site.tried("ai", "generate", "Once"), "does not answer now")
    assert "text  openai/recites  answers" not in site.run("ai", "status")
    with site.served() as base:
        try:
            urllib.request.urlopen(f"{base}/api/generate", timeout=60)
            raise AssertionError("a story by nobody")
        except urllib.error.HTTPError as error:
            assert error.code == 503, error.code
    site.configure(more='fallback = ["storyteller"]')
    story = site.run("ai", "generate", "Tell me about an owl.", "--seed", "1")
    assert "owl" in story and story != f"{STORY}\n"


def main(smartcms, program):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model.write(folder / "recites.gguf")
        (folder / "site").mkdir()
        port = free_port()
        site = Site(smartcms, folder / "site", port)
        with llama_server(program, folder / "recites.gguf", port, folder / "log") as server:
            at_the_command_line(site)
            over_http(site)
            away(site, server)
        gone(site)
    print("llama.cpp's server writes, streams and measures for a site, and is missed where it is away")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
