/** What a plugin can import beside the SDK, when `wit/world.wit` says so. What needs a grant says so. */

declare module "wasi:config/store@0.2.0-rc.1" {
  export function get(key: string): string | undefined;
  export function getAll(): [string, string][];
}

declare module "wasi:logging/logging@0.1.0-draft" {
  export type Level = "trace" | "debug" | "info" | "warn" | "error" | "critical";
  export function log(level: Level, context: string, message: string): void;
}

/** Needs the grant `content:read`. */
declare module "smartcms:content/reader@0.1.0" {
  type Entry = import("./index.js").Entry;
  export interface Query {
    collection: string;
    /** How many at most: 1 to 100. */
    limit: number;
    /** The `next` of the page before. */
    cursor?: string;
  }
  export interface Page {
    entries: Entry[];
    /** Where the next page begins; absent on the last page. */
    next?: string;
  }
  /** The entry with this id, if there is one that the plugin may see. Throws a `ContentError`. */
  export function find(id: string): Entry | undefined;
  /** The entry with this slug, if there is one that the plugin may see. */
  export function findBySlug(collection: string, slug: string): Entry | undefined;
  /** One page of a collection, the newest first. */
  export function list(query: Query): Page;
}

/** Needs the grant `content:write`. */
declare module "smartcms:content/writer@0.1.0" {
  type Entry = import("./index.js").Entry;
  type Field = import("./index.js").Field;
  export interface NewEntry {
    collection: string;
    slug?: string;
    fields: Field[];
  }
  export interface EntryChange {
    id: string;
    /** The revision the plugin saw; an older one than the newest is a conflict. */
    seen: number;
    slug?: string;
    fields: Field[];
  }
  /** Stores a new draft. All of these throw a `ContentError`. */
  export function create(entry: NewEntry): Entry;
  /** Saves a new revision. */
  export function update(change: EntryChange): Entry;
  /** Makes the newest revision public. */
  export function publish(id: string, seen: number): Entry;
  /** Takes an entry off the site; it becomes a draft. */
  export function unpublish(id: string, seen: number): Entry;
}

/** Needs the grant `kv`. */
declare module "wasi:keyvalue/store@0.2.0-draft" {
  export class Bucket {
    get(key: string): Uint8Array | undefined;
    set(key: string, value: Uint8Array): void;
    delete(key: string): void;
    exists(key: string): boolean;
    listKeys(cursor?: number): { keys: string[]; cursor?: number };
  }
  /** The plugin's usual bucket is called "". */
  export function open(identifier: string): Bucket;
}

/** For tasks. Outside a run these do nothing. */
declare module "smartcms:plugin/task-progress@0.1.0" {
  /** Says how far the run is: so many units of a total, if it is known, and what it does now. */
  export function report(done: number, total: number | undefined, message: string): void;
  /** Keeps what the run needs to go on from here, at most 1 MiB; it is stored when this returns. */
  export function saveCheckpoint(data: Uint8Array): void;
  /** Whether the run should save a checkpoint and return `stopped` soon. */
  export function shouldStop(): boolean;
}

/** Needs the grant `kv`. */
declare module "wasi:keyvalue/atomics@0.2.0-draft" {
  type Bucket = import("wasi:keyvalue/store@0.2.0-draft").Bucket;
  export function increment(bucket: Bucket, key: string, delta: number): number;
}

/** What `Date.now()` and `new Date()` ask, where the world imports it. */
declare module "wasi:clocks/wall-clock@0.2.12" {
  export interface Datetime {
    seconds: number;
    nanoseconds: number;
  }
  export function now(): Datetime;
  export function resolution(): Datetime;
}
