/**
 * Requests to the plugin's own address, `/ext/ID/`. The world has to export `wasi:http/incoming-handler@0.2.12`; no grant
 * is needed.
 */

/** A request as it came. */
export interface Request {
  /** `GET`, `POST` and others. */
  method: string;
  /** The path below `/ext/ID`, as it was sent: `/` and percent-encoded. */
  path: string;
  /** What stands behind `?`; empty where there is none. */
  query: string;
  /** Headers with their names in lower case. */
  headers: [name: string, value: string][];
  /** The first header of a name. */
  header(name: string): string | undefined;
  /** The body. More bytes than the limit (1 MiB) are answered with 413. */
  bytes(limit?: number): Uint8Array;
  /** The body as text; what is no UTF-8 is answered with 400. */
  text(limit?: number): string;
  /** The fields of a form that came as `application/x-www-form-urlencoded`. */
  form(limit?: number): Record<string, string | undefined>;
}

/** What is sent back; the status is 200 unless it says another. */
export interface Response {
  status?: number;
  headers?: Record<string, string | undefined>;
  body?: string | Uint8Array;
}

/** The export `incomingHandler`. */
export interface Routes {
  /** What was passed to `routes`, for tests. */
  answer(request: Request): Response;
  handle(request: unknown, out: unknown): void;
}

/**
 * Makes the export of a function that answers requests:
 * `export const incomingHandler = routes((request) => ({ body: "Hello" }))`.
 * What the function throws is written to the log, and answered with 500.
 */
export declare function routes(answer: (request: Request) => Response): Routes;

/** The parameters of a query; of those that come twice the first counts. */
export declare function parameters(query: string): Record<string, string | undefined>;
