// How blocks that are more than their text look while writing.

import type { Node } from 'prosemirror-model';
import { NodeSelection } from 'prosemirror-state';
import type { EditorView, NodeView, NodeViewConstructor } from 'prosemirror-view';
import { imageAddress } from './assets';
import type { Context } from './context';
import type { Key } from './texts';
import { el } from './ui/dom';
import { editNode } from './ui/edit';
import { icon } from './ui/icons';

type GetContext = () => Context;

export function views(context: GetContext): Record<string, NodeViewConstructor> {
  const card: NodeViewConstructor = (node, view, getPos) => new CardView(node, view, getPos, context);
  const chip: NodeViewConstructor = (node, view, getPos) => new ChipView(node, view, getPos, context);
  return {
    image: (node, view, getPos) => new ImageView(node, view, getPos, context),
    list_item: (node, view, getPos) => new ItemView(node, view, getPos, context),
    callout: (node) => new HeadedView(node, 'aside', context),
    footnote: (node) => new HeadedView(node, 'div', context),
    embed: card,
    html: card,
    plugin: card,
    unknown: card,
    inline_html: chip,
    unknown_inline: chip,
    footnote_reference: chip,
  };
}

class ImageView implements NodeView {
  dom: HTMLElement;
  contentDOM: HTMLElement;
  private readonly image = el('img', { draggable: 'false' });
  private readonly missing = el('p', { class: 'editor-missing', hidden: true });

  constructor(node: Node, view: EditorView, getPos: () => number | undefined, private readonly context: GetContext) {
    const { texts } = context();
    this.contentDOM = el('figcaption', { 'data-placeholder': texts.get('caption') });
    const frame = el('div', { class: 'editor-image', contenteditable: 'false' }, this.image, this.missing);
    this.dom = el('figure', {}, frame, this.contentDOM);
    frame.addEventListener('click', () => {
      const pos = getPos();
      if (pos === undefined) return;
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)));
      view.focus();
    });
    this.image.addEventListener('error', () => this.show(false));
    this.image.addEventListener('load', () => this.show(true));
    this.fill(node);
  }

  update(node: Node): boolean {
    if (node.type.name !== 'image') return false;
    this.fill(node);
    return true;
  }

  private fill(node: Node): void {
    const address = imageAddress(node.attrs);
    this.image.alt = node.attrs.alt;
    if (address === null) this.image.removeAttribute('src');
    else if (this.image.getAttribute('src') !== address) this.image.src = address;
    this.missing.textContent = this.context().texts.get('no_image', { name: node.attrs.alt || node.attrs.asset || node.attrs.url || '' });
    this.show(address !== null);
    this.contentDOM.classList.toggle('editor-empty', node.childCount === 0);
  }

  private show(isThere: boolean): void {
    this.image.hidden = !isThere;
    this.missing.hidden = isThere;
  }

  ignoreMutation(mutation: { target: globalThis.Node; type: string }): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }
}

class ItemView implements NodeView {
  dom: HTMLElement;
  contentDOM: HTMLElement;
  private readonly box: HTMLInputElement | null;

  constructor(private node: Node, view: EditorView, getPos: () => number | undefined, context: GetContext) {
    this.dom = el('li', {});
    this.box = null;
    this.contentDOM = this.dom;
    if (node.attrs.checked === null) return;
    this.box = el('input', {
      type: 'checkbox',
      'aria-label': context().texts.get('done'),
      onchange: () => {
        const pos = getPos();
        if (pos === undefined || !view.editable || !this.box) return;
        view.dispatch(view.state.tr.setNodeAttribute(pos, 'checked', this.box.checked));
      },
    });
    this.box.disabled = !view.editable;
    this.contentDOM = el('div', { class: 'editor-task-text' });
    this.dom.className = 'editor-task';
    this.dom.append(el('span', { class: 'editor-task-box', contenteditable: 'false' }, this.box), this.contentDOM);
    this.update(node);
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type || (node.attrs.checked === null) !== (this.box === null)) return false;
    this.node = node;
    if (this.box) {
      this.box.checked = node.attrs.checked;
      this.dom.classList.toggle('editor-done', node.attrs.checked);
    }
    return true;
  }

  stopEvent(event: Event): boolean {
    return event.target === this.box;
  }

  ignoreMutation(mutation: { target: globalThis.Node; type: string }): boolean {
    if (this.box === null || mutation.type === 'selection') return false;
    return !this.contentDOM.contains(mutation.target);
  }
}

