"""Counts the entries that readers see, a page at a time, so that it can stop and go on."""

import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.tasks import Task, TaskEnd, TaskEnd_Done, TaskEnd_Stopped, TaskError_Retry, TaskRun
from wit_world.imports import reader, task_progress

PAGE = 100
"""How many entries one page has."""


class WitWorld(wit_world.WitWorld):
    """The world has no functions of its own."""


class Tasks(exports.Tasks):
    """The export `smartcms:plugin/tasks`."""

    def list(self) -> list[Task]:
        """Every task."""
        return [Task("count", "Counts the entries that readers see.", "@daily", False)]

    def run(self, run: TaskRun) -> TaskEnd:
        """Does the work of one task."""
        # What the operator wrote after the task's name.
        collection = run.argument or "posts"
        count, cursor = state_of(run.checkpoint or b"")
        while True:
            try:
                page = reader.list(reader.Query(collection, PAGE, cursor))
            except Err as error:
                raise Err(TaskError_Retry(str(error.value))) from error
            count += len(page.entries)
            task_progress.report(count, None, f"counting {collection}")
            if page.next is None:
                return TaskEnd_Done(f"{count} entries of {collection}")
            cursor = page.next
            task_progress.save_checkpoint(f"{count} {cursor}".encode())
            if task_progress.should_stop():
                return TaskEnd_Stopped()


def state_of(checkpoint: bytes) -> tuple[int, str | None]:
    """How many were counted, and where the next page begins."""
    count, _, cursor = checkpoint.decode().partition(" ")
    return int(count or 0), cursor or None
