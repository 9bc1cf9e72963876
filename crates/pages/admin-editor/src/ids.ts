// Ids of blocks: every block has one of its own as soon as it is there, so that it keeps it while it is edited.

import type { Node } from 'prosemirror-model';
import { type EditorState, Plugin, type Transaction } from 'prosemirror-state';
import { type Json, type JsonObject, isObject } from './format';

/** An id that no other session gives: two people may add blocks to the same document at once. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `b${Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('').slice(0, 12)}`;
}

/** Gives ids to blocks without one, and to the second of two equal ones. */
export function ids(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, _, state) => (
      transactions.some((it) => it.docChanged) ? withIds(state) : null
    ),
  });
}

/** The transaction that gives what is missing, or `null`. */
export function withIds(state: EditorState): Transaction | null {
  const taken = new Map<string, { node: Node; at: number }>();
  const missing: number[] = [];
  state.doc.descendants((node, at) => {
    if (node.isInline) return false;
    if (!('id' in (node.type.spec.attrs ?? {}))) return true;
    const holder = taken.get(node.attrs.id);
    if (node.attrs.id === null) {
      missing.push(at);
    } else if (!holder) {
      taken.set(node.attrs.id, { node, at });
    } else if (isEmpty(holder.node) && !isEmpty(node)) {
      // A block split at its beginning: the id stays with the words.
      missing.push(holder.at);
      taken.set(node.attrs.id, { node, at });
    } else {
      missing.push(at);
    }
    return !node.isTextblock;
  });
  if (missing.length === 0) return null;
  const tr = state.tr;
  for (const at of missing) tr.setNodeAttribute(at, 'id', newId());
  return tr;
}

function isEmpty(node: Node): boolean {
  return node.isTextblock && node.childCount === 0;
}

/**
 * The tree `after` with the ids that its blocks had in `before`. Markdown has no ids: blocks that are equal, in order,
 * are the same; between two of those, blocks of the same kind are.
 */
export function keepIds(before: JsonObject, after: JsonObject): JsonObject {
  return { ...after, blocks: aligned(list(before.blocks), list(after.blocks)) };
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function aligned(before: Json[], after: Json[]): Json[] {
  const old = before.map(bare);
  const fresh = after.map(bare);
  const pairs = common(old, fresh);
  let [from, at] = [0, 0];
  const result: Json[] = [];
  for (const [one, other] of [...pairs, [before.length, after.length] as const]) {
    const candidates = before.slice(from, one);
    for (const value of after.slice(at, other)) {
      const found = candidates.findIndex((it) => typeOf(it) === typeOf(value));
      result.push(found < 0 ? without(value) : adopt(candidates[found]!, value));
      if (found >= 0) candidates.splice(0, found + 1);
    }
    if (other < after.length) result.push(adopt(before[one]!, after[other]!));
    [from, at] = [one + 1, other + 1];
  }
  return result;
}

/** Pairs of equal texts in order: equal beginnings and ends, and between them what comes once on both sides. */
function common(old: string[], fresh: string[]): (readonly [number, number])[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const pairs: (readonly [number, number])[] = Array.from({ length: start }, (_, index) => [index, index]);
  let from = start;
  for (let at = start; at < fresh.length - end; at += 1) {
    const found = old.indexOf(fresh[at]!, from);
    if (found >= 0 && found < old.length - end) {
      pairs.push([found, at]);
      from = found + 1;
    }
  }
  for (let index = end; index > 0; index -= 1) pairs.push([old.length - index, fresh.length - index]);
  return pairs;
}

function typeOf(value: Json): Json | undefined {
  return isObject(value) ? value.type : undefined;
}

function without(value: Json): Json {
  if (!isObject(value)) return value;
  const { id: _, ...rest } = value;
  if (Array.isArray(rest.blocks)) rest.blocks = rest.blocks.map(without);
  if (Array.isArray(rest.items)) rest.items = rest.items.map(without);
  return rest;
}

function bare(value: Json): string {
  return JSON.stringify(sorted(without(value)));
}

/** With keys in one order. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key]!)]));
}

function adopt(old: Json, fresh: Json): Json {
  if (!isObject(old) || !isObject(fresh)) return fresh;
  const result: JsonObject = { ...fresh };
  if (typeof old.id === 'string') result.id = old.id;
  else delete result.id;
  if (Array.isArray(fresh.blocks)) result.blocks = aligned(list(old.blocks), fresh.blocks);
  if (Array.isArray(fresh.items)) {
    const olds = list(old.items);
    result.items = fresh.items.map((item, index) => (index < olds.length ? adopt(olds[index]!, item) : without(item)));
  }
  return result;
}
