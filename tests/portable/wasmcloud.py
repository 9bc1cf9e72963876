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


def prepared(folder, component, address, store, settings, reached):
    """The folder of a site for `wash dev`, and the variables it is started with. `store` says where key-value stores are,
    `reached` which addresses the component may ask."""
    site, home = os.path.join(folder, "site"), os.path.join(folder, "home")
    os.makedirs(os.path.join(site, ".wash"), exist_ok=True)
    os.makedirs(home, exist_ok=True)
    shutil.copyfile(component, os.path.join(site, "smartcms.wasm"))
    config = {
        # What is built is there already.
        "build": {"command": "true", "component_path": "smartcms.wasm"},
        "dev": {"address": address} | store,
        "workload": {"environment": {"config": settings}, "allowedHosts": reached},
    }
    with open(os.path.join(site, ".wash", "config.yaml"), "w") as file:
        json.dump(config, file)  # JSON is YAML, too.
    # Whoever runs this may have settings of their own in their home.
    return site, {"HOME": home, "RUST_LOG": "error"}


def main():
    if len(sys.argv) < 6:
        raise SystemExit(__doc__)
    wash, nats, component, folder, address, *settings = sys.argv[1:]
    port = free_port()
    environment = dict(it.split("=", 1) for it in settings)
    services = (environment.get(it) for it in ("SMARTCMS_AI_ADDRESS", "SMARTCMS_MAIL_HTTP_ADDRESS"))
    reached = [f"http://{urllib.parse.urlsplit(it).netloc}" for it in services if it]
    store = {"wasi_keyvalue_nats_url": f"nats://127.0.0.1:{port}"}
    site, variables = prepared(folder, component, address, store, environment, reached)
    kept = os.path.join(folder, "nats")
    keeper = subprocess.Popen(
        [nats, "-js", "-sd", kept, "-a", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL
    )
    wait_for(port)
    variables = os.environ | variables
    try:
        raise SystemExit(subprocess.run([wash, "dev"], cwd=site, env=variables).returncode)
    finally:
        keeper.kill()


if __name__ == "__main__":
    main()
