import assert from "node:assert/strict";
import { test } from "node:test";

import { entry, setSettings } from "smartcms-plugin/testing";
import type { Problem } from "smartcms-plugin";

import { ofMarkdown } from "../src/markdown.ts";
import { beforePublish } from "../src/plugin.ts";
import { nameless } from "../src/tags.ts";

const levels = (text: string) => ofMarkdown(text).headings.map((it) => `${it.level} ${it.text}`);

test("headings are those that Markdown shows", () => {
  assert.deepEqual(levels("## One ##\n\nTwo\n---\n\n- item\n---\n\n#none\n\n~~~\n# code\n~~~\n"), ["2 One", "2 Two"]);
  assert.deepEqual(levels("```\n# a\n~~~\n# b\n"), [], "a fence that never ends holds the rest");
  assert.deepEqual(levels("    # code\n\t\n### C#\n"), ["3 C#"]);
});

test("images without words are found where they show", () => {
  const found = (text: string) => ofMarkdown(text).nameless;
  assert.deepEqual(found('![](a.png "t") ![b](b.png) ![][ref] `![](c.png)` ``a`b![](d.png)``'), ["a.png", "ref"]);
  assert.deepEqual(found("![](never"), ["never"]);
});

test("in HTML an empty alt is a choice, and other attributes are no alt", () => {
  assert.deepEqual(nameless('<IMG src="a.png"><img alt="" src=b><img data-alt="x" src=c><image><img'), ["a.png", "c", ""]);
});

test("letters are counted, not the halves of which some are made", () => {
  setSettings({ title: "refuse", title_min: 4, title_max: 4, description: "off" });
  beforePublish.beforePublish(entry("posts", "a", { title: "🦢🦢🦢🦢" }));
});

test("settings that contradict each other are told", () => {
  setSettings({ title_min: 90, title_max: 60 });
  assert.throws(
    () => beforePublish.beforePublish(entry("posts", "a", { title: "A" })),
    (problems: Problem[]) => problems[0]?.code === "setting" && problems[0].message.includes("title_min"),
  );
});
