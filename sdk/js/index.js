// What a SmartCMS plugin in JavaScript is written against. The types, with what each is for, are in index.d.ts.

import { allSettings, line, setting } from "#host";
import { utf8 } from "./utf8.js";
import { fromValue, toValue } from "./value.js";

export const settings = {
  get: (name) => setting(name),
  text: (name, otherwise) => setting(name) ?? otherwise,
  number(name, otherwise) {
    const text = setting(name);
    if (text === undefined) return otherwise;
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) {
      throw new Error(`the setting \`${name}\` cannot be used: ${JSON.stringify(text)} is no number`);
    }
    return number;
  },
  all: () => Object.fromEntries(allSettings()),
};

export const log = {
  debug: (message) => line("debug", String(message)),
  info: (message) => line("info", String(message)),
  warn: (message) => line("warn", String(message)),
  error: (message) => line("error", String(message)),
};

export const fields = {
  get: (list, name) => fromValue(list.find((field) => field.name === name)?.value),
  text(list, name) {
    const value = fields.get(list, name);
    return typeof value === "string" ? value : undefined;
  },
  field: (name, value) => ({ name, value: toValue(value) }),
  all: (list) => Object.fromEntries(list.map((field) => [field.name, fromValue(field.value)])),
};

export function problem(code, message, field) {
  return { field, code, message };
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

export { fromValue, toValue, utf8 };
