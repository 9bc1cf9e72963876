import assert from "node:assert/strict";
import { test } from "node:test";

import { keys } from "smartcms-plugin/keys";
import { setSettings } from "smartcms-plugin/testing";

import { messageOf, objection, subjectOf } from "../src/message.ts";
import { form } from "../src/page.ts";
import { read } from "../src/settings.ts";
import { issue, signed, verified } from "../src/token.ts";
import { hasRoom, remember, wasSent } from "../src/traffic.ts";

test("a token is known again, and nothing that was changed in it", () => {
  const token = issue(1000);
  assert.equal(verified(token)?.made, 1000);
  assert.equal(verified(token.replace("1000.", "1001.")), undefined);
  assert.equal(verified(`${token}0`), undefined);
  assert.equal(verified(signed("1000.00000000000000000000000000000000", "another secret")), undefined);
});

test("the signature is HMAC-SHA256", () => {
  // Of RFC 4231, test case 2.
  const mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  assert.equal(signed("what do ya want for nothing?", "Jefe").split(".")[1], mac);
});

test("a form counts once, within its hours, and old hours leave nothing", () => {
  const token = { made: 7200, nonce: "a".repeat(32) };
  assert.equal(wasSent(token), false);
  remember(token, 7300, 1);
  assert.equal(wasSent(token), true);
  remember({ made: 3600 * 9, nonce: "b".repeat(32) }, 3600 * 9, 1);
  assert.equal(keys.getText("sent/2"), undefined);
  assert.equal(keys.getText("sent/9")?.trim(), "b".repeat(32));
});

test("an hour has room for as many as the setting says", () => {
  assert.deepEqual([1, 2, 3].map(() => hasRoom(36000, 2)), [true, true, false]);
  assert.equal(hasRoom(39600, 2), true);
});

test("a message becomes one line where it is one, and lists see its beginning", () => {
  const message = messageOf({ name: " A\r\nda ", message: `a\u0000\r\nb ${"c".repeat(200)}` });
  assert.equal(message.name, "A da");
  assert.ok(message.message.startsWith("a\nb c"));
  assert.equal(Array.from(subjectOf(message)).length, "A da: ".length + 80);
});

test("addresses are looked at loosely, and quickly", () => {
  setSettings({});
  const of = (email: string) => objection(messageOf({ name: "A", message: "b", email }), read());
  for (const email of ["a@b.c", "ü.b+c@sub.example.org"]) assert.equal(of(email), undefined, email);
  for (const email of ["a", "a@b", "a@@b.c", "a@b..c", "a b@c.d", `${"a".repeat(65)}@b.c`]) assert.equal(of(email), "address", email);
  assert.equal(of(`a@${"b.".repeat(200)}`), "long");
});

test("texts can be others, and stay texts", () => {
  setSettings({ texts: { send: "<Senden>", unknown: "x" } });
  assert.match(form(read().texts, "t", messageOf({})), /<button>&lt;Senden&gt;<\/button>/);
});
