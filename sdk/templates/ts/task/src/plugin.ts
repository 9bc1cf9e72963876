import { utf8, type TaskError, type Tasks } from "smartcms-plugin";
import { list } from "smartcms:content/reader@0.1.0";
import { report, saveCheckpoint, shouldStop } from "smartcms:plugin/task-progress@0.1.0";

/** How many entries one page has. */
const PAGE = 100;

/** Counts the entries that readers see, a page at a time, so that it can stop and go on. */
export const tasks: Tasks = {
  list() {
    const description = "Counts the entries that readers see.";
    return [{ name: "count", description, schedule: "@daily", overlap: false }];
  },

  run(run) {
    // What the operator wrote after the task's name.
    const collection = run.argument ?? "posts";
    // A checkpoint holds how many were counted, and where the next page begins.
    const [counted = "0", begin = ""] = run.checkpoint ? utf8.decode(run.checkpoint).split(" ") : [];
    let count = Number(counted);
    let cursor = begin || undefined;
    for (;;) {
      const page = pageOf(collection, cursor);
      count += page.entries.length;
      report(count, undefined, `counting ${collection}`);
      if (!page.next) return { tag: "done", val: `${count} entries of ${collection}` };
      cursor = page.next;
      saveCheckpoint(utf8.encode(`${count} ${cursor}`));
      if (shouldStop()) return { tag: "stopped" };
    }
  },
};

/** A page, or a wish to be run again later. */
function pageOf(collection: string, cursor: string | undefined) {
  try {
    return list({ collection, limit: PAGE, cursor });
  } catch (error) {
    const retry: TaskError = { tag: "retry", val: JSON.stringify(error) };
    throw retry;
  }
}
