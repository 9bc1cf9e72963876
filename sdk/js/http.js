// Requests to the plugin's routes. The world has to export `wasi:http/incoming-handler`; no grant is needed.

import { Fields, OutgoingBody, OutgoingResponse, ResponseOutparam } from "#http";

import { log } from "./index.js";
import { drained, entries, filled, parameters, Refusal, text } from "./messages.js";

const BODY_BYTES_MAX = 1024 * 1024;

export { parameters };

export const routes = (answer) => ({
  answer,
  handle(incoming, out) {
    const { status, headers, body } = answered(answer, incoming);
    const fields = new Fields();
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) fields.append(name, text.encode(String(value)));
    }
    const response = new OutgoingResponse(fields);
    response.setStatusCode(status);
    const outgoing = response.body();
    ResponseOutparam.set(out, { tag: "ok", val: response });
    // A reader who has gone away is no error of ours.
    try {
      filled(outgoing, body);
      OutgoingBody.finish(outgoing, undefined);
    } catch (error) {
      log.debug(`the answer was not read to its end: ${JSON.stringify(error?.payload ?? String(error))}`);
    }
  },
});

/** What the plugin says to a request; what it throws is for the log, and readers learn no more than that it failed. */
function answered(answer, incoming) {
  const plain = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  try {
    const request = requested(incoming);
    const { status = 200, headers = {}, body = "" } = answer(request) ?? {};
    return { status, headers, body: request.method === "HEAD" ? "" : body };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, headers: plain, body: `${error.message}\n` };
    const reason = error?.stack ? `${error} ${error.stack}` : JSON.stringify(error);
    log.error(`a request could not be answered: ${reason.replace(/\s*\n\s*/g, " ")}`);
    return { status: 500, headers: plain, body: "This could not be answered.\n" };
  }
}

/** A request in plain values. Its body is read when it is asked for. */
function requested(incoming) {
  const [path, ...query] = (incoming.pathWithQuery() ?? "/").split("?");
  const headers = entries(incoming.headers());
  let bytes;
  const request = {
    method: methodOf(incoming.method()),
    path,
    query: query.join("?"),
    headers,
    header: (name) => headers.find((it) => it[0] === name.toLowerCase())?.[1],
    bytes(limit = BODY_BYTES_MAX) {
      bytes ??= drained(incoming.consume(), limit, () => new Refusal(413, `the body is larger than ${limit} bytes`));
      return bytes;
    },
    text: (limit) => decoded(request.bytes(limit)),
    form: (limit) => parameters(request.text(limit)),
  };
  return request;
}

function decoded(bytes) {
  try {
    return text.decode(bytes);
  } catch {
    throw new Refusal(400, "the body is no UTF-8");
  }
}

const methodOf = (method) => (method.tag === "other" ? method.val : method.tag).toUpperCase();
