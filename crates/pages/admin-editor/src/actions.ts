// Blocks that can be put in, for the menu behind `/` and for the button.

import type { Command } from 'prosemirror-state';
import { emptyTable, insertBlock, insertFootnote, setBlock, toggleList, toggleWrap } from './commands';
import type { Context } from './context';
import { nodes } from './schema';
import { editEmbed, editHtml, editNode } from './ui/edit';
import { pickImage } from './ui/picker';

export interface Action {
  id: string;
  label: string;
  icon: string;
  /** Other words that find it. */
  words: string;
  hint?: string;
  run(context: Context): void;
}

function command(it: Command): (context: Context) => void {
  return ({ view }) => {
    it(view.state, view.dispatch, view);
    view.focus();
  };
}

/** Puts a block in. */
export function put(context: Context, node: Parameters<typeof insertBlock>[0]): void {
  const { view } = context;
  insertBlock(node)(view.state, view.dispatch);
  view.focus();
}

export function insertImage(context: Context): void {
  pickImage(context, (chosen) => put(context, nodes.image!.create({ ...chosen })));
}

/** Every block, those of plugins behind. */
export function actions(context: Context): Action[] {
  const { texts, kinds } = context;
  const headings = [1, 2, 3, 4].map((level): Action => ({
    id: `heading-${level}`,
    label: texts.get('heading_level', { level: String(level) }),
    icon: 'heading',
    words: `heading h${level} title`,
    hint: '#'.repeat(level),
    run: command(setBlock(nodes.heading!, { level })),
  }));
  const own: Action[] = [
    { id: 'paragraph', label: texts.get('paragraph'), icon: 'paragraph', words: 'paragraph text', run: command(setBlock(nodes.paragraph!)) },
    ...headings,
    { id: 'bulleted', label: texts.get('bulleted'), icon: 'bulleted', words: 'bulleted list', hint: '-', run: command(toggleList('bulleted')) },
    { id: 'numbered', label: texts.get('numbered'), icon: 'numbered', words: 'numbered list', hint: '1.', run: command(toggleList('numbered')) },
    { id: 'task', label: texts.get('task'), icon: 'task', words: 'task todo check list', hint: '[ ]', run: command(toggleList('task')) },
    { id: 'image', label: texts.get('image'), icon: 'image', words: 'image picture photo', run: insertImage },
    { id: 'table', label: texts.get('table'), icon: 'table', words: 'table grid', run: command((...it) => insertBlock(emptyTable(3, 3))(...it)) },
    { id: 'quote', label: texts.get('quote'), icon: 'quote', words: 'quote', hint: '>', run: command(toggleWrap(nodes.quote!)) },
    { id: 'callout', label: texts.get('callout'), icon: 'callout', words: 'callout note tip warning', run: command(toggleWrap(nodes.callout!)) },
    { id: 'code', label: texts.get('code_block'), icon: 'code', words: 'code', hint: '```', run: command(setBlock(nodes.code_block!)) },
    { id: 'divider', label: texts.get('divider'), icon: 'divider', words: 'divider line rule', hint: '---', run: command((...it) => insertBlock(nodes.divider!.create())(...it)) },
    { id: 'embed', label: texts.get('embed'), icon: 'embed', words: 'embed video', run: (it) => editEmbed(it, '', (url) => put(it, nodes.embed!.create({ url }))) },
    { id: 'footnote', label: texts.get('footnote'), icon: 'footnote', words: 'footnote note', run: command(insertFootnote) },
    { id: 'html', label: texts.get('html'), icon: 'html', words: 'html raw', run: (it) => editHtml(it, '', (html) => put(it, nodes.html!.create({ html }))) },
  ];
  const ofPlugins = kinds.map((kind): Action => ({
    id: kind.name,
    label: kind.title || kind.name,
    icon: 'plugin',
    words: `${kind.name} ${kind.description ?? ''}`,
    run: (it) => putPlugin(it, kind.name),
  }));
  return [...own, ...ofPlugins];
}

/** Puts a plugin's block in and asks for its data at once. */
function putPlugin(context: Context, name: string): void {
  put(context, nodes.plugin!.create({ name, data: {} }));
  const { selection } = context.view.state;
  const node = context.view.state.doc.nodeAt(selection.from);
  if (node?.type === nodes.plugin) editNode(context, node, selection.from);
}
