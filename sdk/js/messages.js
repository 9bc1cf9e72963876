// What requests and answers have in common, whichever way they go: bodies, headers, parameters.

import { utf8 } from "./utf8.js";

/** How much one blocking write takes, by the definition of `wasi:io/streams`. */
const WRITE_BYTES_MAX = 4096;
const READ_BYTES = 65536;

export const text = utf8;

/** Why a request is not answered, in words for whoever sent it. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Headers as pairs of lower-case names and texts. What is no UTF-8 is left out. */
export function entries(fields) {
  const list = [];
  for (const [name, value] of fields.entries()) {
    try {
      list.push([name.toLowerCase(), utf8.decode(value)]);
    } catch {
      // Nobody could read it.
    }
  }
  return list;
}

/** All the bytes of a body; throws what `tooLarge` makes when there are more than the limit. */
export function drained(body, limit, tooLarge) {
  const stream = body.stream();
  const chunks = [];
  let size = 0;
  for (;;) {
    let chunk;
    try {
      chunk = stream.blockingRead(READ_BYTES);
    } catch (error) {
      if (error?.payload?.tag === "closed") break;
      throw new Error("the body broke off");
    }
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Writes a text or bytes into the body of a message. */
export function filled(body, content) {
  const bytes = typeof content === "string" ? utf8.encode(content) : content;
  const stream = body.write();
  for (let at = 0; at < bytes.length; at += WRITE_BYTES_MAX) {
    stream.blockingWriteAndFlush(bytes.subarray(at, at + WRITE_BYTES_MAX));
  }
  // A body cannot be finished while somebody holds its stream.
  stream[Symbol.dispose]();
}

/** The parameters of a query or of a form; of those that come twice the first counts. */
export function parameters(query) {
  const found = Object.create(null);
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    found[unescaped(name)] ??= unescaped(value);
  }
  return found;
}

function unescaped(part) {
  const spaced = part.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
