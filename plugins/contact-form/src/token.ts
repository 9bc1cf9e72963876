import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { utf8 } from "smartcms-plugin";
import { keys } from "smartcms-plugin/keys";
import { randomBytes } from "smartcms-plugin/random";

/**
 * What a form carries: when it was made, a number that is used once, and a signature. A form cannot be sent sooner than a
 * person could fill it in, nor by somebody who never asked for it.
 */
export interface Token {
  /** Seconds since 1970. */
  made: number;
  nonce: string;
}

const SECRET = "secret";
const SHAPE = /^(\d{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})$/;

export function issue(made: number): string {
  return signed(`${made}.${hex(randomBytes(16))}`, secret());
}

/** The token in a text, if this plugin made it. */
export function verified(text: string): Token | undefined {
  const [, made, nonce] = SHAPE.exec(text) ?? [];
  if (made === undefined || nonce === undefined) return undefined;
  return same(signed(`${made}.${nonce}`, secret()), text) ? { made: Number(made), nonce } : undefined;
}

export function signed(text: string, secret: string): string {
  return `${text}.${hex(hmac(sha256, utf8.encode(secret), utf8.encode(text)))}`;
}

function secret(): string {
  const kept = keys.getText(SECRET);
  if (kept !== undefined) return kept;
  keys.set(SECRET, hex(randomBytes(32)));
  // Two requests that arrive together agree on what is kept.
  return keys.getText(SECRET) ?? "";
}

/** Compares in a time that does not tell where the difference is. */
function same(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