/** A callout or a footnote: what it is stands before what it says. */
class HeadedView implements NodeView {
  dom: HTMLElement;
  contentDOM: HTMLElement;
  private readonly head = el('div', { class: 'editor-head', contenteditable: 'false' });

  constructor(private node: Node, tag: 'aside' | 'div', private readonly context: GetContext) {
    this.contentDOM = el('div', {});
    this.dom = el(tag, { class: `editor-${node.type.name}` }, this.head, this.contentDOM);
    this.fill(node);
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.fill(node);
    return true;
  }

  private fill({ attrs, type }: Node): void {
    const { texts } = this.context();
    if (type.name === 'footnote') {
      this.head.textContent = texts.get('footnote_label', { label: attrs.label });
      return;
    }
    this.dom.dataset.tone = attrs.tone;
    this.head.textContent = attrs.title ?? texts.get(`tone_${attrs.tone}` as Key);
  }

  ignoreMutation(mutation: { target: globalThis.Node; type: string }): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }
}

/** A block that is one thing, as a card that says what it is. */
class CardView implements NodeView {
  dom: HTMLElement;

  constructor(
    private node: Node, view: EditorView, private readonly getPos: () => number | undefined, private readonly context: GetContext,
  ) {
    this.dom = el('div', { class: 'editor-card' });
    this.dom.addEventListener('dblclick', () => this.edit(view));
    this.dom.addEventListener('editor-kinds', () => this.fill());
    this.fill();
  }

  private edit(view: EditorView): void {
    const pos = this.getPos();
    if (pos !== undefined && view.editable) editNode(this.context(), this.node, pos);
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.fill();
    return true;
  }

  private fill(): void {
    const [title, detail] = told(this.node, this.context());
    this.dom.replaceChildren(
      el('span', { class: 'editor-card-icon' }, icon(this.node.type.name)),
      el('span', { class: 'editor-card-text' }, el('strong', {}, title), el('span', { dir: 'auto' }, detail)),
    );
  }

  stopEvent(event: Event): boolean {
    // The second press of two would select a word, of which there is none.
    return event.type === 'editor-kinds' || (event.type === 'mousedown' && (event as MouseEvent).detail > 1);
  }

  ignoreMutation(): boolean {
    return true;
  }
}

function told({ attrs, type }: Node, { texts, kinds }: Context): [string, string] {
  switch (type.name) {
    case 'embed':
      return [texts.get('embed'), attrs.url];
    case 'html':
      return [texts.get('html'), short(attrs.html)];
    case 'plugin': {
      const kind = kinds.find((it) => it.name === attrs.name);
      return [kind?.title ?? attrs.name, short(summary(attrs.data)) || attrs.name];
    }
    default:
      return [texts.get('unknown'), String(attrs.json?.type ?? '')];
  }
}

function summary(data: unknown): string {
  if (typeof data !== 'object' || data === null) return String(data ?? '');
  const parts = Object.entries(data).map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  return parts.join(' · ');
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/** A piece in text that is one thing. */
class ChipView implements NodeView {
  dom: HTMLElement;

  constructor(private node: Node, view: EditorView, getPos: () => number | undefined, private readonly context: GetContext) {
    const tag = node.type.name === 'footnote_reference' ? 'sup' : 'span';
    this.dom = el(tag, { class: `editor-chip editor-chip-${node.type.name}` });
    this.dom.addEventListener('dblclick', () => {
      const pos = getPos();
      if (pos !== undefined && view.editable) editNode(context(), this.node, pos);
    });
    this.fill();
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.fill();
    return true;
  }

  private fill(): void {
    const { attrs, type } = this.node;
    const texts: Record<string, () => string> = {
      footnote_reference: () => attrs.label,
      inline_html: () => attrs.html,
      unknown_inline: () => String(attrs.json?.type ?? this.context().texts.get('unknown')),
    };
    this.dom.textContent = texts[type.name]?.() ?? '';
  }

  ignoreMutation(): boolean {
    return true;
  }
}
