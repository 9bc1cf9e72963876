import assert from "node:assert/strict";
import { test } from "node:test";

import { blocks } from "../src/plugin.js";

test("the schema is JSON and asks for a text", () => {
  const [note] = blocks.list();
  assert.deepEqual(JSON.parse(note.schema).required, ["text"]);
});
