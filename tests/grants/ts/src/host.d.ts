/** What the SDK does not describe: as much of WASI as `wit/world.wit` names. */

declare module "component:smartcms/kvstore" {
  export function get(key: string): string | undefined;
  export function set(key: string, value: string): void;
}

declare module "wasi:cli/environment@0.2.12" {
  export function getEnvironment(): [string, string][];
}

declare module "wasi:clocks/wall-clock@0.2.12" {
  export function now(): { seconds: number; nanoseconds: number };
}

declare module "wasi:random/random@0.2.12" {
  export function getRandomU64(): number;
}

declare module "wasi:filesystem/preopens@0.2.12" {
  interface Descriptor {
    openAt(pathFlags: object, path: string, openFlags: object, flags: { read: boolean }): Descriptor;
    read(length: number, offset: number): [Uint8Array, boolean];
  }
  export function getDirectories(): [Descriptor, string][];
}

declare module "wasi:http/types@0.2.12" {
  export class Fields {}
  export class OutgoingRequest {
    constructor(headers: Fields);
    setScheme(scheme: { tag: "HTTP" | "HTTPS" }): void;
    setAuthority(authority: string): void;
    setPathWithQuery(path: string): void;
  }
  export type ErrorCode = { tag: string };
  export type Answer = { tag: "ok"; val: { status(): number } } | { tag: "err"; val: ErrorCode };
  export interface FutureIncomingResponse {
    subscribe(): { block(): void };
    get(): { tag: "ok"; val: Answer } | undefined;
  }
}

declare module "wasi:http/outgoing-handler@0.2.12" {
  import type { FutureIncomingResponse, OutgoingRequest } from "wasi:http/types@0.2.12";
  export function handle(request: OutgoingRequest, options: undefined): FutureIncomingResponse;
}
