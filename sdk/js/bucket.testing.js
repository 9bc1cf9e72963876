// What stands in for the host's keys under Node, in unit tests.

import { state } from "./testing.js";
import { utf8 } from "./utf8.js";

export const bucket = {
  get: (key) => state.keys.get(key),
  set: (key, value) => void state.keys.set(key, value),
  delete: (key) => void state.keys.delete(key),
  increment(key, by) {
    const sum = Number(utf8.decode(state.keys.get(key) ?? utf8.encode("0"))) + by;
    state.keys.set(key, utf8.encode(String(sum)));
    return sum;
  },
};
