import assert from "node:assert/strict";
import { test } from "node:test";

import { functions } from "../src/plugin.js";

test("words are what stands between spaces", () => {
  const words = (val) => functions.call("words", [{ tag: "text", val }]);
  assert.deepEqual(words(" a\tb  c "), { tag: "integer", val: 3 });
  assert.deepEqual(functions.call("words", [{ tag: "null" }]), { tag: "null" });
});
