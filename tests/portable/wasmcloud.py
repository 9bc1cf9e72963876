"""A site on wasmCloud 2, its content in NATS: starts both, as deploy/compose does in containers.

    python3 tests/portable/wasmcloud.py WASH NATS COMPONENT FOLDER ADDRESS NAME=VALUE...

WASH is wasmCloud's program `wash`, NATS the program nats-server, COMPONENT dist/portable/smartcms-wasmcloud.wasm. What NATS
keeps is in FOLDER, and is there again with the next start. ADDRESS is where the site is served; NAME=VALUE are its settings.
When this ends, both do. `cargo xtask hosts` gives it to suite.py as the server to try.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse

PATIENCE_SECONDS = 30


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("NATS does not get ready")


def main():
    if len(sys.argv) < 6:
        raise SystemExit(__doc__)
    wash, nats, component, folder, address, *settings = sys.argv[1:]
    site = os.path.join(folder, "site")
    os.makedirs(os.path.join(site, ".wash"), exist_ok=True)
    shutil.copyfile(component, os.path.join(site, "smartcms.wasm"))
    port = free_port()
    environment = dict(it.split("=", 1) for it in settings)
    reached = environment.get("SMARTCMS_AI_ADDRESS")
    config = {
        # What is built is there already.
        "build": {"command": "true", "component_path": "smartcms.wasm"},
        "dev": {"address": address, "wasi_keyvalue_nats_url": f"nats://127.0.0.1:{port}"},
        "workload": {
            "environment": {"config": environment},
            "allowedHosts": [f"http://{urllib.parse.urlsplit(reached).netloc}"] if reached else [],
        },
    }
    with open(os.path.join(site, ".wash", "config.yaml"), "w") as file:
        json.dump(config, file)  # JSON is YAML, too.
    store = os.path.join(folder, "nats")
    keeper = subprocess.Popen(
        [nats, "-js", "-sd", store, "-a", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL
    )
    wait_for(port)
    # Whoever runs this may have settings of their own in their home.
    variables = os.environ | {"HOME": os.path.join(folder, "home"), "RUST_LOG": "error"}
    os.makedirs(variables["HOME"], exist_ok=True)
    try:
        raise SystemExit(subprocess.run([wash, "dev"], cwd=site, env=variables).returncode)
    finally:
        keeper.kill()


if __name__ == "__main__":
    main()
