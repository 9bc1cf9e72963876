// The block tree to ProseMirror's document. Whatever does not fit the schema to the letter stays opaque, in the
// smallest piece that holds it.

import type { Mark, Node } from 'prosemirror-model';
import {
  ALIGNMENTS, COLUMNS_MAX, DEPTH_MAX, type Json, type JsonObject, LIST_START_MAX, MARKS, TONES, VERSION, isId, isObject,
  isPluginBlockName,
} from './format';
import { nodes, schema } from './schema';

/** What a reader gives up with when a block or a piece is not what its type promises. */
class Opaque extends Error {}

/** The document, or `null` for one that this editor must not touch. */
export function documentFromJson(value: Json | undefined): Node | null {
  if (!isObject(value) || value.version !== VERSION || !Array.isArray(value.blocks)) return null;
  if (Object.keys(value).length !== 2 || !value.blocks.every(isObject)) return null;
  const blocks = value.blocks.map((it) => block(it, 1));
  return nodes.doc!.create(null, blocks.length > 0 ? blocks : [filler()]);
}

/** Blocks that go into a document that is there. */
export function blocksFromJson(value: Json[]): Node[] {
  return value.filter(isObject).map((it) => block(it, 1));
}

/** An empty paragraph that is only there to be written in. */
export function filler(id: string | null = null): Node {
  return nodes.paragraph!.create({ id, filler: true });
}

function block(value: Json, depth: number): Node {
  if (!isObject(value)) throw new Opaque();
  const { id, ...rest } = value;
  const given = id === undefined ? null : id;
  if (given === null || isId(given)) {
    try {
      const known = knownBlock(value, given, depth);
      if (known) return known;
    } catch (error) {
      if (!(error instanceof Opaque)) throw error;
    }
    return nodes.unknown!.create({ id: given, json: rest });
  }
  return nodes.unknown!.create({ id: null, json: value });
}

function knownBlock(value: JsonObject, id: string | null, depth: number): Node | null {
  if (depth > DEPTH_MAX || typeof value.type !== 'string') throw new Opaque();
  if (value.type.includes('/')) {
    keys(value, ['data']);
    if (!isPluginBlockName(value.type) || !('data' in value)) throw new Opaque();
    return nodes.plugin!.create({ id, name: value.type, data: value.data });
  }
  switch (value.type) {
    case 'paragraph':
      keys(value, ['content']);
      return nodes.paragraph!.create({ id, filler: false }, inlines(value.content));
    case 'heading':
      keys(value, ['level', 'content']);
      return nodes.heading!.create({ id, level: whole(value.level, 1, 6, 2) }, inlines(value.content));
    case 'list':
      return list(value, id, depth);
    case 'quote':
      keys(value, ['blocks']);
      return nodes.quote!.create({ id }, inner(value.blocks, depth));
    case 'code':
      return code(value, id);
    case 'divider':
      keys(value, []);
      return nodes.divider!.create({ id });
    case 'image':
      keys(value, ['asset', 'url', 'alt', 'title', 'caption']);
      return nodes.image!.create({ id, ...imageAttributes(value) }, inlines(value.caption));
    case 'table':
      return table(value, id);
    case 'embed':
      keys(value, ['url']);
      return nodes.embed!.create({ id, url: text(value.url) });
    case 'html':
      keys(value, ['html']);
      return nodes.html!.create({ id, html: text(value.html) });
    case 'callout':
      keys(value, ['tone', 'title', 'blocks']);
      return nodes.callout!.create(
        { id, tone: word(value.tone, TONES), title: optionalText(value.title) }, inner(value.blocks, depth),
      );
    case 'footnote':
      keys(value, ['label', 'blocks']);
      if (depth > 1 || !isId(value.label)) throw new Opaque();
      return nodes.footnote!.create({ id, label: value.label }, inner(value.blocks, depth));
    default:
      return null;
  }
}

function keys(value: JsonObject, own: string[], common = ['id', 'type']): void {
  if (!Object.keys(value).every((key) => common.includes(key) || own.includes(key))) throw new Opaque();
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Opaque();
  return value;
}

function optionalText(value: Json | undefined): string | null {
  return value === undefined || value === null ? null : text(value);
}

function array(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Opaque();
  return value;
}

function whole(value: Json | undefined, least: number, most: number, usual: number): number {
  if (value === undefined) return usual;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) throw new Opaque();
  return value;
}

function word(value: Json | undefined, words: readonly string[]): string {
  const found = words.find((it) => it === value);
  if (found === undefined) throw new Opaque();
  return found;
}

function inner(value: Json | undefined, depth: number): Node[] {
  const blocks = array(value).map((it) => block(it, depth + 1));
  return blocks.length > 0 ? blocks : [filler()];
}

