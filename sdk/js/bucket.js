// The keys that the host keeps for a plugin.

import { increment } from "wasi:keyvalue/atomics@0.2.0-draft";
import { open } from "wasi:keyvalue/store@0.2.0-draft";

// Opened once: every handle counts against what a plugin may hold.
let opened;
const usual = () => (opened ??= open(""));

export const bucket = {
  get: (key) => usual().get(key) ?? undefined,
  set: (key, value) => usual().set(key, value),
  delete: (key) => usual().delete(key),
  increment: (key, by) => increment(usual(), key, by),
};
