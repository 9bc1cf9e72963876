// Whatever is done to a document, a document comes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as parts from '../build/parts.mjs';
import { documents } from './trees.mjs';

const { commands, schema } = parts;
const { nodes } = schema;
const RUNS = Number(process.env.RUNS ?? 1500);

/** Everything that a key or a button does. */
const ACTS = {
  ...Object.fromEntries(['link', 'bold', 'code'].map((name) => [`mark ${name}`, commands.toggle(name)])),
  clear: commands.clearMarks,
  heading: commands.setBlock(nodes.heading, { level: 3 }),
  paragraph: commands.setBlock(nodes.paragraph),
  code: commands.setBlock(nodes.code_block),
  bulleted: commands.toggleList('bulleted'),
  numbered: commands.toggleList('numbered'),
  task: commands.toggleList('task'),
  quote: commands.toggleWrap(nodes.quote),
  callout: commands.toggleWrap(nodes.callout),
  split: commands.splitItem,
  sink: commands.sinkItem,
  lift: commands.liftItem,
  up: commands.moveBlock(-1),
  down: commands.moveBlock(1),
  remove: commands.removeBlock,
  break: commands.insertBreak,
  footnote: commands.insertFootnote,
  table: (...it) => commands.insertBlock(commands.emptyTable(3, 2))(...it),
  divider: (...it) => commands.insertBlock(nodes.divider.create())(...it),
  image: (...it) => commands.insertBlock(nodes.image.create({ url: '/a.png' }))(...it),
  plugin: (...it) => commands.insertBlock(nodes.plugin.create({ name: 'a/b', data: {} }))(...it),
  fence: parts.openFence,
  type: (state, dispatch) => {
    dispatch?.(state.tr.insertText('word'));
    return true;
  },
  backspace: parts.joinBackward, forward: parts.joinForward, delete: parts.deleteSelection, all: parts.selectAll,
  enter: commands.split, out: parts.liftEmptyBlock, before: parts.selectNodeBackward,
  undo: parts.undo, redo: parts.redo,
  rowAfter: parts.addRowAfter, rowBefore: parts.tables.rowBefore, rowGone: parts.tables.removeRow,
  columnAfter: parts.addColumnAfter, columnBefore: parts.addColumnBefore, columnGone: parts.tables.removeColumn,
  header: parts.tables.toggleHeader, right: parts.tables.align('right'), tableGone: parts.tables.removeTable,
};
// A link without an address is not one.
delete ACTS['mark link'];

const step = fc.record({ act: fc.constantFrom(...Object.keys(ACTS)), from: fc.nat(), to: fc.nat(), kind: fc.nat({ max: 3 }) });

function select(state, { from, to, kind }) {
  if (kind === 0) return state;
  const size = state.doc.content.size;
  const $from = state.doc.resolve(from % (size + 1));
  const $to = state.doc.resolve(kind === 1 ? $from.pos : to % (size + 1));
  const node = $from.nodeAfter;
  const selection = kind === 3 && node && !node.isText && parts.NodeSelection.isSelectable(node)
    ? parts.NodeSelection.create(state.doc, $from.pos) : parts.TextSelection.between($from, $to);
  return state.apply(state.tr.setSelection(selection));
}

const same = (blocks) => JSON.stringify(blocks);

/** Opaque blocks by what they hold. */
function opaque(doc) {
  const found = [];
  doc.descendants((node) => {
    if (node.type === nodes.unknown) found.push(same(node.attrs.json));
  });
  return new Set(found);
}

test('every series of edits leaves a document that the format has, with an id for each block', () => {
  fc.assert(fc.property(documents, fc.array(step, { maxLength: 12 }), (json, steps) => {
    let state = parts.EditorState.create({
      doc: parts.documentFromJson(json),
      plugins: [parts.rules(), parts.tables.tableForm(), parts.tableEditing(), parts.history(), parts.ids()],
    });
    const start = state.doc;
    const before = opaque(start);
    for (const it of steps) {
      state = select(state, it);
      const could = ACTS[it.act](state);
      let done = false;
      const did = ACTS[it.act](state, (tr) => {
        done = true;
        state = state.apply(tr);
      });
      assert.equal(Boolean(could), Boolean(did), `${it.act} does what it says that it can`);
      assert.ok(!done || did);
      state.doc.check();
    }
    const found = parts.documentToJson(state.doc);
    const read = parts.documentFromJson(found);
    assert.notEqual(read, null);
    assert.deepEqual(parts.documentToJson(read), found);
    for (const it of opaque(read)) assert.ok(before.has(it), `nothing known became opaque: ${it}`);
    const ids = [];
    state.doc.descendants((node) => {
      if ('id' in (node.type.spec.attrs ?? {})) ids.push(node.attrs.id);
    });
    // Until something changes, lines that are only there to be written in have none.
    const given = state.doc === start ? ids.filter((it) => it !== null) : ids;
    assert.ok(given.every((it) => typeof it === 'string'));
    assert.equal(new Set(given).size, given.length);
  }), { numRuns: RUNS });
});

test('undo brings back what was there', () => {
  fc.assert(fc.property(documents, step, (json, it) => {
    const acts = Object.keys(ACTS).filter((name) => !['undo', 'redo', 'all', 'before'].includes(name));
    const act = acts.includes(it.act) ? it.act : 'type';
    let state = parts.EditorState.create({
      doc: parts.documentFromJson(json), plugins: [parts.tables.tableForm(), parts.history(), parts.ids()],
    });
    state = select(state, it);
    const start = parts.documentToJson(state.doc);
    ACTS[act](state, (tr) => {
      state = state.apply(tr);
    });
    while (parts.undo(state, (tr) => {
      state = state.apply(tr);
    }));
    const dropIds = (value) => JSON.parse(JSON.stringify(value, (key, inner) => (key === 'id' ? undefined : inner)));
    assert.deepEqual(dropIds(parts.documentToJson(state.doc)), dropIds(start), act);
  }), { numRuns: RUNS });
});
