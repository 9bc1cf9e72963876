import assert from "node:assert/strict";
import { test } from "node:test";

import { event, logged } from "smartcms-plugin/testing";

import { events } from "../src/plugin.js";

test("what comes twice is counted once", () => {
  for (const kind of ["entry.updated", "entry.published", "entry.published"]) {
    events.onEvent(event(kind, "posts"));
  }
  assert.deepEqual(
    logged().map(({ message }) => message),
    ["publication 1 in posts"],
  );
});
