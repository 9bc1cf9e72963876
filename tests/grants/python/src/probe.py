"""Tries every capability, and says what came of it."""

from typing import Callable

import wit_world
from componentize_py_types import Err, Ok
from smartcms_plugin import keys, log, settings
from smartcms_plugin.fields import field
from wit_world import exports
from wit_world.exports.tasks import Task, TaskEnd, TaskEnd_Done, TaskError_Failed, TaskRun
from wit_world.imports import environment, kvstore, outgoing_handler, preopens, random, reader, wall_clock, writer
from wit_world.imports.content import ContentError_Denied, ContentError_NotFound
from wit_world.imports.host_filesystem_types import DescriptorFlags, OpenFlags, PathFlags
from wit_world.imports.http_types import ErrorCode_HttpRequestDenied, Fields, OutgoingRequest, Scheme_Http

# What was not granted is answered like what is not there.
DENIED = (ContentError_Denied, ContentError_NotFound, ErrorCode_HttpRequestDenied)


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Tasks(exports.Tasks):
    """The export `smartcms:plugin/tasks`."""

    def list(self) -> list[Task]:
        """Every trial."""
        return [Task(name, "Tries it.", None, False) for name in TRIALS]

    def run(self, run: TaskRun) -> TaskEnd:
        """Tries one."""
        try:
            said = TRIALS[run.task](run.argument or "")
        except Err as error:
            said = None if isinstance(error.value, DENIED) else f"failed with {error.value}"
        if said is None:
            raise Err(TaskError_Failed("denied"))
        return TaskEnd_Done(said)


def try_kv(_: str) -> str:
    return str(keys.increment("n"))


def try_kvstore(_: str) -> str | None:
    kvstore.set("k", "kept")
    return kvstore.get("k")


def try_read(_: str) -> str:
    page = reader.list(reader.Query("posts", 10, None))
    return f"{len(page.entries)} entries"


def try_write(_: str) -> str:
    writer.create(writer.NewEntry("posts", None, [field("title", "Written")]))
    return "written"


def try_http(authority: str) -> str:
    request = OutgoingRequest(Fields())
    request.set_scheme(Scheme_Http())
    request.set_authority(authority)
    request.set_path_with_query("/")
    future = outgoing_handler.handle(request, None)
    future.subscribe().block()
    answer = future.get()
    if isinstance(answer, Ok) and isinstance(answer.value, Ok):
        return f"answered {answer.value.value.status()}"
    raise answer.value if isinstance(answer, Ok) else answer


def try_fs(_: str) -> str | None:
    for folder, _name in preopens.get_directories():
        file = folder.open_at(PathFlags(0), "open.txt", OpenFlags(0), DescriptorFlags.READ)
        return file.read(100, 0)[0].decode()
    return None


def try_env(_: str) -> str | None:
    return dict(environment.get_environment()).get("PROBE_WORD")


def try_settings(_: str) -> str | None:
    return settings.get("word")


def try_log(_: str) -> str:
    log.info("a line of the probe")
    return "logged"


def try_clocks(_: str) -> str | None:
    return "a time" if wall_clock.now().seconds > 0 else None


def try_random(_: str) -> str | None:
    return "two numbers" if random.get_random_u64() != random.get_random_u64() else None


TRIALS: dict[str, Callable[[str], str | None]] = {
    name.removeprefix("try_"): trial for name, trial in list(globals().items()) if name.startswith("try_")
}
