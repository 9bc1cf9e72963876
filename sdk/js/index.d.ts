/// <reference path="./host.d.ts" />

/**
 * What a SmartCMS plugin in JavaScript or TypeScript is written against: the types of the contract, and small helpers.
 *
 * Whole numbers are ordinary numbers here, exact up to 2^53.
 *
 * A plugin exports an object for each place where it takes part, named like the interface in `wit/world.wit`:
 * `filters`, `beforeSave`, `beforePublish`, `beforeDelete`, `events`, `blocks`, `functions`,
 * `tasks`, `aiProvider`.
 */

/** The lasting identity of an entry: a UUID in its usual text form. */
export type EntryId = string;

/** The value of one field, as the contract writes it. `fields` reads and makes plain values of JavaScript. */
export type Value =
  | { tag: "none" }
  | { tag: "boolean"; val: boolean }
  | { tag: "integer"; val: number }
  | { tag: "number"; val: number }
  | { tag: "text"; val: string }
  /** Any other value, as one JSON text. */
  | { tag: "json"; val: string };

/** One field of an entry by its name in the collection's definition. */
export interface Field {
  name: string;
  value: Value;
}

/** Where an entry stands in its life. */
export type Status = "draft" | "scheduled" | "published" | "archived";

/** One item of a collection at one revision. Times are RFC 3339, UTC. */
export interface Entry {
  id: EntryId;
  collection: string;
  slug: string;
  status: Status;
  /** Counts the saved states of the entry from 1. */
  revision: number;
  fields: Field[];
  createdAt: string;
  updatedAt: string;
  /** Absent while the entry is not published. */
  publishedAt?: string;
  /** The language, as a BCP 47 tag. */
  locale: string;
  /** What an entry and its translations have in common: the id of the first of them. */
  translations: EntryId;
}

/** What is wrong with one field, or with the entry as a whole. */
export interface Problem {
  /** Absent when the problem is of the whole entry. */
  field?: string;
  /** A stable word for programs, such as `required`. */
  code: string;
  /** A sentence for people. */
  message: string;
}

/** Why an operation on content did not happen; thrown by `smartcms:content/reader` and `writer`. */
export type ContentError =
  | { tag: "denied"; val: string }
  | { tag: "not-found"; val: string }
  | { tag: "conflict"; val: string }
  | { tag: "invalid"; val: Problem[] }
  | { tag: "limit"; val: string }
  | { tag: "unavailable"; val: string };

/** An entry that is about to be stored. */
export interface Draft {
  /** Absent while the entry is new. */
  entry?: EntryId;
  collection: string;
  slug: string;
  /** Every field that has a value. */
  fields: Field[];
  /** The language, as a BCP 47 tag. */
  locale: string;
}

/** `smartcms:plugin/before-save`: called before an entry is stored; fails closed. */
export interface BeforeSave {
  /** Returns the fields to change, or throws a list of problems to refuse. */
  beforeSave(draft: Draft): Field[];
}

/** `smartcms:plugin/before-publish`: called before an entry becomes public; fails closed. */
export interface BeforePublish {
  /** Returns to accept, or throws a list of problems to refuse. */
  beforePublish(entry: Entry): void;
}

/** `smartcms:plugin/before-delete`: called before an entry goes to the trash; fails closed. */
export interface BeforeDelete {
  /** Returns to accept, or throws a list of problems to refuse. */
  beforeDelete(entry: Entry): void;
}

/** Something that happened. */
export interface Event {
  /** The same for every delivery of the same event: remember it to be idempotent. */
  id: string;
  /** `entry.created`, `entry.updated`, `entry.published` and others. Ignore kinds you do not know. */
  kind: string;
  at: string;
  collection: string;
  entry: EntryId;
  revision: number;
}

/** Thrown by `onEvent`: `retry` to be told again later, `give-up` to have the operator look at it. */
export type EventError = { tag: "retry"; val: string } | { tag: "give-up"; val: string };

