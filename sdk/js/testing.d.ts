/**
 * For unit tests under Node: what the host would give. `smartcms plugin test` runs the built plugin in the real host;
 * this is for the logic inside it.
 */

import type { Draft, Entry, Event, Plain } from "./index.js";

/** Gives the plugin these settings and no others. */
export declare function setSettings(settings: Record<string, Plain>): void;

/** The lines that were logged since the last look. */
export declare function logged(): { level: string; message: string }[];

/** An entry that is about to be stored for the first time. */
export declare function draft(collection: string, fields?: Record<string, Plain>): Draft;

/** A published entry. */
export declare function entry(collection: string, slug: string, fields?: Record<string, Plain>): Entry;

/** Something that happened to an entry. */
export declare function event(kind: string, collection: string): Event;
