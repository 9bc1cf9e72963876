// Random block trees in their normal form, of every kind of block, piece and mark; and trees that are slightly wrong.

import fc from 'fast-check';

/** Any JSON, as a parser gives it: without a zero below zero. */
const anyJson = (options) => fc.jsonValue(options).map((it) => JSON.parse(JSON.stringify(it)));

const SIGNS = ['a', 'b c', 'ä', 'مرحبا', '日本', '🦀', ' ', '*', '`', '<b>', '&amp;', '\\', '|', '\u00a0', '\u200d', '"', '-->', 'x_y'];
const text = fc.array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 5 }).map((it) => it.join(''));
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const optional = (name, value) => fc.option(value).map((it) => (it === null ? {} : { [name]: it }));
const merged = (...parts) => fc.tuple(...parts).map((them) => Object.assign({}, ...them));
const exactly = (value) => fc.constant(value);

const NAMES = ['link', 'bold', 'italic', 'strike', 'underline', 'highlight', 'superscript', 'subscript', 'code'];
const marks = fc.tuple(fc.subarray(NAMES), fc.webUrl(), optional('title', text)).map(([names, href, title]) => (
  names.map((type) => (type === 'link' ? { type, href, ...title } : { type }))
));
const marked = (piece) => fc.tuple(piece, marks).map(([it, all]) => (all.length > 0 ? { ...it, marks: all } : it));

const source = fc.oneof(id.map((asset) => ({ asset })), fc.webUrl().map((url) => ({ url })));
const image = merged(exactly({ type: 'image' }), source, text.map((alt) => ({ alt })), optional('title', text));
const unknownPiece = merged(
  fc.constantFrom({ type: 'mention' }, { type: 'date' }), fc.dictionary(fc.constantFrom('who', 'x', 'marks'), anyJson({ maxDepth: 2 })),
).map((it) => ({ ...it }));

const piece = fc.oneof(
  { weight: 8, arbitrary: marked(text.map((it) => ({ type: 'text', text: it }))) },
  { weight: 1, arbitrary: marked(exactly({ type: 'break' })) },
  { weight: 1, arbitrary: marked(image) },
  { weight: 1, arbitrary: marked(id.map((label) => ({ type: 'footnote_reference', label }))) },
  { weight: 1, arbitrary: marked(text.map((html) => ({ type: 'html', html }))) },
  { weight: 1, arbitrary: unknownPiece },
);

/** Neighbours with equal marks are joined in the normal form. */
function joined(pieces) {
  const result = [];
  for (const it of pieces) {
    const before = result.at(-1);
    const same = before?.type === 'text' && it.type === 'text' && JSON.stringify(before.marks) === JSON.stringify(it.marks);
    if (same) result[result.length - 1] = { ...before, text: before.text + it.text };
    else result.push(it);
  }
  return result;
}

const run = fc.array(piece, { maxLength: 5 }).map(joined);

const table = fc.integer({ min: 1, max: 4 }).chain((columns) => {
  const row = fc.array(run, { minLength: columns, maxLength: columns });
  const alignments = fc.array(fc.constantFrom(null, 'left', 'center', 'right'), { minLength: columns, maxLength: columns });
  const header = fc.oneof(row, exactly(Array.from({ length: columns }, () => [])));
  return fc.record({ type: exactly('table'), alignments, header, rows: fc.array(row, { maxLength: 3 }) });
});

const unknown = merged(
  fc.constantFrom({ type: 'poll' }, { type: 'constructor' }, { type: 'doc' }, { type: 'text' }),
  fc.dictionary(fc.constantFrom('question', 'blocks', 'content', '__proto__x'), anyJson({ maxDepth: 3 })),
);

const leaves = [
  run.map((content) => ({ type: 'paragraph', content })),
  fc.record({ type: exactly('heading'), level: fc.integer({ min: 1, max: 6 }), content: run }),
  merged(text.map((it) => ({ type: 'code', text: `${it}\n\t${it}` })), optional('language', id), optional('info', text)),
  exactly({ type: 'code', text: '' }),
  exactly({ type: 'divider' }),
  merged(image, run.map((caption) => (caption.length > 0 ? { caption } : {}))),
  table,
  fc.webUrl().map((url) => ({ type: 'embed', url })),
  text.map((html) => ({ type: 'html', html })),
  anyJson({ maxDepth: 4 }).map((data) => ({ type: 'forms/contact', data })),
  unknown,
];

const { block } = fc.letrec((tie) => {
  const blocks = fc.array(tie('block'), { maxLength: 3, depthIdentifier: 'blocks' });
  const item = merged(optional('checked', fc.boolean()), blocks.map((it) => ({ blocks: it })));
  const items = fc.array(item, { minLength: 1, maxLength: 3 }).map((it) => ({ items: it }));
  const start = fc.integer({ min: 0, max: 999_999_999 }).map((it) => (it === 1 ? {} : { start: it }));
  const tight = fc.boolean().map((it) => (it ? {} : { tight: false }));
  const containers = [
    merged(exactly({ type: 'list', style: 'bulleted' }), items, tight),
    merged(exactly({ type: 'list', style: 'numbered' }), items, tight, start),
    fc.record({ type: exactly('quote'), blocks }),
    merged(
      fc.record({ type: exactly('callout'), tone: fc.constantFrom('note', 'tip', 'important', 'warning', 'caution'), blocks }),
      optional('title', text),
    ),
  ];
  return {
    block: fc.oneof({ depthSize: 'small', depthIdentifier: 'blocks' }, ...leaves, ...containers),
  };
});

const footnote = fc.record({ type: exactly('footnote'), label: id, blocks: fc.array(block, { maxLength: 2 }) });

/** Gives every block an id of its own, as the server does. */
export function numbered(document, number = { next: 1 }) {
  const visit = (it) => {
    const { type } = it;
    const own = { ...it, id: `b${number.next++}` };
    if (['quote', 'callout', 'footnote'].includes(type)) own.blocks = it.blocks.map(visit);
    if (type === 'list') own.items = it.items.map((item) => ({ ...item, blocks: item.blocks.map(visit) }));
    return own;
  };
  return { ...document, blocks: document.blocks.map(visit) };
}

/** A document as the server gives it. */
export const documents = fc.array(fc.oneof({ weight: 9, arbitrary: block }, { weight: 1, arbitrary: footnote }), { maxLength: 6 })
  .map((blocks) => numbered({ version: 1, blocks }));

/** A document with one thing in it that a later version may have: a key, a mark, a word. */
export const later = fc.tuple(documents, fc.nat(), fc.constantFrom('key', 'mark', 'word', 'kind'), anyJson({ maxDepth: 2 }))
  .map(([document, which, what, value]) => {
    const changed = structuredClone(document);
    const objects = [];
    const collect = (it) => {
      if (Array.isArray(it)) it.forEach(collect);
      else if (it && typeof it === 'object') {
        objects.push(it);
        Object.values(it).forEach(collect);
      }
    };
    collect(changed.blocks);
    const target = objects[which % Math.max(1, objects.length)];
    if (target && !('id' in target && target.type === undefined)) {
      if (what === 'key') target.x_later = value;
      if (what === 'mark' && target.type === 'text') target.marks = [...(target.marks ?? []), { type: 'blink' }];
      if (what === 'word' && 'tone' in target) target.tone = 'shout';
      if (what === 'word' && 'style' in target) target.style = 'roman';
      if (what === 'kind' && 'level' in target) target.level = 7;
    }
    return changed;
  });
