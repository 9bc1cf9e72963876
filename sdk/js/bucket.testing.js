// What stands in for the host's keys under Node, in unit tests.

import { state } from "./testing.js";

export const bucket = {
  get: (key) => state.keys.get(key),
  set: (key, value) => void state.keys.set(key, value),
  delete: (key) => void state.keys.delete(key),
};
