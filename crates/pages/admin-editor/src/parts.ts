// What the unit tests look at.

export { documentFromJson } from './from_json';
export { documentToJson } from './to_json';
export { keepIds, withIds } from './ids';
export { schema } from './schema';
export * as format from './format';
export * as commands from './commands';
export * as tables from './tables';
export { ids } from './ids';
export { openFence, rules } from './rules';
export { EditorState, NodeSelection, Selection, TextSelection } from 'prosemirror-state';
export { addColumnAfter, addColumnBefore, addRowAfter, tableEditing } from 'prosemirror-tables';
export { history, redo, undo } from 'prosemirror-history';
export {
  deleteSelection, joinBackward, joinForward, liftEmptyBlock, selectAll, selectNodeBackward,
} from 'prosemirror-commands';
