// The keys that the host keeps for a plugin.

import { increment } from "wasi:keyvalue/atomics@0.2.0-draft";
import { open } from "wasi:keyvalue/store@0.2.0-draft";

export const bucket = {
  get: (key) => open("").get(key) ?? undefined,
  set: (key, value) => open("").set(key, value),
  delete: (key) => open("").delete(key),
  increment: (key, by) => increment(open(""), key, by),
};
