// Keys. Whoever writes by keyboard alone reaches everything, and gets out again.

import {
  baseKeymap, chainCommands, createParagraphNear, exitCode, liftEmptyBlock, newlineInCode, selectParentNode,
} from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import { undoInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { type Command, NodeSelection, Plugin, TextSelection } from 'prosemirror-state';
import { addRowAfter, goToNextCell, isInTable } from 'prosemirror-tables';
import {
  ancestor, insertBreak, liftItem, listAt, moveBlock, setBlock, sinkItem, split, splitItem, toggle, toggleList,
  toggleWrap,
} from './commands';
import { filler } from './from_json';
import { openFence } from './rules';
import { nodes } from './schema';

/** Enter in a cell goes down; in the last row it makes a new one. */
const enterInCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  const table = ancestor(state.selection.$from, nodes.table!);
  const row = ancestor(state.selection.$from, nodes.table_row!);
  if (!table || !row) return false;
  const $row = state.doc.resolve(row.pos);
  const column = state.selection.$from.index(row.depth);
  const goTo = (current: typeof state) => {
    const below = current.doc.resolve(row.pos + row.node.nodeSize);
    const next = below.nodeAfter;
    if (!next) return;
    let at = below.pos + 1;
    for (let index = 0; index < Math.min(column, next.childCount - 1); index += 1) at += next.child(index).nodeSize;
    dispatch?.(current.tr.setSelection(TextSelection.create(current.doc, at + 1)).scrollIntoView());
  };
  if (!dispatch) return true;
  if ($row.index() + 1 < table.node.childCount) goTo(state);
  else if (addRowAfter(state, dispatch) && view) goTo(view.state);
  return true;
};

/** Enter in a caption goes on behind the image. */
const leaveCaption: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.image) return false;
  const after = $from.after();
  const { tr } = state;
  tr.insert(after, filler());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  return true;
};

/** A paragraph behind the block, wherever in it the cursor is: the way out of the last table, code or callout. */
const leaveBlock: Command = (state, dispatch) => {
  const { selection } = state;
  const top = selection.$from.depth > 0 ? selection.$from.after(1) : selection.to;
  const { tr } = state;
  const after = tr.doc.resolve(top).nodeAfter;
  if (!(after?.type === nodes.paragraph && after.childCount === 0)) tr.insert(top, filler());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, top + 1)).scrollIntoView());
  return true;
};

/** Backspace at the beginning of a heading or of code makes it a paragraph. */
const plainAtStart: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0 || ![nodes.heading, nodes.code_block].includes($from.parent.type)) return false;
  return setBlock(nodes.paragraph!, { filler: true })(state, dispatch);
};

/** Backspace at the beginning of an item takes it out of the list. */
const outOfListAtStart: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const found = listAt(state);
  if (!empty || !found || $from.parentOffset > 0 || found.item.node.firstChild !== $from.parent) return false;
  return liftItem(state, dispatch);
};

/** After Escape, Tab leaves the editor, so that the keyboard is not caught in a list or a table. */
function tabs(): Plugin {
  let leaves = false;
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key === 'Escape') leaves = true;
        else if (event.key !== 'Tab' && event.key !== 'Shift') leaves = false;
        if (event.key !== 'Tab' || leaves || event.altKey || event.ctrlKey || event.metaKey) return false;
        const command = event.shiftKey ? chainCommands(goToNextCell(-1), liftItem) : chainCommands(nextCell, sinkItem, inItem);
        return command(view.state, view.dispatch, view);
      },
      handleDOMEvents: {
        blur: () => {
          leaves = false;
          return false;
        },
      },
    },
  });
}

/** In a list Tab never leaves by chance, also where nothing is deeper. */
const inItem: Command = (state) => listAt(state) !== null;

const nextCell: Command = (state, dispatch, view) => {
  if (goToNextCell(1)(state, dispatch)) return true;
  if (!isInTable(state) || !view || !dispatch) return false;
  addRowAfter(state, dispatch);
  return goToNextCell(1)(view.state, dispatch);
};

/** Enter on a selected block that is one thing is for its editor; see the views. */
const paragraphBehindSelected: Command = (state, dispatch, view) => {
  if (!(state.selection instanceof NodeSelection)) return false;
  return createParagraphNear(state, dispatch, view);
};

/** The keys; `open` is Enter on what is selected as one thing, and comes before everything else. */
export function keys(own: Record<string, Command>, open: Command): Plugin[] {
  const headings = Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => (
    [`Mod-Alt-${level}`, setBlock(nodes.heading!, { level })]
  )));
  const map = keymap({
    ...headings,
    'Mod-Alt-0': setBlock(nodes.paragraph!),
    'Mod-b': toggle('bold'),
    'Mod-i': toggle('italic'),
    'Mod-u': toggle('underline'),
    'Mod-e': toggle('code'),
    'Mod-Shift-x': toggle('strike'),
    'Mod-Shift-h': toggle('highlight'),
    'Mod-Shift-7': toggleList('numbered'),
    'Mod-Shift-8': toggleList('bulleted'),
    'Mod-Shift-9': toggleList('task'),
    'Mod-Shift-b': toggleWrap(nodes.quote!),
    'Mod-z': undo,
    'Mod-y': redo,
    'Mod-Shift-z': redo,
    'Alt-ArrowUp': moveBlock(-1),
    'Alt-ArrowDown': moveBlock(1),
    'Shift-Enter': insertBreak,
    'Mod-Enter': chainCommands(exitCode, leaveBlock),
    Enter: chainCommands(
      open, openFence, enterInCell, leaveCaption, newlineInCode, splitItem, paragraphBehindSelected, liftEmptyBlock, split,
    ),
    Backspace: chainCommands(undoInputRule, outOfListAtStart, plainAtStart),
    'Mod-Alt-ArrowUp': selectParentNode,
    ...own,
  });
  const { Escape: _, ...base } = baseKeymap;
  return [tabs(), map, keymap(base)];
}