function list(value: JsonObject, id: string | null, depth: number): Node {
  keys(value, ['style', 'start', 'tight', 'items']);
  const style = word(value.style, ['bulleted', 'numbered']);
  const start = whole(value.start, 0, LIST_START_MAX, 1);
  const tight = value.tight ?? true;
  const items = array(value.items);
  if (typeof tight !== 'boolean' || items.length === 0) throw new Opaque();
  return nodes.list!.create({ id, style, start, tight }, items.map((it) => item(it, depth)));
}

function item(value: Json, depth: number): Node {
  if (!isObject(value)) throw new Opaque();
  keys(value, ['checked', 'blocks'], []);
  const checked = value.checked ?? null;
  if (checked !== null && typeof checked !== 'boolean') throw new Opaque();
  return nodes.list_item!.create({ checked }, inner(value.blocks, depth));
}

function code(value: JsonObject, id: string | null): Node {
  keys(value, ['language', 'info', 'text']);
  const content = text(value.text);
  const attrs = { id, language: optionalText(value.language), info: optionalText(value.info) };
  return nodes.code_block!.create(attrs, content === '' ? null : schema.text(content));
}

function table(value: JsonObject, id: string | null): Node {
  keys(value, ['alignments', 'header', 'rows']);
  const alignments = array(value.alignments).map((it) => (it === null ? null : word(it, ALIGNMENTS)));
  const header = array(value.header).map(inlines);
  const rows = array(value.rows).map((row) => array(row).map(inlines));
  const columns = Math.max(alignments.length, header.length, ...rows.map((it) => it.length));
  if (columns < 1 || columns > COLUMNS_MAX) throw new Opaque();
  const row = (cells: Node[][], kind: 'table_cell' | 'table_header') => {
    const all = Array.from({ length: columns }, (_, column) => (
      nodes[kind]!.create({ align: alignments[column] ?? null }, cells[column] ?? [])
    ));
    return nodes.table_row!.create(null, all);
  };
  // A header without words is none, but ProseMirror's tables have a row.
  const hasHeader = rows.length === 0 || header.some((cell) => cell.length > 0);
  const head = hasHeader ? [row(header, 'table_header')] : [];
  return nodes.table!.create({ id }, [...head, ...rows.map((it) => row(it, 'table_cell'))]);
}

function inlines(value: Json | undefined): Node[] {
  const pieces: Node[] = [];
  for (const it of array(value)) {
    if (!isObject(it)) throw new Opaque();
    if (it.type === 'text' && it.text === '') continue;
    const piece = inline(it);
    const before = pieces.at(-1);
    if (before?.isText && piece.isText && before.sameMarkup(piece)) {
      pieces[pieces.length - 1] = schema.text(`${before.text}${piece.text}`, before.marks);
    } else {
      pieces.push(piece);
    }
  }
  return pieces;
}

function inline(value: JsonObject): Node {
  try {
    const known = knownInline(value);
    if (known) return known;
  } catch (error) {
    if (!(error instanceof Opaque)) throw error;
  }
  return nodes.unknown_inline!.create({ json: value });
}

function knownInline(value: JsonObject): Node | null {
  const own = (...names: string[]) => keys(value, names, ['type', 'marks']);
  switch (value.type) {
    case 'text':
      own('text');
      return schema.text(text(value.text), marks(value.marks));
    case 'break':
      own();
      return nodes.break!.create(null, null, marks(value.marks));
    case 'image':
      own('asset', 'url', 'alt', 'title');
      return nodes.inline_image!.create(imageAttributes(value), null, marks(value.marks));
    case 'footnote_reference':
      own('label');
      if (!isId(value.label)) throw new Opaque();
      return nodes.footnote_reference!.create({ label: value.label }, null, marks(value.marks));
    case 'html':
      own('html');
      return nodes.inline_html!.create({ html: text(value.html) }, null, marks(value.marks));
    default:
      return null;
  }
}

function marks(value: Json | undefined): Mark[] {
  let set: readonly Mark[] = [];
  const given = array(value);
  for (const it of given) {
    if (!isObject(it)) throw new Opaque();
    keys(it, it.type === 'link' ? ['href', 'title'] : [], ['type']);
    const type = schema.marks[word(it.type, MARKS)]!;
    const attrs = it.type === 'link' ? { href: text(it.href), title: optionalText(it.title) } : null;
    set = type.create(attrs).addToSet(set);
  }
  // Each kind at most once: of two links one would be lost.
  if (set.length !== given.length) throw new Opaque();
  return [...set];
}

function imageAttributes(value: JsonObject): JsonObject {
  const { asset, url } = value;
  if ((asset === undefined) === (url === undefined)) throw new Opaque();
  if (asset !== undefined && !isId(asset)) throw new Opaque();
  return {
    asset: asset ?? null,
    url: url === undefined ? null : text(url),
    alt: optionalText(value.alt) ?? '',
    title: optionalText(value.title),
  };
}
