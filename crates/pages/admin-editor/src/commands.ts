// What can be done to a document, as ProseMirror's commands.

import { splitBlock, toggleMark, wrapIn } from 'prosemirror-commands';
import { Fragment, type MarkType, type Node, NodeRange, type NodeType, type ResolvedPos, Slice } from 'prosemirror-model';
import { liftListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { type Command, EditorState, NodeSelection, Selection, TextSelection, type Transaction } from 'prosemirror-state';
import { ReplaceAroundStep } from 'prosemirror-transform';
import { filler } from './from_json';
import { DEPTH_MAX } from './format';
import { nodes, schema } from './schema';

/** Does a command on what a transaction leaves, as a part of it. */
export function continued(tr: Transaction, command: Command): boolean {
  return command(EditorState.create({ doc: tr.doc, selection: tr.selection }), (more) => {
    for (const step of more.steps) tr.step(step);
    tr.setSelection(more.selection.getBookmark().resolve(tr.doc)).scrollIntoView();
  });
}

export function ancestor($pos: ResolvedPos, type: NodeType): { node: Node; pos: number; depth: number } | null {
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    if ($pos.node(depth).type === type) return { node: $pos.node(depth), pos: $pos.before(depth), depth };
  }
  return null;
}

export function isIn(state: EditorState, type: NodeType): boolean {
  const { selection } = state;
  if (selection instanceof NodeSelection && selection.node.type === type) return true;
  return ancestor(selection.$from, type) !== null;
}

export function hasMark(state: EditorState, type: MarkType): boolean {
  const { empty, $from, from, to } = state.selection;
  if (empty) return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
  return state.doc.rangeHasMark(from, to, type);
}

