import { log } from "smartcms-plugin";
import { keys } from "smartcms-plugin/keys";

/**
 * Counts what was published in each collection, and notes it in the log. The counts are kept in the plugin's own keys,
 * so that it needs the grant `kv`.
 *
 * @type {import("smartcms-plugin").Events}
 */
export const events = {
  onEvent(event) {
    if (event.kind !== "entry.published") return;
    try {
      count(event);
    } catch (error) {
      // What could not be stored now may be stored later.
      throw { tag: "retry", val: String(error) };
    }
  },
};

/**
 * An event can come more than once: what was counted is remembered by its id.
 *
 * @param {import("smartcms-plugin").Event} event
 */
function count(event) {
  const seen = `seen/${event.id}`;
  if (keys.get(seen) !== undefined) return;
  const count = keys.increment(`published/${event.collection}`);
  keys.set(seen, "1");
  log.info(`publication ${count} in ${event.collection}`);
}
