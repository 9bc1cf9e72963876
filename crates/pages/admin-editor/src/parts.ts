// What the unit tests look at.

export { documentFromJson } from './from_json';
export { documentToJson } from './to_json';
export { keepIds, withIds } from './ids';
export { schema } from './schema';
export * as format from './format';
export { EditorState } from 'prosemirror-state';
