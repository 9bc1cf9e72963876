import assert from "node:assert/strict";
import { test } from "node:test";

import { entry, setSettings } from "smartcms-plugin/testing";

import { beforeDelete } from "../src/plugin.js";

test("what the operator names is kept", () => {
  setSettings({ keep: "imprint,privacy" });
  assert.throws(() => beforeDelete.beforeDelete(entry("pages", "privacy")), ([problem]) => problem.code === "protected");
  assert.doesNotThrow(() => beforeDelete.beforeDelete(entry("pages", "home")));
});
