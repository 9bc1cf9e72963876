// One field: the textarea of the form, and the editor that writes into it.
//
// The textarea stays what the form sends. While the editor shows blocks it holds them as JSON, while it shows Markdown
// it holds Markdown; a hidden field beside it says which.

import { dropCursor } from 'prosemirror-dropcursor';
import { gapCursor } from 'prosemirror-gapcursor';
import { closeHistory, history } from 'prosemirror-history';
import type { Node } from 'prosemirror-model';
import { EditorState, NodeSelection } from 'prosemirror-state';
import { tableEditing } from 'prosemirror-tables';
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view';
import { setAssetPattern } from './assets';
import { type BlockKind, type Context, type Endpoints, ask } from './context';
import { type Json, type JsonObject, sameJson } from './format';
import { documentFromJson } from './from_json';
import { ids, keepIds, withIds } from './ids';
import { keys } from './keys';
import { markdownToolbar, write } from './markdown';
import { pasting } from './paste/plugin';
import { rules } from './rules';
import { tableForm } from './tables';
import { Texts } from './texts';
import { documentToJson, isFiller } from './to_json';
import { ContextBar } from './ui/bar';
import { el, freshId } from './ui/dom';
import { editLink, editNode } from './ui/edit';
import { slash } from './ui/slash';
import { Toolbar } from './ui/toolbar';
import { uploads } from './upload';
import { views } from './views';

/** How long writing pauses before the form hears of it. */
const PAUSE_MS = 250;

const kindsOf = new Map<string, Promise<BlockKind[]>>();

