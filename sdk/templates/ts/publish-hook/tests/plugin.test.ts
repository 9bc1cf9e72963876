import assert from "node:assert/strict";
import { test } from "node:test";

import { entry } from "smartcms-plugin/testing";

import { beforePublish } from "../src/plugin.ts";

test("every unfinished field is named", () => {
  assert.throws(
    () => beforePublish.beforePublish(entry("posts", "a-walk", { title: "TODO", body: "Done.", pages: 3 })),
    (problems) => problems.length === 1 && problems[0].field === "title",
  );
});