/** Makes the paragraphs, headings and code of the selection another of these; images and cells keep what they are. */
export function setBlock(type: NodeType, attrs: Record<string, unknown> = {}): Command {
  return (state, dispatch) => {
    const found: { pos: number; node: Node }[] = [];
    const kinds = [nodes.paragraph, nodes.heading, nodes.code_block];
    state.doc.nodesBetween(state.selection.from, state.selection.to, (node, pos) => {
      if (kinds.includes(node.type) && !isBlock(node, type, attrs)) found.push({ node, pos });
    });
    if (found.length === 0) return false;
    const { tr } = state;
    for (const { node, pos } of found) {
      const at = tr.mapping.map(pos);
      tr.setBlockType(at, at + node.nodeSize, type, () => ({ id: node.attrs.id, ...attrs }));
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

function isBlock(node: Node, type: NodeType, attrs: Record<string, unknown>): boolean {
  return node.type === type && Object.entries(attrs).every(([name, value]) => node.attrs[name] === value);
}

export function isBlockActive(state: EditorState, type: NodeType, attrs: Record<string, unknown> = {}): boolean {
  return isBlock(state.selection.$from.parent, type, attrs);
}

/** The list that the selection is in, if it is in one, and its item. */
export function listAt(state: EditorState) {
  const item = ancestor(state.selection.$from, nodes.list_item!);
  if (!item) return null;
  const $item = state.doc.resolve(item.pos);
  return { item, list: { node: $item.parent, pos: $item.before() } };
}

/** Which kind of list the selection is in. */
export function listKind(state: EditorState): 'bulleted' | 'numbered' | 'task' | null {
  const found = listAt(state);
  if (!found) return null;
  return found.item.node.attrs.checked !== null ? 'task' : found.list.node.attrs.style;
}

/** Makes a list of the selection, another kind of the list that it is in, or no list of one of that kind. */
export function toggleList(kind: 'bulleted' | 'numbered' | 'task'): Command {
  const style = kind === 'numbered' ? 'numbered' : 'bulleted';
  return (state, dispatch) => {
    const found = listAt(state);
    if (found && listKind(state) === kind) return liftListItem(nodes.list_item!)(state, dispatch);
    if (found) {
      const { tr } = state;
      tr.setNodeAttribute(found.list.pos, 'style', style);
      found.list.node.forEach((item, offset) => {
        const checked = kind === 'task' ? (item.attrs.checked ?? false) : null;
        tr.setNodeAttribute(found.list.pos + 1 + offset, 'checked', checked);
      });
      dispatch?.(tr.scrollIntoView());
      return true;
    }
    if (state.selection.$from.depth >= DEPTH_MAX) return false;
    return wrapInList(nodes.list!, { style })(state, dispatch && ((tr) => {
      if (kind === 'task') checkItems(tr);
      dispatch(tr);
    }));
  };
}

function checkItems(tr: Transaction): void {
  tr.doc.nodesBetween(tr.selection.from, tr.selection.to, (node, pos) => {
    if (node.type === nodes.list_item && node.attrs.checked === null) tr.setNodeAttribute(pos, 'checked', false);
  });
}

/** A new item; of a task an open one. */
export const splitItem: Command = (state, dispatch) => {
  const found = listAt(state);
  if (!found) return false;
  const attrs = found.item.node.attrs.checked === null ? undefined : { checked: false };
  return splitListItem(nodes.list_item!, attrs)(state, dispatch);
};

/** Puts items one level deeper, into a list like theirs. */
export const sinkItem: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const range = $from.blockRange($to, (node) => node.childCount > 0 && node.firstChild!.type === nodes.list_item);
  if (!range || range.startIndex === 0 || range.depth + 2 > DEPTH_MAX * 2) return false;
  const { parent } = range;
  const before = parent.child(range.startIndex - 1);
  if (dispatch) {
    const nested = before.lastChild?.type === nodes.list;
    const inner = Fragment.from(nested ? nodes.list_item!.create(before.attrs) : null);
    const attrs = nested ? before.lastChild!.attrs : { style: parent.attrs.style, tight: parent.attrs.tight };
    const list = nodes.list!.create(attrs, inner);
    const slice = new Slice(Fragment.from(nodes.list_item!.create(before.attrs, Fragment.from(list))), nested ? 3 : 1, 0);
    dispatch(state.tr.step(new ReplaceAroundStep(
      range.start - (nested ? 3 : 1), range.end, range.start, range.end, slice, 1, true,
    )).scrollIntoView());
  }
  return true;
};

export const liftItem: Command = liftListItem(nodes.list_item!);

/** Puts the selection into a container, or out of the one it is in. */
export function toggleWrap(type: NodeType, attrs: Record<string, unknown> = {}): Command {
  return (state, dispatch) => {
    const inside = ancestor(state.selection.$from, type);
    if (!inside) return state.selection.$from.depth < DEPTH_MAX && wrapIn(type, attrs)(state, dispatch);
    const $start = state.doc.resolve(inside.pos + 1);
    const range = new NodeRange($start, state.doc.resolve(inside.pos + inside.node.nodeSize - 1), inside.depth);
    dispatch?.(state.tr.lift(range, inside.depth - 1).scrollIntoView());
    return true;
  };
}

export function toggle(name: string): Command {
  return toggleMark(schema.marks[name]!);
}

export const clearMarks: Command = (state, dispatch) => {
  const { from, to, empty } = state.selection;
  if (empty) return false;
  dispatch?.(state.tr.removeMark(from, to));
  return true;
};

/** Whether blocks of any kind may stand beside a node in this parent. */
function holdsBlocks(parent: Node): boolean {
  return ['doc', 'list_item', 'quote', 'callout', 'footnote'].includes(parent.type.name);
}

/** The innermost block around a place that others may stand beside. */
export function blockAround($pos: ResolvedPos): { node: Node; pos: number; depth: number } | null {
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    if (holdsBlocks($pos.node(depth - 1))) return { node: $pos.node(depth), pos: $pos.before(depth), depth };
  }
  const { nodeAfter } = $pos;
  return nodeAfter && holdsBlocks($pos.parent) ? { node: nodeAfter, pos: $pos.pos, depth: $pos.depth + 1 } : null;
}

/** Puts a block in place of an empty paragraph, or behind the block that the selection is in. */
export function insertBlock(node: Node, pos?: number): Command {
  return (state, dispatch) => {
    const around = blockAround(pos === undefined ? state.selection.$from : state.doc.resolve(pos));
    if (!around || around.depth > DEPTH_MAX) return false;
    const { tr } = state;
    const isEmpty = around.node.type === nodes.paragraph && around.node.childCount === 0;
    const at = isEmpty ? around.pos : around.pos + around.node.nodeSize;
    tr.replaceWith(at, isEmpty ? at + around.node.nodeSize : at, node);
    const end = at + node.nodeSize;
    const isLast = tr.doc.resolve(end).nodeAfter === null;
    if (isLast && node.type !== nodes.paragraph) tr.insert(end, filler());
    const inside = node.isAtom ? null : Selection.findFrom(tr.doc.resolve(at + 1), 1, true);
    const editable = node.isAtom && ['plugin', 'embed', 'html'].includes(node.type.name);
    tr.setSelection(editable ? NodeSelection.create(tr.doc, at) : (inside ?? Selection.near(tr.doc.resolve(end), 1)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** A table of empty cells, with a header. */
export function emptyTable(rows: number, columns: number): Node {
  const row = (type: NodeType) => (
    nodes.table_row!.create(null, Array.from({ length: columns }, () => type.create()))
  );
  const body = Array.from({ length: rows - 1 }, () => row(nodes.table_cell!));
  return nodes.table!.create(null, [row(nodes.table_header!), ...body]);
}

/** A reference at the cursor, and its footnote at the end, where writing goes on. */
export const insertFootnote: Command = (state, dispatch) => {
  const { $from, to } = state.selection;
  if (!$from.parent.inlineContent || $from.parent.type.spec.code) return false;
  const taken = new Set<string>();
  state.doc.descendants((node) => {
    if (node.type === nodes.footnote || node.type === nodes.footnote_reference) taken.add(node.attrs.label);
  });
  let number = 1;
  while (taken.has(String(number))) number += 1;
  const label = String(number);
  const { tr } = state;
  tr.insert(to, nodes.footnote_reference!.create({ label }));
  tr.insert(tr.doc.content.size, nodes.footnote!.create({ label }, filler()));
  tr.setSelection(Selection.atEnd(tr.doc));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Moves the block that the selection is in past its neighbour. */
export function moveBlock(direction: -1 | 1): Command {
  return (state, dispatch) => {
    const { selection } = state;
    let at: { node: Node; pos: number } | null = blockAround(selection.$from);
    if (selection instanceof NodeSelection && selection.node.isBlock) at = { node: selection.node, pos: selection.from };
    if (!at) return false;
    let $at = state.doc.resolve(at.pos);
    // The first and only line of an item moves with the item.
    if ($at.parent.type === nodes.list_item && $at.index() === 0) {
      at = { node: $at.parent, pos: $at.before() };
      $at = state.doc.resolve(at.pos);
    }
    const index = $at.index() + direction;
    if (index < 0 || index >= $at.parent.childCount) return false;
    const neighbour = $at.parent.child(index);
    if (neighbour.type === nodes.footnote || (at.node.type === nodes.footnote && direction < 0)) return false;
    if (!dispatch) return true;
    const from = direction < 0 ? at.pos - neighbour.nodeSize : at.pos;
    const pair = direction < 0 ? [at.node, neighbour] : [neighbour, at.node];
    const tr = state.tr.replaceWith(from, from + at.node.nodeSize + neighbour.nodeSize, pair);
    const shift = direction < 0 ? -neighbour.nodeSize : neighbour.nodeSize;
    // What was selected beyond the block stays behind.
    const { pos, node } = at;
    const moved = (place: number) => tr.doc.resolve(Math.min(Math.max(place, pos), pos + node.nodeSize) + shift);
    tr.setSelection(selection instanceof NodeSelection
      ? NodeSelection.create(tr.doc, selection.from + shift)
      : TextSelection.between(moved(selection.anchor), moved(selection.head)));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

/** Takes out the block that the selection is in, or the one that is selected. */
export const removeBlock: Command = (state, dispatch) => {
  const { selection } = state;
  const at = selection instanceof NodeSelection
    ? { node: selection.node, pos: selection.from } : blockAround(selection.$from);
  if (!at) return false;
  const { tr } = state;
  const $at = state.doc.resolve(at.pos);
  if (!at.node.isInline && $at.parent.childCount === 1) tr.replaceWith(at.pos, at.pos + at.node.nodeSize, filler());
  else tr.delete(at.pos, at.pos + at.node.nodeSize);
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(at.pos, tr.doc.content.size)), 1));
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** The link around the cursor, or the first in the selection, from end to end. */
export function linkAt(state: EditorState): { from: number; to: number; href: string; title: string | null } | null {
  const { $from, from, to, empty } = state.selection;
  const type = schema.marks.link!;
  let mark = empty && $from.parent.inlineContent ? type.isInSet($from.marks()) : undefined;
  let start = from;
  if (!empty) {
    state.doc.nodesBetween(from, to, (node, pos) => {
      if (mark === undefined && node.isInline) [mark, start] = [type.isInSet(node.marks), pos];
      return mark === undefined;
    });
  }
  if (mark === undefined) return null;
  const $start = state.doc.resolve(Math.max(start, from));
  let [first, last] = [$start.index(), $start.indexAfter()];
  const { parent } = $start;
  const has = (index: number) => mark!.isInSet(parent.child(index).marks);
  while (first > 0 && has(first - 1)) first -= 1;
  while (last < parent.childCount && has(last)) last += 1;
  const size = (until: number) => parent.children.slice(0, until).reduce((sum, it) => sum + it.nodeSize, 0);
  return { from: $start.start() + size(first), to: $start.start() + size(last), href: mark.attrs.href, title: mark.attrs.title };
}

/** Sets or removes the link of a range. */
export function setLink(from: number, to: number, href: string | null, title: string | null = null): Command {
  return (state, dispatch) => {
    const type = schema.marks.link!;
    const tr = state.tr.removeMark(from, to, type);
    if (href !== null) tr.addMark(from, to, type.create({ href, title: title || null }));
    dispatch?.(tr);
    return true;
  };
}

/** Splits a block; what is selected over several goes before, as the split counts on one. */
export const split: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if ($from.sameParent($to) || state.selection instanceof NodeSelection) return splitBlock(state, dispatch);
  const tr = state.tr.deleteSelection();
  if (continued(tr, splitBlock)) dispatch?.(tr);
  return true;
};

/** A break of the line that stays in its block; in code, a new line. */
export const insertBreak: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if (!$from.parent.inlineContent) return false;
  const tr = $from.parent.type.spec.code
    ? state.tr.insertText('\n') : state.tr.replaceSelectionWith(nodes.break!.create(), true);
  dispatch?.(tr.scrollIntoView());
  return true;
};
