// ProseMirror's document to the block tree, as the server writes it: values that are the usual ones are left out.

import type { Mark, Node } from 'prosemirror-model';
import { type Json, type JsonObject, VERSION, oneLine, sameJson, wellFormed } from './format';

/** Nodes never change, so what one became is kept: a key press costs one block, not the document. */
const done = new WeakMap<Node, JsonObject>();

export function documentToJson(doc: Node): JsonObject {
  return { version: VERSION, blocks: blocks(doc) };
}

/** Whether it is an empty paragraph that nobody asked for. */
export function isFiller(node: Node): boolean {
  return node.type.name === 'paragraph' && node.childCount === 0 && node.attrs.filler === true;
}

function blocks(parent: Node): Json[] {
  const kept: Json[] = [];
  parent.forEach((node, _, index) => {
    // Before another block of an item it is the item's own line.
    const holdsPlace = parent.type.name === 'list_item' && index + 1 < parent.childCount;
    if (!isFiller(node) || holdsPlace) kept.push(blockToJson(node));
  });
  return kept;
}

/** One block. */
export function blockToJson(node: Node): JsonObject {
  const before = done.get(node);
  if (before) return before;
  const json = { ...bare(node) };
  if (node.attrs.id !== null) json.id = node.attrs.id;
  done.set(node, json);
  return json;
}

function bare(node: Node): JsonObject {
  const { attrs } = node;
  switch (node.type.name) {
    case 'heading':
      return { type: 'heading', level: attrs.level, content: inlines(node) };
    case 'list':
      return {
        type: 'list',
        style: attrs.style,
        items: node.children.map((item) => ({
          ...(item.attrs.checked === null ? {} : { checked: item.attrs.checked }),
          blocks: blocks(item),
        })),
        ...(attrs.style === 'numbered' && attrs.start !== 1 ? { start: attrs.start } : {}),
        ...(attrs.tight ? {} : { tight: false }),
      };
    case 'quote':
      return { type: 'quote', blocks: blocks(node) };
    case 'code_block':
      return { type: 'code', text: wellFormed(node.textContent), ...set({ language: attrs.language, info: attrs.info }) };
    case 'divider':
      return { type: 'divider' };
    case 'image': {
      const caption = inlines(node);
      return { ...image(node), ...(caption.length > 0 ? { caption } : {}) };
    }
    case 'table':
      return table(node);
    case 'embed':
      return { type: 'embed', url: attrs.url };
    case 'html':
      return { type: 'html', html: attrs.html };
    case 'callout':
      return { type: 'callout', tone: attrs.tone, blocks: blocks(node), ...set({ title: attrs.title }) };
    case 'footnote':
      return { type: 'footnote', label: attrs.label, blocks: blocks(node) };
    case 'plugin':
      return { type: attrs.name, data: attrs.data };
    case 'unknown':
      return attrs.json;
    default:
      return { type: 'paragraph', content: inlines(node) };
  }
}

function set(texts: Record<string, string | null>): JsonObject {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null));
}

function image({ attrs }: Node): JsonObject {
  const source: JsonObject = attrs.asset === null ? { url: attrs.url ?? '' } : { asset: attrs.asset };
  return { type: 'image', ...source, alt: attrs.alt, ...set({ title: attrs.title }) };
}

function table(node: Node): JsonObject {
  const rows = node.children.map((row) => row.children);
  const columns = Math.max(1, ...rows.map((cells) => cells.length));
  const row = (cells: readonly Node[]) => Array.from({ length: columns }, (_, column) => {
    const cell = cells[column];
    return cell ? inlines(cell) : [];
  });
  const first = rows[0] ?? [];
  const hasHeader = first.length > 0 && first.every((cell) => cell.type.name === 'table_header');
  return {
    type: 'table',
    alignments: Array.from({ length: columns }, (_, column) => first[column]?.attrs.align ?? null),
    header: row(hasHeader ? first : []),
    rows: rows.slice(hasHeader ? 1 : 0).map(row),
  };
}

function inlines(parent: Node): Json[] {
  const pieces: JsonObject[] = [];
  let isAfterText = false;
  for (const node of parent.children) {
    const piece = inline(node);
    const before = pieces.at(-1);
    // Where half a character was left out nothing may be left.
    if (node.isText && piece.text === '') continue;
    if (node.isText && isAfterText && before && sameJson(before.marks, piece.marks)) {
      pieces[pieces.length - 1] = { ...before, text: `${before.text}${piece.text}` };
    } else {
      pieces.push(piece);
    }
    isAfterText = node.isText;
  }
  return pieces;
}

function inline(node: Node): JsonObject {
  if (node.type.name === 'unknown_inline') return node.attrs.json;
  const json = bareInline(node);
  if (node.marks.length > 0) json.marks = node.marks.map(mark);
  return json;
}

function bareInline(node: Node): JsonObject {
  switch (node.type.name) {
    case 'break':
      return { type: 'break' };
    case 'inline_image':
      return image(node);
    case 'footnote_reference':
      return { type: 'footnote_reference', label: node.attrs.label };
    case 'inline_html':
      return { type: 'html', html: node.attrs.html };
    default:
      return { type: 'text', text: oneLine(node.text ?? '') };
  }
}

function mark(it: Mark): JsonObject {
  if (it.type.name !== 'link') return { type: it.type.name };
  return { type: 'link', href: it.attrs.href, ...set({ title: it.attrs.title }) };
}
