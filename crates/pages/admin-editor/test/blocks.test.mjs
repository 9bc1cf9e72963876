// The block tree comes back from the editor as it went in.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { EditorState, documentFromJson, documentToJson, keepIds, schema, withIds } from '../build/parts.mjs';
import { documents, later } from './trees.mjs';

const RUNS = { numRuns: Number(process.env.RUNS ?? 2000) };

/** Reads and writes, and holds what is between to the schema. */
function through(json) {
  const doc = documentFromJson(json);
  assert.notEqual(doc, null);
  doc.check();
  return documentToJson(doc);
}

describe('a document', () => {
  test('comes back as it was, whatever is in it', () => {
    fc.assert(fc.property(documents, (json) => assert.deepEqual(through(json), json)), RUNS);
  });

  test('comes back as it was when a later version wrote it', () => {
    fc.assert(fc.property(later, (json) => assert.deepEqual(through(json), json)), RUNS);
  });

  test('comes back as it was through ProseMirror’s own JSON, as its steps have it', () => {
    fc.assert(fc.property(documents, (json) => {
      const doc = schema.nodeFromJSON(JSON.parse(JSON.stringify(documentFromJson(json).toJSON())));
      assert.deepEqual(documentToJson(doc), json);
    }), RUNS);
  });

  test('of the server’s tests comes back as it was', () => {
    const fixtures = JSON.parse(readFileSync(new URL('fixtures/documents.json', import.meta.url), 'utf8'));
    for (const json of fixtures) assert.deepEqual(through(json), json);
    assert.ok(fixtures.length > 10);
  });

  test('of another version or shape is not touched', () => {
    for (const json of [null, 'text', [], {}, { version: 2, blocks: [] }, { version: 1 }, { version: 1, blocks: [1] },
      { version: 1, blocks: [], later: true }]) {
      assert.equal(documentFromJson(json), null);
    }
  });

  test('with a block inside that nothing knows keeps what is around it editable', () => {
    const doc = documentFromJson({ version: 1, blocks: [{ id: 'q', type: 'quote', blocks: [{ id: 'p', type: 'poll', x: 1 }] }] });
    assert.equal(doc.firstChild.type.name, 'quote');
    assert.equal(doc.firstChild.firstChild.type.name, 'unknown');
  });

  test('with a piece of text that says more than text does keeps it apart', () => {
    const content = [{ type: 'text', text: 'a', later: 1 }, { type: 'text', text: 'b' }, { type: 'text', text: 'c', later: 2 }];
    const json = { version: 1, blocks: [{ id: 'p', type: 'paragraph', content }] };
    assert.deepEqual(through(json), json);
  });

  test('that is empty stays empty, and says so when its only line is emptied', () => {
    const empty = { version: 1, blocks: [] };
    assert.deepEqual(through(empty), empty);
    const item = { version: 1, blocks: [{ id: 'a', type: 'list', style: 'bulleted', items: [{ checked: false, blocks: [] }] }] };
    assert.deepEqual(through(item), item);
  });
});

describe('ids', () => {
  const stateOf = (blocks) => EditorState.create({ doc: documentFromJson({ version: 1, blocks }) });

  test('are given to each block, once', () => {
    fc.assert(fc.property(documents, (json) => {
      const doubled = { version: 1, blocks: [...json.blocks, ...json.blocks] };
      const state = EditorState.create({ doc: documentFromJson(doubled) });
      const tr = withIds(state);
      const seen = new Set();
      (tr?.doc ?? state.doc).descendants((node) => {
        if (!('id' in (node.type.spec.attrs ?? {}))) return;
        assert.match(node.attrs.id, /^[A-Za-z0-9_-]{1,64}$/);
        assert.ok(!seen.has(node.attrs.id));
        seen.add(node.attrs.id);
      });
    }), { numRuns: 200 });
  });

  test('stay with the words when a block is split at its beginning', () => {
    const state = stateOf([{ id: 'a', type: 'paragraph', content: [] },
      { id: 'a', type: 'paragraph', content: [{ type: 'text', text: 'words' }] }]);
    const { doc } = withIds(state);
    assert.equal(doc.child(1).attrs.id, 'a');
    assert.notEqual(doc.child(0).attrs.id, 'a');
  });

  test('come back when nothing changed in Markdown', () => {
    const strip = (it) => {
      if (Array.isArray(it)) return it.map(strip);
      if (!it || typeof it !== 'object') return it;
      const { id, ...rest } = it;
      if (Array.isArray(rest.blocks)) rest.blocks = rest.blocks.map(strip);
      if (Array.isArray(rest.items)) rest.items = rest.items.map(strip);
      return rest;
    };
    fc.assert(fc.property(documents, (json) => {
      const blocks = json.blocks.filter((it) => !['poll', 'constructor', 'doc', 'text'].includes(it.type));
      const before = { version: 1, blocks };
      assert.deepEqual(keepIds(before, { version: 1, blocks: blocks.map(strip) }), before);
    }), { numRuns: 500 });
  });

  test('stay with their blocks when others come, go and change', () => {
    const p = (id, text) => ({ ...(id ? { id } : {}), type: 'paragraph', content: [{ type: 'text', text }] });
    const idsOf = (json) => json.blocks.map((it) => it.id);
    const before = { version: 1, blocks: [p('a', 'one'), p('b', 'two'), p('c', 'three')] };
    const kept = (...blocks) => idsOf(keepIds(before, { version: 1, blocks }));
    assert.deepEqual(kept(p('', 'one'), p('', 'new'), p('', 'two'), p('', 'three')), ['a', undefined, 'b', 'c']);
    assert.deepEqual(kept(p('', 'one'), p('', 'three')), ['a', 'c']);
    assert.deepEqual(kept(p('', 'one'), p('', 'two!'), p('', 'three')), ['a', 'b', 'c']);
    assert.deepEqual(kept(p('b9', 'three')), ['c']);
  });
});
