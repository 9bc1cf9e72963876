import assert from "node:assert/strict";
import { test } from "node:test";

import { draft, setSettings } from "smartcms-plugin/testing";

import { beforeSave } from "../src/plugin.ts";

test("the setting decides what is too long", () => {
  setSettings({ longest: 6 });
  assert.throws(
    () => beforeSave.beforeSave(draft("posts", { title: "A walk." })),
    ([problem]) => problem.code === "too-long",
  );
  assert.deepEqual(beforeSave.beforeSave(draft("posts", { title: "A walk" })), []);
});

test("an entry without a title is left alone", () => {
  assert.deepEqual(beforeSave.beforeSave(draft("posts")), []);
});
