// The bar under the text: what can be said about the block or the link where the cursor is, and how to write.

import type { Node } from 'prosemirror-model';
import { type Command, type EditorState, NodeSelection } from 'prosemirror-state';
import { addColumnAfter, addColumnBefore, addRowAfter } from 'prosemirror-tables';
import { linkAt, removeBlock, setLink } from '../commands';
import type { Context } from '../context';
import { ALIGNMENTS, LIST_START_MAX, TONES, isId } from '../format';
import { nodes } from '../schema';
import { align, removeColumn, removeRow, removeTable, rowBefore, toggleHeader } from '../tables';
import type { Key } from '../texts';
import { el, freshId } from './dom';
import { editLink, editNode } from './edit';
import { icon } from './icons';
import { pickImage } from './picker';

/** What the bar is about. */
interface Target {
  kind: string;
  node: Node;
  pos: number;
}

const CONTAINERS = ['table', 'image', 'code_block', 'callout', 'footnote', 'list'];

export class ContextBar {
  readonly element: HTMLElement;
  private shown: string | null = null;
  private target: Target | null = null;
  /** Controls that show an attribute, to be brought up to date. */
  private controls: { name: string; control: HTMLInputElement | HTMLSelectElement }[] = [];

  constructor(private readonly context: Context) {
    this.element = el('div', { class: 'editor-context', role: 'group' });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') context.view.focus();
      if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
      // Enter in a field of the page's form would send it.
      event.preventDefault();
      context.view.focus();
    });
    this.update(context.view.state);
  }

  update(state: EditorState): void {
    const target = targetOf(state);
    this.target = target;
    const key = target ? `${target.kind} ${target.kind === 'link' ? '' : target.pos} ${target.kind === 'image' ? target.node.type.name : ''}` : '';
    if (key !== this.shown) {
      this.shown = key;
      this.controls = [];
      this.element.replaceChildren(...(target ? this.parts(target) : []));
      const name = target ? this.context.texts.get(nameOf(target)) : '';
      if (target) this.element.setAttribute('aria-label', name);
      else this.element.removeAttribute('aria-label');
      this.element.classList.toggle('editor-context-empty', !target);
    }
    for (const { name, control } of this.controls) {
      const value = String(target?.node.attrs[name] ?? '');
      if (document.activeElement !== control && control.value !== value) control.value = value;
    }
  }

  private parts(target: Target): HTMLElement[] {
    const { texts } = this.context;
    const name = el('span', { class: 'editor-context-name' }, texts.get(nameOf(target)));
    return [name, ...this.own(target)];
  }

  private own(target: Target): HTMLElement[] {
    const { texts } = this.context;
    const remove = this.button('remove', texts.get('remove_block'), removeBlock);
    switch (target.kind) {
      case 'link':
        return [
          this.action('edit', texts.get('edit_link'), () => editLink(this.context)),
          this.button('remove', texts.get('remove_link'), (state, dispatch) => {
            const link = linkAt(state);
            return link !== null && setLink(link.from, link.to, null)(state, dispatch);
          }),
        ];
      case 'image':
        return [
          this.field('alt', texts.get('alt'), 'text'),
          this.field('title', texts.get('title_optional'), 'text', true),
          this.action('image', texts.get('replace_image'), () => pickImage(this.context, (it) => this.replaceImage(it))),
          remove,
        ];
      case 'table':
        return this.table();
      case 'code_block':
        return [this.field('language', texts.get('language'), 'text', true), remove];
      case 'callout':
        return [
          this.choice('tone', texts.get('tone'), TONES.map((it) => [it, texts.get(`tone_${it}`)])),
          this.field('title', texts.get('title_optional'), 'text', true),
          remove,
        ];
      case 'footnote':
        return [this.field('label', texts.get('label'), 'text'), remove];
      case 'list':
        return target.node.attrs.style === 'numbered' ? [this.field('start', texts.get('list_start'), 'number')] : [];
      default:
        return [
          this.action('edit', texts.get('edit'), () => this.target && editNode(this.context, this.target.node, this.target.pos)),
          remove,
        ];
    }
  }

  private table(): HTMLElement[] {
    const { texts } = this.context;
    const plain: [string, Key, Command][] = [
      ['row_before', 'row_before', rowBefore], ['row_after', 'row_after', addRowAfter], ['row_remove', 'row_remove', removeRow],
      ['column_before', 'column_before', addColumnBefore], ['column_after', 'column_after', addColumnAfter],
      ['column_remove', 'column_remove', removeColumn], ['header_row', 'header_row', toggleHeader],
    ];
    const alignments = ALIGNMENTS.map((it) => this.button(it, texts.get(`align_${it}`), align(it)));
    return [
      ...plain.map(([picture, key, command]) => this.button(picture, texts.get(key), command)),
      ...alignments,
      this.button('remove', texts.get('remove_table'), removeTable),
    ];
  }

  private button(picture: string, label: string, command: Command): HTMLElement {
    return this.action(picture, label, () => {
      const { view } = this.context;
      command(view.state, view.dispatch, view);
    });
  }

  private action(picture: string, label: string, run: () => void): HTMLElement {
    return el('button', {
      type: 'button',
      class: 'editor-button',
      title: label,
      'aria-label': label,
      onmousedown: (event: Event) => event.preventDefault(),
      onclick: (event: MouseEvent) => {
        run();
        const isGone = !this.element.contains(event.target as HTMLElement);
        if ((event.detail > 0 || isGone) && !document.querySelector('dialog[open]')) this.context.view.focus();
      },
    }, icon(picture));
  }

  /** A field for an attribute; an optional one is `null` when it is empty. */
  private field(name: string, label: string, type: string, isOptional = false): HTMLElement {
    const control = el('input', { type, id: freshId(), autocomplete: 'off', class: `editor-in-${name}` });
    control.addEventListener('change', () => {
      const value = control.value.trim();
      if (name === 'label' && !isId(value)) return this.reset(name, control);
      if (name === 'start') {
        const start = Number(value);
        if (value === '' || !Number.isInteger(start) || start < 0 || start > LIST_START_MAX) return this.reset(name, control);
        return this.set(name, start);
      }
      this.set(name, value === '' && isOptional ? null : value);
    });
    this.controls.push({ name, control });
    control.value = String(this.target?.node.attrs[name] ?? '');
    return el('label', { class: 'editor-inline-field' }, el('span', {}, label), control);
  }

  private reset(name: string, control: HTMLInputElement): void {
    control.value = String(this.target?.node.attrs[name] ?? '');
  }

  private choice(name: string, label: string, options: [string, string][]): HTMLElement {
    const control = el('select', { onchange: () => this.set(name, control.value) },
      ...options.map(([value, text]) => el('option', { value }, text)));
    this.controls.push({ name, control });
    control.value = String(this.target?.node.attrs[name] ?? '');
    return el('label', { class: 'editor-inline-field' }, el('span', {}, label), control);
  }

  private set(name: string, value: unknown): void {
    const { view } = this.context;
    if (!this.target || view.isDestroyed) return;
    const { tr } = view.state;
    tr.setNodeAttribute(this.target.pos, name, value);
    // References go where the footnote's label goes.
    if (name === 'label') {
      const before = this.target.node.attrs.label;
      view.state.doc.descendants((node, pos) => {
        if (node.type === nodes.footnote_reference && node.attrs.label === before) tr.setNodeAttribute(pos, 'label', value);
      });
    }
    view.dispatch(tr);
  }

  private replaceImage(chosen: { asset: string | null; url: string | null; alt: string }): void {
    const { view } = this.context;
    if (!this.target) return;
    const { pos, node } = this.target;
    const { tr } = view.state;
    tr.setNodeAttribute(pos, 'asset', chosen.asset);
    tr.setNodeAttribute(pos, 'url', chosen.url);
    if (node.attrs.alt === '') tr.setNodeAttribute(pos, 'alt', chosen.alt);
    view.dispatch(tr);
  }
}

function targetOf(state: EditorState): Target | null {
  const { selection } = state;
  if (selection instanceof NodeSelection) {
    const { node } = selection;
    const kinds: Record<string, string> = { inline_image: 'image', inline_html: 'html', unknown_inline: 'unknown' };
    const kind = kinds[node.type.name] ?? node.type.name;
    if (kind !== 'paragraph' && kind !== 'heading') return { kind, node, pos: selection.from };
  }
  const link = linkAt(state);
  if (link) return { kind: 'link', node: state.doc, pos: 0 };
  for (let { depth } = selection.$from; depth > 0; depth -= 1) {
    const node = selection.$from.node(depth);
    if (node.type === nodes.list && node.attrs.style !== 'numbered') continue;
    if (CONTAINERS.includes(node.type.name)) return { kind: node.type.name, node, pos: selection.$from.before(depth) };
  }
  return null;
}

function nameOf({ kind }: Target): Key {
  const names: Record<string, Key> = { list: 'numbered', footnote_reference: 'footnote', plugin: 'plugin_block' };
  return names[kind] ?? (kind as Key);
}
