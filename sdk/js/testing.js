// For unit tests under Node: what the host would give. `smartcms plugin test` runs the built plugin in the real host;
// this is for the logic inside it.

import { toValue } from "./value.js";

export const state = { settings: new Map(), log: [], keys: new Map() };

export function setSettings(settings) {
  state.settings = new Map(Object.entries(settings).map(([name, value]) => [name, asText(value)]));
}

export function logged() {
  return state.log.splice(0);
}

export function draft(collection, fields = {}) {
  return { entry: undefined, collection, slug: "an-entry", fields: listed(fields), locale: "en" };
}

export function entry(collection, slug, fields = {}) {
  const time = "2026-01-01T00:00:00Z";
  return {
    id: "01900000-0000-7000-8000-000000000001",
    collection,
    slug,
    status: "published",
    revision: 1,
    fields: listed(fields),
    createdAt: time,
    updatedAt: time,
    publishedAt: time,
    locale: "en",
    translations: "01900000-0000-7000-8000-000000000001",
  };
}

export function event(kind, collection) {
  return {
    id: "01900000-0000-7000-8000-000000000002",
    kind,
    at: "2026-01-01T00:00:00Z",
    collection,
    entry: "01900000-0000-7000-8000-000000000001",
    revision: 1,
  };
}

const listed = (fields) => Object.entries(fields).map(([name, value]) => ({ name, value: toValue(value) }));

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value));
