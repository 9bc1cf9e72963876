"""Runs one component with nothing but PyPI's `wasmtime`, as any host of WASI 0.2 would.

    python plain.py [--dir FOLDER::NAME] [--env NAME=VALUE] FILE [WORD ...]
    python plain.py --call FUNCTION FILE

The first runs a command (`wasi:cli/run`) with WORDs as its arguments, and ends with its exit code. The second calls an
exported function without parameters, and prints what it answers. SmartCMS takes no part.
"""

import argparse
import sys
from pathlib import Path

from wasmtime import Engine, ExitTrap, Store, WasiConfig
from wasmtime.component import Component, Linker


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Runs one component with plain wasmtime.")
    parser.add_argument("--dir", action="append", default=[], metavar="FOLDER::NAME")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--call", metavar="FUNCTION")
    parser.add_argument("file", type=Path)
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="WORD")
    return parser.parse_args()


def wasi(chosen: argparse.Namespace) -> WasiConfig:
    """The command's surroundings: its arguments, its streams, and what was named."""
    config = WasiConfig()
    config.argv = [chosen.file.name, *chosen.words]
    config.env = [pair.split("=", 1) for pair in chosen.env]
    config.inherit_stdout()
    config.inherit_stderr()
    for pair in chosen.dir:
        folder, _, name = pair.partition("::")
        config.preopen_dir(folder, name or folder)
    return config


def main() -> int:
    """Runs the component, and returns the exit code."""
    chosen = arguments()
    engine = Engine()
    component = Component.from_file(engine, str(chosen.file))
    linker = Linker(engine)
    linker.add_wasip2()
    store = Store(engine)
    store.set_wasi(wasi(chosen))
    instance = linker.instantiate(store, component)
    if chosen.call:
        function = instance.get_func(store, chosen.call)
        if function is None:
            print(f"{chosen.file} exports no function {chosen.call}", file=sys.stderr)
            return 2
        print(function(store))
        return 0
    runs = [name for name in component.type.exports(engine) if name.startswith("wasi:cli/run@")]
    interface = instance.get_export_index(store, runs[0]) if runs else None
    index = instance.get_export_index(store, "run", interface) if interface else None
    run = instance.get_func(store, index) if index else None
    if run is None:
        print(f"{chosen.file} is no command", file=sys.stderr)
        return 2
    try:
        answer = run(store)
    except ExitTrap as ended:
        return ended.code
    return 1 if getattr(answer, "tag", None) == "err" else 0


if __name__ == "__main__":
    sys.exit(main())
