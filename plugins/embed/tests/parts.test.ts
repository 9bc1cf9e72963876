import assert from "node:assert/strict";
import { test } from "node:test";

import { keys } from "smartcms-plugin/keys";
import { setSettings } from "smartcms-plugin/testing";

import { cardOf, failed, idOf, isStale, keep, pictureOf, want, wanted } from "../src/cards.ts";
import { hostOf, providerOf, question } from "../src/providers.ts";

const CARD = { title: "A walk", author: "", provider: "", at: 1000 };

test("an address has a host when it is of the web, and names nobody", () => {
  assert.equal(hostOf("https://Example.org:8080/a?b#c"), "example.org");
  for (const no of ["ftp://a.b/", "//a.b", "https://", "https://a@b.c/", "https://a b/", "javascript:x"]) {
    assert.equal(hostOf(no), undefined, no);
  }
});

test("a provider has its hosts and what stands below them, and nobody who sounds like it", () => {
  setSettings({ providers: { "Tube.example": "https://tube.example/oembed?a=b" } });
  assert.match(providerOf("https://m.youtube.com/watch?v=1")?.endpoint ?? "", /^https:\/\/www\.youtube\.com/);
  assert.equal(providerOf("https://notyoutube.com/"), undefined);
  const added = providerOf("https://a.tube.example/1?x=y");
  assert.ok(added);
  assert.equal(question(added, "https://a.b/?x=y&z"), "https://tube.example/oembed?a=b&format=json&maxwidth=800&url=https%3A%2F%2Fa.b%2F%3Fx%3Dy%26z");
});

test("what is wanted is wanted once, and not without end", () => {
  for (let index = 0; index < 300; index += 1) want(`https://a.b/${index % 250}`);
  assert.equal(wanted().length, 200);
});

test("old cards go when there are too many", () => {
  for (let index = 0; index <= 400; index += 1) keep(`https://a.b/${index}`, CARD, new Uint8Array([1]));
  assert.equal(cardOf("https://a.b/0"), undefined);
  assert.equal(keys.get(`picture/${idOf("https://a.b/0")}`), undefined);
  assert.equal(cardOf("https://a.b/400")?.title, "A walk");
});

test("what was known stays when a provider is away for a while", () => {
  keep("https://a.b/x", { ...CARD, picture: { type: "image/png" } }, new Uint8Array([1]));
  failed("https://a.b/x", "away", 5000);
  assert.deepEqual(cardOf("https://a.b/x"), { ...CARD, picture: { type: "image/png" }, at: 5000 });
  assert.ok(pictureOf(idOf("https://a.b/x")));
  failed("https://a.b/y", "away", 5000);
  assert.equal(cardOf("https://a.b/y")?.failed, "away");
});

test("a card is good for a month, and what failed for a day", () => {
  assert.equal(isStale(CARD, 1000 + 29 * 86400), false);
  assert.equal(isStale(CARD, 1000 + 31 * 86400), true);
  assert.equal(isStale({ ...CARD, failed: "x" }, 1000 + 2 * 86400), true);
});
