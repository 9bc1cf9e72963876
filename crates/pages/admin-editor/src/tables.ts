// Tables as the format has them: a header is the whole first row, alignment is a column's, and no cell spans others.

import type { Node } from 'prosemirror-model';
import { type Command, NodeSelection, Plugin, type Transaction } from 'prosemirror-state';
import { addRowAfter, addRowBefore, deleteColumn, deleteRow, isInTable, selectedRect } from 'prosemirror-tables';
import { ancestor, continued, removeBlock } from './commands';
import { nodes } from './schema';

/** Brings tables back into that form after whatever was done or pasted. */
export function tableForm(): Plugin {
  return new Plugin({
    appendTransaction(transactions, before, state) {
      if (!transactions.some((it) => it.docChanged) || before.doc.eq(state.doc)) return null;
      const { tr } = state;
      state.doc.descendants((node, pos) => {
        if (node.type === nodes.table) mend(tr, node, pos);
        return !node.isTextblock && node.type !== nodes.table;
      });
      return tr.docChanged ? tr : null;
    },
  });
}

function mend(tr: Transaction, table: Node, pos: number): void {
  const first = table.firstChild;
  const hasHeader = first !== null && first.children.every((it) => it.type === nodes.table_header);
  const alignments: (string | null)[] = [];
  table.forEach((row) => row.forEach((cell, _, column) => {
    alignments[column] ??= cell.attrs.align;
  }));
  table.forEach((row, rowAt, rowIndex) => row.forEach((cell, cellAt, column) => {
    const type = hasHeader && rowIndex === 0 ? nodes.table_header! : nodes.table_cell!;
    const attrs = { ...cell.attrs, align: alignments[column] ?? null, colspan: 1, rowspan: 1, colwidth: null };
    const { align, colspan, rowspan } = cell.attrs;
    if (cell.type === type && align === attrs.align && colspan === 1 && rowspan === 1) return;
    tr.setNodeMarkup(pos + 2 + rowAt + cellAt, type, attrs);
  }));
}

/** Above a header there is no row: it stays the first. */
export const rowBefore: Command = (state, dispatch) => {
  if (ancestor(state.selection.$from, nodes.table_header!)) return addRowAfter(state, dispatch);
  return addRowBefore(state, dispatch);
};

/** Makes the first row a header, or an ordinary row of one that is. */
export const toggleHeader: Command = (state, dispatch) => {
  const table = ancestor(state.selection.$from, nodes.table!);
  const first = table?.node.firstChild;
  if (!table || !first) return false;
  const isHeader = first.children.every((it) => it.type === nodes.table_header);
  const { tr } = state;
  first.forEach((cell, offset) => {
    tr.setNodeMarkup(table.pos + 2 + offset, isHeader ? nodes.table_cell : nodes.table_header, cell.attrs);
  });
  dispatch?.(tr);
  return true;
};

/** Aligns whole columns, as the format has it; the alignment that is there is taken back. */
export function align(to: string): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { left, right, map, tableStart } = selectedRect(state);
    const first = state.doc.nodeAt(tableStart + map.map[left]!);
    const value = first?.attrs.align === to ? null : to;
    const { tr } = state;
    for (let row = 0; row < map.height; row += 1) {
      for (let column = left; column < right; column += 1) {
        tr.setNodeAttribute(tableStart + map.map[row * map.width + column]!, 'align', value);
      }
    }
    dispatch?.(tr);
    return true;
  };
}

export const removeTable: Command = (state, dispatch) => {
  const table = ancestor(state.selection.$from, nodes.table!);
  if (!table) return false;
  const tr = state.tr.setSelection(NodeSelection.create(state.doc, table.pos));
  if (continued(tr, removeBlock)) dispatch?.(tr);
  return true;
};

/** Takes out the rows of the selection; with the last of them the table goes. */
export const removeRow: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  const { top, bottom, map } = selectedRect(state);
  return (bottom - top === map.height ? removeTable : deleteRow)(state, dispatch);
};

/** Takes out the columns of the selection; with the last of them the table goes. */
export const removeColumn: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  const { left, right, map } = selectedRect(state);
  return (right - left === map.width ? removeTable : deleteColumn)(state, dispatch);
};
