import { log, type Event, type EventError, type Events } from "smartcms-plugin";
import { keys } from "smartcms-plugin/keys";

/**
 * Counts what was published in each collection, and notes it in the log. The counts are kept in the plugin's own keys,
 * so that it needs the grant `kv`.
 */
export const events: Events = {
  onEvent(event) {
    if (event.kind !== "entry.published") return;
    try {
      count(event);
    } catch (error) {
      // What could not be stored now may be stored later.
      const retry: EventError = { tag: "retry", val: String(error) };
      throw retry;
    }
  },
};

/** An event can come more than once: what was counted is remembered by its id. */
function count(event: Event): void {
  const seen = `seen/${event.id}`;
  if (keys.get(seen) !== undefined) return;
  const count = keys.increment(`published/${event.collection}`);
  keys.set(seen, "1");
  log.info(`publication ${count} in ${event.collection}`);
}
