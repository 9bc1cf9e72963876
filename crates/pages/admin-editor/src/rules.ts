// Markdown's signs while writing.

import { InputRule, inputRules, wrappingInputRule } from 'prosemirror-inputrules';
import type { NodeType } from 'prosemirror-model';
import type { Command, Plugin } from 'prosemirror-state';
import { TextSelection } from 'prosemirror-state';
import { ancestor, continued, insertBlock } from './commands';
import { TONES, isPluginBlockName, safeAddress } from './format';
import { filler } from './from_json';
import { newId } from './ids';
import { nodes, schema } from './schema';

/** A mark for what stands between two signs, when the second is written. */
function markRule(sign: string, name: string, border?: string): InputRule {
  const escaped = sign.replace(/[*^$+?.()|[\]{}\\]/g, '\\$&');
  const last = sign.charAt(0).replace(/[*^$+?.()|[\]{}\\]/g, '\\$&');
  const inner = `((?:${border ?? `[^\\s${last}]`}(?:(?!${last}).)*)?[^\\s${last}])`;
  // A sign in a word or behind another of its kind means something else.
  const before = sign === '_' ? '(^|[\\s(\\["\'\\ufffc])' : `(^|[^${last}\\w\\\\])`;
  return new InputRule(new RegExp(`${before}${escaped}${inner}${escaped}$`, 'u'), (state, match, start, end) => {
    const [, lead = '', content = ''] = match;
    const type = schema.marks[name]!;
    if (state.doc.rangeHasMark(start, end, schema.marks.code!)) return null;
    const open = start + lead.length;
    const from = open + sign.length;
    const to = from + content.length;
    const { tr } = state;
    if (to < end) tr.delete(to, end);
    tr.delete(open, from);
    tr.addMark(open, open + content.length, type.create());
    tr.removeStoredMark(type);
    return tr;
  });
}

const link = new InputRule(/(^|[^!\\])\[([^\]\[]+)\]\((\S+?)\)$/u, (state, match, start, end) => {
  const [, lead = '', text = '', address = ''] = match;
  const href = safeAddress(address);
  if (href === null || href === '') return null;
  const from = start + lead.length;
  const { tr } = state;
  tr.delete(from + 1 + text.length, end);
  tr.delete(from, from + 1);
  tr.addMark(from, from + text.length, schema.marks.link!.create({ href }));
  tr.removeStoredMark(schema.marks.link!);
  return tr;
});

/** `[ ] ` at the beginning of an item, or of a paragraph that becomes one. */
const task = new InputRule(/^\[( |x|X)?\]\s$/, (state, match, start, end) => {
  const $start = state.doc.resolve(start);
  const checked = (match[1] ?? ' ').toLowerCase() === 'x';
  const item = ancestor($start, nodes.list_item!);
  const { tr } = state;
  tr.delete(start, end);
  if (item && $start.parent === item.node.firstChild) {
    tr.setNodeAttribute(item.pos, 'checked', checked);
    return tr;
  }
  const range = tr.doc.resolve(start).blockRange();
  if (!range || $start.parent.type !== nodes.paragraph) return null;
  return tr.wrap(range, [{ type: nodes.list!, attrs: { id: newId() } }, { type: nodes.list_item!, attrs: { checked } }]);
});

const divider = new InputRule(/^(?:---|___|\*\*\*)$/, (state, _, start, end) => {
  const $start = state.doc.resolve(start);
  if ($start.parent.type !== nodes.paragraph || $start.parent.content.size !== end - start) return null;
  const from = $start.before();
  const tr = state.tr.replaceWith(from, $start.after(), [nodes.divider!.create({ id: newId() }), filler(newId())]);
  return tr.setSelection(TextSelection.create(tr.doc, from + 2));
});

/** `[!NOTE] ` makes the quote that it begins a callout. */
const callout = new InputRule(/^\[!(\w+)\]\s$/, (state, match, start, end) => {
  const tone = TONES.find((it) => it === match[1]?.toLowerCase());
  const $start = state.doc.resolve(start);
  const quote = ancestor($start, nodes.quote!);
  if (!tone || !quote || quote.node.firstChild !== $start.parent) return null;
  return state.tr.delete(start, end).setNodeMarkup(quote.pos, nodes.callout!, { id: quote.node.attrs.id, tone });
});

/** Makes the paragraph another block of text, which keeps its id. */
function textblock(pattern: RegExp, type: NodeType, attrs: (match: RegExpMatchArray) => Record<string, unknown>): InputRule {
  return new InputRule(pattern, (state, match, start, end) => {
    const { parent } = state.doc.resolve(start);
    if (parent.type !== nodes.paragraph && parent.type !== nodes.heading) return null;
    return state.tr.delete(start, end).setBlockType(start, start, type, { id: parent.attrs.id, ...attrs(match) });
  });
}

// New blocks have their ids at once: a change behind a rule would make it impossible to take back.
const blocks = [
  textblock(/^(#{1,6})\s$/, nodes.heading!, (match) => ({ level: match[1]!.length })),
  textblock(/^```(?!block)([\w+#.-]*)\s$/, nodes.code_block!, (match) => ({ language: match[1] || null })),
  wrappingInputRule(/^\s*>\s$/, nodes.quote!, () => ({ id: newId() })),
  wrappingInputRule(
    /^\s*[-*+]\s$/, nodes.list!, () => ({ id: newId(), style: 'bulleted' }), (_, node) => node.attrs.style === 'bulleted',
  ),
  wrappingInputRule(
    /^(\d{1,9})[.)]\s$/, nodes.list!,
    (match) => ({ id: newId(), style: 'numbered', start: Number(match[1]) }),
    (match, node) => node.attrs.style === 'numbered' && node.childCount + node.attrs.start === Number(match[1]),
  ),
  task, callout, divider,
];

/** The rules; a step back right after one brings back what was written. */
export function rules(): Plugin {
  const marks = [
    markRule('**', 'bold'), markRule('__', 'bold'), markRule('~~', 'strike'), markRule('==', 'highlight'),
    markRule('`', 'code', '[^`]'), markRule('*', 'italic'), markRule('_', 'italic'), link,
  ];
  return inputRules({ rules: [...blocks, ...marks] });
}

/** Enter behind the head of a fence: code, or the block of a plugin. */
export const openFence: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.paragraph || $from.parentOffset !== $from.parent.content.size) return false;
  const found = /^(?:```+|~~~+)\s*([\w+#.-]*)(?:\s+(\S+))?$/.exec($from.parent.textContent);
  if (!found || $from.parent.content.size !== $from.parent.textContent.length) return false;
  const [, language = '', info = ''] = found;
  const from = $from.start();
  if (language === 'block' && isPluginBlockName(info)) {
    const tr = state.tr.delete(from, $from.pos);
    if (continued(tr, insertBlock(nodes.plugin!.create({ name: info, data: {} })))) dispatch?.(tr);
    return true;
  }
  dispatch?.(state.tr.delete(from, $from.pos).setBlockType(
    from, from, nodes.code_block!, { id: $from.parent.attrs.id, language: language || null, info: info || null },
  ));
  return true;
};
