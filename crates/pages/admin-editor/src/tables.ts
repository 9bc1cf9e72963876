// Tables as the format has them: a header is the whole first row, alignment is a column's, and no cell spans others.

import type { Node } from 'prosemirror-model';
import { Plugin, type Transaction } from 'prosemirror-state';
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
