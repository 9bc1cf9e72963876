// The menu behind `/`: every block, found by its name, without leaving the text.

import { type EditorState, Plugin, PluginKey } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { type Action, actions } from '../actions';
import type { Context } from '../context';
import { el, freshId } from './dom';
import { icon } from './icons';
import { placeUnder } from './menu';

interface Open {
  /** Where the `/` stands. */
  from: number;
}

const key = new PluginKey<Open | null>('slash');

export function slash(context: () => Context): Plugin {
  return new Plugin<Open | null>({
    key,
    state: {
      init: () => null,
      apply(tr, open, _, state) {
        const meta = tr.getMeta(key) as Open | 'close' | undefined;
        if (meta === 'close') return null;
        if (meta) return meta;
        const mapped = open && { from: tr.mapping.map(open.from) };
        return mapped && query(state, mapped) !== null ? mapped : null;
      },
    },
    props: {
      handleTextInput(view, from, to, text) {
        if (text !== '/' || !mayOpen(view.state, from)) return false;
        view.dispatch(view.state.tr.insertText(text, from, to).setMeta(key, { from }));
        return true;
      },
      handleKeyDown(view, event) {
        return menus.get(view)?.keydown(event) ?? false;
      },
    },
    view(view) {
      const menu = new SlashMenu(view, context);
      menus.set(view, menu);
      return menu;
    },
  });
}

const menus = new WeakMap<EditorView, SlashMenu>();

function mayOpen(state: EditorState, from: number): boolean {
  const $from = state.doc.resolve(from);
  if (!$from.parent.isTextblock || $from.parent.type.spec.code) return false;
  const before = $from.parent.textBetween(0, $from.parentOffset, '\ufffc', '\ufffc');
  return before === '' || /\s$/.test(before);
}

/** What was written behind the `/`; `null` when the menu has no place any more. */
function query(state: EditorState, { from }: Open): string | null {
  const { $from, empty } = state.selection;
  if (!empty || $from.pos <= from || $from.start() > from) return null;
  const text = state.doc.textBetween(from, $from.pos, '\n', '\n');
  return /^\/[^\s/][^\n]{0,30}$|^\/$/u.test(text) ? text.slice(1).toLowerCase() : null;
}

class SlashMenu {
  private readonly box: HTMLElement;
  private found: Action[] = [];
  private at = 0;
  private shown: string | null = null;

  constructor(private readonly view: EditorView, private readonly context: () => Context) {
    this.box = el('div', { class: 'editor-menu editor-slash', role: 'listbox', id: freshId(), tabindex: 0, popover: 'manual' });
    this.box.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  update(view: EditorView): void {
    const open = key.getState(view.state);
    const text = open ? query(view.state, open) : null;
    if (!open || text === null) return this.hide();
    if (text === this.shown) return;
    const words = text.split(/\s+/);
    const matches = (it: Action) => words.every((word) => `${it.label} ${it.words}`.toLowerCase().includes(word));
    this.found = actions(this.context()).filter(matches);
    if (this.found.length === 0) return this.hide();
    this.shown = text;
    this.at = 0;
    this.draw();
    const place = view.coordsAtPos(open.from);
    placeUnder(this.box, place);
  }

  private draw(): void {
    const { texts, root } = this.context();
    if (!this.box.isConnected) {
      root.append(this.box);
      this.box.showPopover();
      this.view.dom.setAttribute('aria-controls', this.box.id);
    }
    this.box.setAttribute('aria-label', texts.get('insert_block'));
    this.box.replaceChildren(...this.found.map((it, index) => el('div', {
      class: 'editor-menu-item',
      role: 'option',
      id: `${this.box.id}-${index}`,
      'aria-selected': String(index === this.at),
      onclick: () => this.choose(index),
    }, icon(it.icon), el('span', {}, it.label), it.hint ? el('kbd', {}, it.hint) : null)));
    this.mark();
  }

  private mark(): void {
    Array.from(this.box.children).forEach((it, index) => it.setAttribute('aria-selected', String(index === this.at)));
    const current = this.box.children[this.at];
    current?.scrollIntoView({ block: 'nearest' });
    if (current) this.view.dom.setAttribute('aria-activedescendant', current.id);
    const { texts } = this.context();
    this.context().announce(texts.get('chosen_of', {
      name: this.found[this.at]?.label ?? '', number: String(this.at + 1), count: String(this.found.length),
    }));
  }

  keydown(event: KeyboardEvent): boolean {
    if (this.shown === null) return false;
    const move = (step: number) => {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.mark();
    };
    const known: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => this.choose(this.at),
      Tab: () => this.choose(this.at),
      Escape: () => this.view.dispatch(this.view.state.tr.setMeta(key, 'close')),
    };
    const act = known[event.key];
    act?.();
    return act !== undefined;
  }

  private choose(index: number): void {
    const open = key.getState(this.view.state);
    const action = this.found[index];
    if (!open || !action) return;
    const { tr, selection } = this.view.state;
    this.view.dispatch(tr.delete(open.from, selection.from).setMeta(key, 'close'));
    action.run(this.context());
  }

  private hide(): void {
    if (this.shown === null) return;
    this.shown = null;
    this.box.remove();
    this.view.dom.removeAttribute('aria-activedescendant');
    this.view.dom.removeAttribute('aria-controls');
    this.context().announce('');
  }

  destroy(): void {
    this.box.remove();
  }
}