/** A setting of a field, on itself or on whatever is around it. */
function setting(textarea: HTMLElement, name: string): string | null {
  return textarea.closest(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? null;
}

export class Field {
  private readonly texts: Texts;
  private readonly endpoints: Endpoints;
  private readonly root: HTMLElement;
  private readonly top = el('div', { class: 'editor-top' });
  private readonly surface = el('div', { class: 'editor-surface' });
  private readonly state = el('span', { class: 'editor-state', role: 'status' });
  private readonly count = el('span', { class: 'editor-count' });
  private readonly bottom: HTMLElement;
  private readonly listening = new AbortController();
  private readonly form: HTMLInputElement;
  private mode: HTMLButtonElement | null = null;
  private view: EditorView | null = null;
  private markdown: { element: HTMLElement; destroy(): void } | null = null;
  private toolbar: Toolbar | null = null;
  private bar: ContextBar | null = null;
  private timer = 0;
  /** The document that Markdown was made from, and that Markdown. */
  private left: { document: JsonObject; markdown: string } | null = null;

  constructor(private readonly textarea: HTMLTextAreaElement) {
    this.texts = Texts.parse(setting(textarea, 'texts'));
    this.endpoints = {
      assets: setting(textarea, 'assets-url'),
      upload: setting(textarea, 'upload-url'),
      convert: setting(textarea, 'convert-url'),
      blocks: setting(textarea, 'blocks-url'),
      csrf: setting(textarea, 'csrf'),
    };
    setAssetPattern(setting(textarea, 'asset-url'));
    this.form = this.formField();
    this.bottom = el('div', { class: 'editor-bottom' });
    this.root = el('div', { class: 'editor' }, this.top, this.surface);
    textarea.replaceWith(this.root);
    this.root.append(textarea, this.bottom);
    textarea.classList.add('editor-source');
    this.contain();
    this.listen();
    this.start();
  }

  /** The hidden field that says what the textarea holds; a page without scripts has none, and means Markdown. */
  private formField(): HTMLInputElement {
    const name = `${this.textarea.name}.form`;
    const there = this.textarea.form?.elements.namedItem(name);
    if (there instanceof HTMLInputElement) return there;
    const field = el('input', { type: 'hidden', name });
    if (this.textarea.name === '') field.removeAttribute('name');
    return field;
  }

  /** What happens in the editor's own fields is not for the page, which waits for the textarea's. */
  private contain(): void {
    for (const name of ['input', 'change', 'beforeinput']) {
      this.root.addEventListener(name, (event) => {
        if (event.target !== this.textarea) event.stopPropagation();
      });
    }
  }

  private listen(): void {
    const { signal } = this.listening;
    const { form } = this.textarea;
    form?.addEventListener('submit', () => this.flush(), { signal, capture: true });
    form?.addEventListener('formdata', (event) => {
      this.flush();
      if (this.textarea.name !== '' && !this.textarea.disabled) event.formData.set(this.textarea.name, this.textarea.value);
    }, { signal });
    form?.addEventListener('reset', () => queueMicrotask(() => this.restart()), { signal });
    this.textarea.addEventListener('editor-write', (event) => {
      const { markdown, where } = (event as CustomEvent<{ markdown: string; where: 'all' | 'end' }>).detail;
      void this.take(markdown, where);
    }, { signal });
    addEventListener('pagehide', () => this.flush(), { signal });
  }

  private start(): void {
    if (!this.form.isConnected) this.textarea.after(this.form);
    if (this.textarea.dataset.editor !== 'blocks') return this.showMarkdown();
    const json = this.given();
    if (json === 'markdown') {
      this.showMarkdown();
      if (this.endpoints.convert && this.textarea.value.trim() !== '') void this.toBlocks(true);
      return;
    }
    const doc = documentFromJson(json);
    if (!doc) {
      this.showMarkdown();
      this.announce(this.texts.get('not_readable'), true);
      return;
    }
    this.showBlocks(doc);
    this.textarea.value = JSON.stringify(json);
    this.textarea.defaultValue = this.textarea.value;
  }

  private restart(): void {
    this.view?.destroy();
    this.view = null;
    this.markdown?.destroy();
    this.start();
  }

  /** The block tree that the page gave, or `markdown` where it gave text. */
  private given(): Json | 'markdown' {
    const text = this.textarea.dataset.document ?? this.textarea.value;
    if (text.trim() === '') return { version: 1, blocks: [] };
    try {
      const json = JSON.parse(text) as Json;
      return typeof json === 'object' ? json : 'markdown';
    } catch {
      return 'markdown';
    }
  }

  private get isWritable(): boolean {
    return !this.textarea.readOnly && !this.textarea.disabled;
  }

  private label(): HTMLLabelElement | null {
    const label = this.textarea.labels[0] ?? null;
    if (label && !label.id) label.id = freshId();
    return label;
  }

  private showBlocks(doc: Node): void {
    this.markdown?.destroy();
    this.markdown = null;
    this.form.value = 'blocks';
    this.textarea.hidden = true;
    this.surface.hidden = false;
    const context = this.makeView(doc);
    this.toolbar = new Toolbar(context);
    this.bar = new ContextBar(context);
    this.top.replaceChildren(...(this.isWritable ? [this.toolbar.element] : []));
    this.drawBottom(this.isWritable ? this.bar.element : null, this.texts.get('write_markdown'), () => void this.toMarkdown());
    void this.loadKinds(context);
    this.tellCount();
  }

  private makeView(doc: Node): Context {
    const shared: Omit<Context, 'view'> = {
      texts: this.texts, endpoints: this.endpoints, root: this.root, kinds: [],
      announce: (message, isFailure) => this.announce(message, isFailure),
    };
    // Blocks are drawn while the view is made: they need the rest before.
    this.context = shared as Context;
    const context = () => this.context as Context;
    const plain = EditorState.create({
      doc,
      plugins: [
        slash(context), rules(), ...keys({
          'Mod-k': () => {
            editLink(context());
            return true;
          },
          'Alt-F10': () => this.focusToolbar(),
          'Mod-/': () => this.focusToolbar(),
        }, ({ selection }, dispatch) => (
          selection instanceof NodeSelection && dispatch !== undefined && editNode(context(), selection.node, selection.from)
        )),
        pasting(context), uploads(), tableForm(), tableEditing(), history(), ids(),
        dropCursor({ color: false, class: 'editor-drop' }), gapCursor(),
      ],
    });
    const missing = withIds(plain);
    const state = missing ? plain.apply(missing.setMeta('addToHistory', false)) : plain;
    const view = new EditorView(this.surface, {
      state,
      editable: () => this.isWritable,
      nodeViews: views(context),
      attributes: () => this.attributes(),
      decorations: ({ doc: now }) => this.placeholder(now),
      dispatchTransaction: (tr) => {
        const next = view.state.apply(tr);
        view.updateState(next);
        if (tr.docChanged) this.changed();
        this.toolbar?.update(next);
        this.bar?.update(next);
      },
      handleDOMEvents: {
        blur: () => {
          this.flush();
          return false;
        },
      },
    });
    this.view = view;
    this.context.view = view;
    return this.context;
  }

  private context: Context | null = null;

  private attributes(): Record<string, string> {
    const { textarea } = this;
    const label = this.label();
    const described = textarea.getAttribute('aria-describedby');
    const invalid = textarea.getAttribute('aria-invalid');
    return {
      class: 'editor-content',
      role: 'textbox',
      'aria-multiline': 'true',
      ...(label ? { 'aria-labelledby': label.id } : { 'aria-label': textarea.getAttribute('aria-label') ?? this.texts.get('text') }),
      ...(described ? { 'aria-describedby': described } : {}),
      ...(invalid ? { 'aria-invalid': invalid } : {}),
      ...(textarea.required ? { 'aria-required': 'true' } : {}),
      ...(this.isWritable ? {} : { 'aria-readonly': 'true', tabindex: '0' }),
      ...(textarea.lang ? { lang: textarea.lang } : {}),
      ...(textarea.dir ? { dir: textarea.dir } : {}),
    };
  }

  private placeholder(doc: Node): DecorationSet | null {
    const first = doc.firstChild;
    if (doc.childCount !== 1 || !first || !isFiller(first)) return null;
    const text = this.textarea.placeholder || this.texts.get('placeholder');
    return DecorationSet.create(doc, [Decoration.node(0, first.nodeSize, { class: 'editor-empty', 'data-placeholder': text })]);
  }

  private focusToolbar(): boolean {
    this.top.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
    return true;
  }

  private async loadKinds(context: Context): Promise<void> {
    const address = this.endpoints.blocks;
    if (!address) return;
    try {
      const asked = kindsOf.get(address) ?? ask<{ items: BlockKind[] }>(context, address).then((it) => it.items);
      kindsOf.set(address, asked);
      context.kinds = await asked;
      for (const card of this.surface.querySelectorAll('.editor-card')) card.dispatchEvent(new Event('editor-kinds'));
    } catch {
      // Blocks of plugins stay what they are, with their data as JSON.
      kindsOf.delete(address);
    }
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Brings the textarea up to date, and tells the form. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.view) return;
    const text = JSON.stringify(documentToJson(this.view.state.doc));
    if (text === this.textarea.value) return;
    this.textarea.value = text;
    this.tellCount();
    this.textarea.dispatchEvent(new Event('input', { bubbles: true }));
    this.textarea.dispatchEvent(new Event('change', { bubbles: true }));
  }

  private tellCount(): void {
    const text = this.view ? this.view.state.doc.textBetween(0, this.view.state.doc.content.size, ' ', ' ') : this.textarea.value;
    const words = text.match(/[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
    const number = new Intl.NumberFormat(this.root.closest('[lang]')?.getAttribute('lang') ?? undefined).format(words);
    this.count.textContent = this.texts.get('words', { count: number });
  }

  private announce(message: string, isFailure = false): void {
    this.state.textContent = message;
    this.state.classList.toggle('editor-problem', isFailure);
  }

  private drawBottom(context: HTMLElement | null, label: string, run: () => void): void {
    const mayChange = this.endpoints.convert !== null && this.textarea.dataset.editor === 'blocks' && this.isWritable;
    this.mode = mayChange ? el('button', { type: 'button', class: 'editor-quiet editor-mode', onclick: run }, label) : null;
    this.bottom.replaceChildren(
      ...(context ? [context] : []),
      el('div', { class: 'editor-line' }, this.state, this.count, this.mode),
    );
  }

  private showMarkdown(): void {
    this.view?.destroy();
    this.view = null;
    this.context = null;
    this.toolbar = null;
    this.bar = null;
    this.form.value = 'markdown';
    this.textarea.hidden = false;
    this.surface.hidden = true;
    this.markdown?.destroy();
    this.markdown = markdownToolbar(this.textarea, {
      texts: this.texts, endpoints: this.endpoints, announce: (message, isFailure) => this.announce(message, isFailure),
    });
    this.top.replaceChildren(...(this.isWritable ? [this.markdown.element] : []));
    this.drawBottom(null, this.texts.get('write_blocks'), () => void this.toBlocks(false));
    this.textarea.addEventListener('input', () => this.tellCount(), { signal: this.listening.signal });
    this.tellCount();
  }

  private async toMarkdown(): Promise<void> {
    if (!this.view || !this.context || !this.endpoints.convert) return;
    this.flush();
    const document = documentToJson(this.view.state.doc);
    const done = await this.converted<{ markdown: string }>({ document });
    if (!done || !this.view) return;
    this.left = { document: documentToJson(this.view.state.doc), markdown: done.markdown };
    this.showMarkdown();
    this.textarea.value = done.markdown;
    this.tellCount();
    this.textarea.focus();
    this.textarea.setSelectionRange(0, 0);
  }

  /** Goes on with blocks; unchanged Markdown is the document that it was made from, ids and all. */
  private async toBlocks(isFirst: boolean): Promise<void> {
    const { left } = this;
    const markdown = this.textarea.value;
    let json: JsonObject;
    if (left && left.markdown === markdown) {
      json = left.document;
    } else {
      const done = await this.converted<{ document: JsonObject }>({ markdown });
      if (!done || this.textarea.value !== markdown) return;
      json = left ? keepIds(left.document, done.document) : done.document;
    }
    const doc = documentFromJson(json);
    if (!doc) return this.announce(this.texts.get('not_readable'), true);
    this.showBlocks(doc);
    const text = JSON.stringify(documentToJson(this.view!.state.doc));
    this.textarea.value = text;
    if (isFirst) this.textarea.defaultValue = text;
    else if (!left || !sameJson(left.document, JSON.parse(text) as Json)) {
      this.textarea.dispatchEvent(new Event('input', { bubbles: true }));
    }
    if (!isFirst) this.view!.focus();
  }

  /** Text that something else on the page writes, in place of all or behind it: it can be taken back like what is typed. */
  private async take(markdown: string, where: 'all' | 'end'): Promise<void> {
    if (!this.isWritable) return;
    if (!this.view) {
      const { length } = this.textarea.value;
      this.textarea.setSelectionRange(where === 'all' ? 0 : length, length);
      write(this.textarea, where === 'all' || length === 0 ? markdown : `\n\n${markdown}`);
      return;
    }
    const done = await this.converted<{ document: JsonObject }>({ markdown });
    if (!done || !this.view) return;
    const { state } = this.view;
    const before = documentToJson(state.doc);
    const blocks = [...(before.blocks as Json[]), ...(done.document.blocks as Json[])];
    const isFirst = where === 'end' && state.doc.textContent === '' && state.doc.childCount === 1;
    const json = where === 'all' || isFirst ? keepIds(before, done.document) : { ...before, blocks };
    const doc = documentFromJson(json);
    if (!doc) return this.announce(this.texts.get('not_readable'), true);
    const change = state.tr.replaceWith(0, state.doc.content.size, doc.content).scrollIntoView();
    // One step to take back, however soon it came after another change.
    this.view.dispatch(closeHistory(change));
    this.flush();
    this.view.focus();
  }

  private async converted<T>(body: unknown): Promise<T | null> {
    if (this.mode) this.mode.disabled = true;
    try {
      const done = await ask<T>({ texts: this.texts, endpoints: this.endpoints }, this.endpoints.convert!, body);
      this.announce('');
      return done;
    } catch (error) {
      this.announce(this.texts.get('not_converted', { reason: (error as Error).message }), true);
      return null;
    } finally {
      if (this.mode) this.mode.disabled = false;
    }
  }

  destroy(): void {
    this.listening.abort();
    clearTimeout(this.timer);
    this.view?.destroy();
    this.markdown?.destroy();
  }
}
