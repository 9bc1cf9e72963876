import { sha256 } from "@noble/hashes/sha2.js";

import { utf8 } from "smartcms-plugin";
import { keys } from "smartcms-plugin/keys";

/** What is known about an address. */
export interface Card {
  title: string;
  author: string;
  provider: string;
  /** Its picture is a key of its own. */
  picture?: { type: string; width?: number; height?: number };
  /** Why nothing is known. */
  failed?: string;
  /** When it was asked, in seconds since 1970. */
  at: number;
}

const WANTED = "wanted";
/** The most addresses that wait to be asked about, and that are known; the oldest go. */
const WANTED_MAX = 200;
const KNOWN = "known";
const KNOWN_MAX = 400;
const DAY = 86400;

export function idOf(address: string): string {
  const digest = sha256(utf8.encode(address)).subarray(0, 16);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function cardOf(address: string): Card | undefined {
  return parsed<Card | undefined>(`card/${idOf(address)}`, undefined);
}

/** Whether a card should be asked for again: one that failed after a day, any other after a month. */
export const isStale = (card: Card, now: number): boolean => now - card.at > (card.failed === undefined ? 30 * DAY : DAY);

export function keep(address: string, card: Card, picture?: Uint8Array): void {
  const id = idOf(address);
  keys.set(`card/${id}`, JSON.stringify(card));
  if (picture) keys.set(`picture/${id}`, picture);
  else keys.delete(`picture/${id}`);
  const known = [id, ...parsed<string[]>(KNOWN, []).filter((it) => it !== id)];
  for (const old of known.splice(KNOWN_MAX)) {
    keys.delete(`card/${old}`);
    keys.delete(`picture/${old}`);
  }
  keys.set(KNOWN, JSON.stringify(known));
}

/** An address that did not answer: what was known stays, and it is asked about again later. */
export function failed(address: string, reason: string, at: number): void {
  const known = cardOf(address);
  const none = { title: "", author: "", provider: "", failed: reason };
  const picture = known?.picture && pictureOf(idOf(address));
  keep(address, { ...(known ?? none), at }, picture);
}

export const pictureOf = (id: string): Uint8Array | undefined => keys.get(`picture/${id}`);

export const typeOf = (id: string): string | undefined => parsed<Card | undefined>(`card/${id}`, undefined)?.picture?.type;

/** Remembers to ask about an address. */
export function want(address: string): void {
  const list = wanted();
  if (list.includes(address) || list.length >= WANTED_MAX) return;
  keys.set(WANTED, JSON.stringify([...list, address]));
}

export const wanted = (): string[] => parsed<string[]>(WANTED, []);

export function done(address: string): void {
  const list = wanted();
  if (list.includes(address)) keys.set(WANTED, JSON.stringify(list.filter((it) => it !== address)));
}

function parsed<T>(key: string, otherwise: T): T {
  const text = keys.getText(key);
  return text === undefined ? otherwise : (JSON.parse(text) as T);
}
