import assert from "node:assert/strict";
import { test } from "node:test";

import { greet } from "./greet.js";

test("a name is greeted as it is written", () => {
  assert.equal(greet("Ada"), "Hello, Ada!");
  assert.equal(greet(""), "Hello, !");
});
