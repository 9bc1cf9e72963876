"""What others do with artefacts of ours, and we with theirs, against Debian's docker-registry.

    registry.py SMARTCMS PLUGINS

SMARTCMS is the executable, PLUGINS the folder of the built example plugins. The others are the Python client of the
oras project and plain wasmtime.
"""

import contextlib
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import oras.client
import wasmtime
from wasmtime.component import Component, Linker

CONFIG = "application/vnd.wasm.config.v0+json"


@contextlib.contextmanager
def registry(folder):
    """A registry on a free port; its address."""
    settings = folder / "config.yml"
    settings.write_text(
        "version: 0.1\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}\n"
        "http: {addr: 127.0.0.1:0, secret: tests}\n"
    )
    process = subprocess.Popen(
        ["docker-registry", "serve", settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in process.stderr:
            if found := re.search(r"listening on (\S+?)\"", line):
                yield found[1]
                break
        else:
            sys.exit("the registry did not say where it listens")
    finally:
        process.kill()
        process.wait()


def main(smartcms, plugins):
    greet = plugins / "greet.wasm"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with registry(folder) as address:
            run = lambda *words: subprocess.run([smartcms, *words], cwd=folder, check=True)
            run("plugin", "push", f"{address}/ada/greet:1", greet)
            others_read_ours(folder, f"{address}/ada/greet:1")
            push_as_others_do(folder, f"{address}/others/greet:1", greet)
            run("plugin", "pull", f"{address}/others/greet:1", "-o", "back.wasm")
            assert (folder / "back.wasm").read_bytes() == greet.read_bytes()
            run("run", "back.wasm", "--invoke", 'greet("Ada")')
    print("oras and wasmtime understand us, and we them")


def others_read_ours(folder, reference):
    client = oras.client.OrasClient(insecure=True)
    (file,) = client.pull(target=reference, outdir=str(folder / "pulled"))
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    instance = Linker(engine).instantiate(store, Component.from_file(engine, file))
    assert instance.get_func(store, "greet")(store, "Ada") == "Hello, Ada!"


def push_as_others_do(folder, reference, component):
    digest = hashlib.sha256(component.read_bytes()).hexdigest()
    config = folder / "config.json"
    config.write_text(
        json.dumps(
            {
                "created": "2026-01-01T00:00:00Z",
                "architecture": "wasm",
                "os": "wasip2",
                "layerDigests": [f"sha256:{digest}"],
                "component": {"exports": ["greet"], "imports": []},
            }
        )
    )
    oras.client.OrasClient(insecure=True).push(
        target=reference,
        files=[f"{component}:application/wasm"],
        manifest_config=f"{config}:{CONFIG}",
        disable_path_validation=True,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
