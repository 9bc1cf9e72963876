// Requests to other hosts: the grant `http=HOST:PORT` for each. The world has to import `wasi:http/outgoing-handler`.

import { Fields, handle, OutgoingBody, OutgoingRequest, RequestOptions } from "#fetch";

import { drained, entries, filled, text } from "./messages.js";

const BYTES_MAX = 1024 * 1024;
const TIMEOUT_MS = 5000;
const NANOSECONDS = 1_000_000;
const ADDRESS = /^(https?):\/\/([^/?#\s]+)([^#\s]*)/i;
const METHODS = ["get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"];

export function send(url, { method = "GET", headers = {}, body, timeout = TIMEOUT_MS, limit = BYTES_MAX } = {}) {
  const outgoing = requested(url, method, headers);
  const options = new RequestOptions();
  options.setConnectTimeout(timeout * NANOSECONDS);
  options.setFirstByteTimeout(timeout * NANOSECONDS);
  options.setBetweenBytesTimeout(timeout * NANOSECONDS);
  const content = outgoing.body();
  const coming = tried(url, () => handle(outgoing, options));
  if (body !== undefined) filled(content, body);
  OutgoingBody.finish(content, undefined);
  coming.subscribe().block();
  const answer = coming.get();
  // Twice a result: whether it was asked for before, and whether there is a response.
  const response = answer?.val;
  if (response?.tag !== "ok") throw failed(url, response?.val);
  return answered(url, response.val, limit);
}

function requested(url, method, headers) {
  const [, scheme, authority, rest] = ADDRESS.exec(url) ?? [];
  if (!authority) throw new Error(`${JSON.stringify(url)} is no address of the web`);
  const fields = new Fields();
  for (const [name, value] of Object.entries(headers)) fields.append(name, text.encode(String(value)));
  const outgoing = new OutgoingRequest(fields);
  const known = METHODS.includes(method.toLowerCase());
  outgoing.setMethod(known ? { tag: method.toLowerCase() } : { tag: "other", val: method });
  outgoing.setScheme({ tag: scheme.toLowerCase() === "https" ? "HTTPS" : "HTTP" });
  outgoing.setAuthority(authority);
  outgoing.setPathWithQuery(rest.startsWith("/") ? rest : `/${rest}`);
  return outgoing;
}

function answered(url, incoming, limit) {
  const headers = entries(incoming.headers());
  const status = incoming.status();
  const bytes = drained(incoming.consume(), limit, () => new Error(`${url} answered more than ${limit} bytes`));
  return {
    status,
    headers,
    header: (name) => headers.find((it) => it[0] === name.toLowerCase())?.[1],
    bytes,
    text: () => text.decode(bytes),
    json: () => JSON.parse(text.decode(bytes)),
  };
}

function tried(url, call) {
  try {
    return call();
  } catch (error) {
    throw failed(url, error?.payload ?? error);
  }
}

function failed(url, code) {
  const detail = code?.val === undefined ? "" : `: ${typeof code.val === "string" ? code.val : JSON.stringify(code.val)}`;
  const failure = new Error(`${url} did not answer (${code?.tag ?? code}${detail})`);
  failure.code = code?.tag;
  return failure;
}