/** `smartcms:plugin/events`: told what happened after it is committed, at least once. */
export interface Events {
  /** Handles one event, or throws an `EventError`. */
  onEvent(event: Event): void;
}

/** Whose HTML is filtered. */
export interface FilterContext {
  entry: EntryId;
  collection: string;
  slug: string;
  /** The language of the entry, as a BCP 47 tag. */
  locale: string;
}

/** `smartcms:plugin/filters`: changes the HTML of an entry when it is shown; fails open. */
export interface Filters {
  /** Returns the HTML to show, or throws a text that says why it is left as it was. */
  filterHtml(context: FilterContext, html: string): string;
}

/** One kind of block that a plugin brings. */
export interface BlockKind {
  /** What stands behind the plugin's id in the type: letters, digits, `-` and `_`. */
  name: string;
  /** What people call it. */
  title: string;
  /** A sentence for authors. */
  description: string;
  /** The JSON Schema (2020-12) of its attributes as one JSON text, without `$ref`. */
  schema: string;
}

/** Where a block is shown. */
export interface BlockContext {
  entry: EntryId;
  collection: string;
  slug: string;
  /** The language of the entry. */
  locale: string;
  /** The id of the block, unique in its text. */
  block: string;
}

/** `smartcms:plugin/blocks`: blocks of rich text; fails open. */
export interface Blocks {
  /** Every kind. */
  list(): BlockKind[];
  /** The HTML of a block, of attributes that are one JSON text; throws a text that says why there is none. */
  render(kind: string, attributes: string, context: BlockContext): string;
}

/** A value of a function. */
export type Scalar =
  | { tag: "null" }
  | { tag: "boolean"; val: boolean }
  | { tag: "integer"; val: number }
  | { tag: "number"; val: number }
  | { tag: "text"; val: string }
  | { tag: "bytes"; val: Uint8Array };

/** The type of a value that is there. */
export type ScalarType = "boolean" | "integer" | "number" | "text" | "bytes";

/** One function for queries. */
export interface Function {
  /** Lower-case letters, digits and `_`. */
  name: string;
  /** A sentence for people who write queries. */
  description: string;
  /** Every argument may be null instead. */
  parameters: { name: string; type: ScalarType }[];
  result: ScalarType;
  /** Whether equal arguments always give an equal result. */
  deterministic: boolean;
}

/** `smartcms:plugin/functions`: pure functions over single values. */
export interface Functions {
  /** Every function. */
  list(): Function[];
  /** Calls one with arguments of the types that it declares; throws a text for whoever asks. */
  call(name: string, args: Scalar[]): Scalar;
}

/** A task that a plugin has. */
export interface Task {
  /** `a-z`, `0-9` and inner hyphens, beginning with a letter. */
  name: string;
  /** What it does, in a sentence for the operator. */
  description: string;
  /** When it runs by itself, as in cron, in UTC, or `@daily` and the like; absent for one that is started by hand. */
  schedule?: string;
  /** Whether several runs of it may go on at the same time. */
  overlap: boolean;
}

/** One run, or one stretch of it. */
export interface TaskRun {
  /** The same for every stretch of the same run. */
  id: string;
  task: string;
  /** What the operator wrote when starting it by hand. */
  argument?: string;
  /** What this run saved last, when it was interrupted. */
  checkpoint?: Uint8Array;
}

/** How a stretch ended: with what was done, or because it was told to stop. */
export type TaskEnd = { tag: "done"; val: string } | { tag: "stopped" };

/** Thrown by `run`: `retry` to be run again later, `failed` to be left. */
export type TaskError = { tag: "retry"; val: string } | { tag: "failed"; val: string };

/** `smartcms:plugin/tasks`: long work, on a schedule or by hand; `smartcms:plugin/task-progress` goes with it. */
export interface Tasks {
  /** Every task, always the same ones. */
  list(): Task[];
  /** Does the work of one task, or throws a `TaskError`. */
  run(run: TaskRun): TaskEnd;
}

