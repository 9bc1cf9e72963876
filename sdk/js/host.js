// What the host gives a plugin inside WebAssembly. Both interfaces need no grant.

import { get, getAll } from "wasi:config/store@0.2.0-rc.1";
import { log } from "wasi:logging/logging@0.1.0-draft";

/** @param {string} name */
export const setting = (name) => get(name) ?? undefined;

export const allSettings = () => getAll();

/** @param {string} level @param {string} message */
export const line = (level, message) => log(level, "plugin", message);
