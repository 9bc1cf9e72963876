// What stands in for the host under Node, in unit tests: see testing.js.

import { state } from "./testing.js";

/** @param {string} name */
export const setting = (name) => state.settings.get(name);

export const allSettings = () => [...state.settings];

/** @param {string} level @param {string} message */
export const line = (level, message) => {
  state.log.push({ level, message });
};
