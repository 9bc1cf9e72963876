import assert from "node:assert/strict";
import { test } from "node:test";

import { beforeSave } from "./shout.js";
import { isShouted } from "./title.js";

const draft = (value) => ({ entry: undefined, collection: "posts", slug: "a", fields: [{ name: "title", value }] });

test("a title in capitals is shouted", () => {
  for (const title of ["READ THIS NOW", "ÜBER 9000!", "CMS 2.0 IS HERE", "ПРИВЕТ"]) {
    assert.equal(isShouted(title), true, title);
  }
});

test("short names, mixed titles and scripts without capitals are not shouted", () => {
  for (const title of ["", "CMS", "1234 5678", "Read this NOW", "iOS", "日本語の題名", "STRAßE"]) {
    assert.equal(isShouted(title), false, title);
  }
});

test("a shouted title is refused with a problem of that field", () => {
  assert.throws(
    () => beforeSave.beforeSave(draft({ tag: "text", val: "READ THIS NOW" })),
    ([problem]) => problem.field === "title" && problem.code === "shouting" && problem.message.length > 0,
  );
});

test("a good title, and one that is no text, change nothing", () => {
  assert.deepEqual(beforeSave.beforeSave(draft({ tag: "text", val: "Read this" })), []);
  assert.deepEqual(beforeSave.beforeSave(draft({ tag: "none" })), []);
  assert.deepEqual(beforeSave.beforeSave({ ...draft({ tag: "none" }), fields: [] }), []);
});