/** A model that a plugin brings. */
export interface Model {
  /** What requests name it by. */
  name: string;
  /** What people call it. */
  title: string;
  /** `generate`, `embed`, `describe`. */
  abilities: string[];
  /** How many numbers its vectors have, where it embeds. */
  dimensions?: number;
  /** How many tokens it reads and writes at a time, as far as is known. */
  contextTokens?: number;
}

/** Something else that a request asks for: a name, and one JSON text. Leave out what you do not know. */
export interface Parameter {
  /** `temperature`, `seed`, `stop`, `schema`, `purpose`, `language` and others. */
  name: string;
  value: string;
}

/** What to write: the conversation that a model goes on with. */
export interface Generation {
  model: string;
  /** Turns of `system`, `user` or `assistant`. */
  messages: { role: string; text: string }[];
  tokensMax: number;
  parameters: Parameter[];
}

/** How a text ended: `done`, or `length`. */
export interface TextEnd {
  reason: string;
  tokensRead?: number;
  tokensWritten?: number;
}

/** Thrown by the functions of a provider. */
export type AiError =
  | { tag: "unknown-model"; val: string }
  | { tag: "invalid"; val: string }
  | { tag: "refused"; val: string }
  | { tag: "limit"; val: string }
  | { tag: "unavailable"; val: string }
  | { tag: "failed"; val: string };

/** A text on its way: pieces until there is none, then its end. */
export interface TextStream {
  next(): string | undefined;
  end(): TextEnd;
}

/** `smartcms:plugin/ai-provider`: models. Its errors are thrown as `AiError`. */
export interface AiProvider {
  /** The class of what `generate` gives. */
  TextStream: { new (...args: never[]): TextStream };
  /** Every model. */
  models(): Model[];
  /** Begins to write. */
  generate(request: Generation): TextStream;
  /** One vector for each text. */
  embed(request: { model: string; texts: string[]; parameters: Parameter[] }): Float32Array[] | number[][];
  /** What an image shows, in a sentence. */
  describe(request: { model: string; mediaType: string; image: Uint8Array; parameters: Parameter[] }): string;
}

/** What a field can hold, as plain JavaScript. */
export type Plain = string | number | boolean | null | undefined | Plain[] | { [name: string]: Plain };

/** The plugin's own settings, as the operator gave them. No grant is needed. */
export declare const settings: {
  /** A setting as it was written: text as it is, anything else as JSON. */
  get(name: string): string | undefined;
  /** A text, or the default. */
  text(name: string, otherwise: string): string;
  /** A number, or the default; throws when the setting is no number. */
  number(name: string, otherwise: number): number;
  /** Every setting by name. */
  all(): Record<string, string>;
};

/** Lines in the plugin's log, which `smartcms plugin logs` shows. No grant is needed. */
export declare const log: {
  debug(message: unknown): void;
  info(message: unknown): void;
  warn(message: unknown): void;
  error(message: unknown): void;
};

/** Fields by name. */
export declare const fields: {
  /** A field's value as plain JavaScript; undefined when the list does not name it. */
  get(list: Field[], name: string): Plain;
  /** A field's text; undefined when it holds anything else. */
  text(list: Field[], name: string): string | undefined;
  /** A field with a value, for the list of changes that a hook returns; null takes the field away. */
  field(name: string, value: Plain): Field;
  /** All of them as one object. */
  all(list: Field[]): Record<string, Plain>;
};

/** A problem for the list that a hook throws to refuse; without a field it is of the whole entry. */
export declare function problem(code: string, message: string, field?: string): Problem;

/** Between texts and bytes: the engine has no TextEncoder. */
export declare const utf8: {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
};

/** Text as it may stand in HTML, in attributes too. */
export declare function escape(text: string): string;

/** A value of the contract from a plain one. */
export declare function toValue(value: Plain): Value;

/** A plain value from one of the contract. */
export declare function fromValue(value: Value | undefined): Plain;
