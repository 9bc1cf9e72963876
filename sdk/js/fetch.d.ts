/**
 * Requests to other hosts. The world has to import `wasi:http/outgoing-handler@0.2.12`, and the operator to grant
 * `http=HOST:PORT` for each host.
 */

/** An answer of another host, read to its end. */
export interface Answer {
  status: number;
  /** Headers with their names in lower case. */
  headers: [name: string, value: string][];
  /** The first header of a name. */
  header(name: string): string | undefined;
  bytes: Uint8Array;
  /** Throws when it is no UTF-8. */
  text(): string;
  /** Throws when it is no JSON. */
  json(): unknown;
}

export interface Options {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** How long to wait for the connection, for the first byte, and between two, in milliseconds: 5000. */
  timeout?: number;
  /** How many bytes the answer may have: 1 MiB. */
  limit?: number;
}

/**
 * Sends a request and waits for the whole answer. Redirects are not followed. Throws an `Error` with the reason, and a
 * `code` such as `HTTP-request-denied` for a host that was not granted.
 */
export declare function send(url: string, options?: Options): Answer;
