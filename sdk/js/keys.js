// The plugin's own keys, which no other plugin sees: the grant `kv`. The world has to import `wasi:keyvalue`.

import { bucket } from "#keys";

export const keys = {
  get: (key) => bucket.get(key),
  getText(key) {
    const bytes = bucket.get(key);
    return bytes && fromUtf8(bytes);
  },
  set: (key, value) => bucket.set(key, typeof value === "string" ? toUtf8(value) : value),
  delete: (key) => bucket.delete(key),
};

// The engine has no TextEncoder.
function toUtf8(text) {
  const escaped = encodeURIComponent(text);
  const bytes = [];
  for (let at = 0; at < escaped.length; at += 1) {
    if (escaped[at] === "%") {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(escaped.charCodeAt(at));
    }
  }
  return Uint8Array.from(bytes);
}

function fromUtf8(bytes) {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}
