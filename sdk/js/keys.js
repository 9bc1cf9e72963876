// The plugin's own keys, which no other plugin sees: the grant `kv`. The world has to import `wasi:keyvalue`.

import { bucket } from "#keys";

import { utf8 } from "./utf8.js";

export const keys = {
  get: (key) => bucket.get(key),
  getText(key) {
    const bytes = bucket.get(key);
    return bytes && utf8.decode(bytes);
  },
  set: (key, value) => bucket.set(key, typeof value === "string" ? utf8.encode(value) : value),
  delete: (key) => bucket.delete(key),
  increment: (key, by = 1) => bucket.increment(key, by),
};
