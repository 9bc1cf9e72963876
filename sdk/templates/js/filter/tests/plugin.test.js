import assert from "node:assert/strict";
import { test } from "node:test";

import { filters } from "../src/plugin.js";

test("every picture is looked at by itself", () => {
  const context = { entry: "1", collection: "posts", slug: "a-walk" };
  const html = '<img src="a"><img loading="eager" src="b"><img src="c"> <image>';
  const expected = '<img loading="lazy" src="a"><img loading="eager" src="b"><img loading="lazy" src="c"> <image>';
  assert.equal(filters.filterHtml(context, html), expected);
});
