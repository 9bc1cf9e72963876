// The toolbar: one stop of the Tab key, arrows between its buttons.

import { redo, redoDepth, undo, undoDepth } from 'prosemirror-history';
import { type Command, type EditorState, NodeSelection } from 'prosemirror-state';
import { actions, insertImage, put } from '../actions';
import {
  clearMarks, emptyTable, hasMark, isBlockActive, isIn, linkAt, listKind, setBlock, toggle, toggleList, toggleWrap,
} from '../commands';
import type { Context } from '../context';
import { nodes, schema } from '../schema';
import type { Key } from '../texts';
import { el } from './dom';
import { editLink } from './edit';
import { icon } from './icons';
import { type MenuItem, toggleMenu } from './menu';

interface Button {
  icon: string;
  label: string;
  keys?: string;
  /** Whether it is pressed; absent for what is only done. */
  isOn?(state: EditorState): boolean;
  isUsable?(state: EditorState): boolean;
  run(button: HTMLElement): void;
  opensMenu?: boolean;
}

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys as people of this system write them. */
export function keysText(keys: string): string {
  return MAC
    ? keys.replace('Mod', '⌘').replace('Shift', '⇧').replace('Alt', '⌥').replace(/-/g, '')
    : keys.replace('Mod', 'Ctrl').replace(/-/g, '+');
}

export class Toolbar {
  readonly element: HTMLElement;
  private readonly buttons: { spec: Button; element: HTMLButtonElement }[] = [];
  private readonly kind: HTMLButtonElement;

  constructor(private readonly context: Context) {
    const { texts } = context;
    this.kind = this.kindButton();
    const groups = this.groups().map((group) => el('div', { class: 'editor-group' }, ...group.map((it) => this.make(it))));
    groups.splice(1, 0, el('div', { class: 'editor-group' }, this.kind));
    this.element = roving(el('div', { class: 'editor-toolbar', role: 'toolbar', 'aria-label': texts.get('toolbar') }, ...groups), () => {
      context.view.focus();
    });
    this.update(context.view.state);
  }

  private command(command: Command): (button: HTMLElement) => void {
    return () => {
      const { view } = this.context;
      command(view.state, view.dispatch, view);
    };
  }

  private mark(name: string, key: Key, keys?: string): Button {
    return {
      icon: name, label: this.context.texts.get(key), ...(keys ? { keys } : {}),
      isOn: (state) => hasMark(state, schema.marks[name]!),
      isUsable: (state) => toggle(name)(state),
      run: this.command(toggle(name)),
    };
  }

  private list(kind: 'bulleted' | 'numbered' | 'task', keys: string): Button {
    return {
      icon: kind, label: this.context.texts.get(kind), keys,
      isOn: (state) => listKind(state) === kind,
      isUsable: (state) => toggleList(kind)(state),
      run: this.command(toggleList(kind)),
    };
  }

  private groups(): Button[][] {
    const { context } = this;
    const { texts } = context;
    return [
      [
        { icon: 'undo', label: texts.get('undo'), keys: 'Mod-Z', isUsable: (state) => undoDepth(state) > 0, run: this.command(undo) },
        { icon: 'redo', label: texts.get('redo'), keys: 'Mod-Y', isUsable: (state) => redoDepth(state) > 0, run: this.command(redo) },
      ],
      [
        this.mark('bold', 'bold', 'Mod-B'), this.mark('italic', 'italic', 'Mod-I'), this.mark('code', 'code', 'Mod-E'),
        {
          icon: 'link', label: texts.get('link'), keys: 'Mod-K', isOn: (state) => linkAt(state) !== null,
          isUsable: (state) => state.selection.$from.parent.inlineContent && !state.selection.$from.parent.type.spec.code,
          run: () => editLink(context),
        },
        { icon: 'more', label: texts.get('more_marks'), opensMenu: true, run: (button) => this.moreMarks(button) },
      ],
      [
        this.list('bulleted', 'Mod-Shift-8'), this.list('numbered', 'Mod-Shift-7'), this.list('task', 'Mod-Shift-9'),
        {
          icon: 'quote', label: texts.get('quote'), keys: 'Mod-Shift-B', isOn: (state) => isIn(state, nodes.quote!),
          isUsable: (state) => toggleWrap(nodes.quote!)(state), run: this.command(toggleWrap(nodes.quote!)),
        },
      ],
      [
        { icon: 'image', label: texts.get('image'), run: () => insertImage(context) },
        { icon: 'table', label: texts.get('table'), run: () => put(context, emptyTable(3, 3)) },
        { icon: 'plus', label: texts.get('insert_block'), keys: '/', opensMenu: true, run: (button) => this.insertMenu(button) },
      ],
    ];
  }

  private make(spec: Button): HTMLElement {
    const label = spec.keys ? `${spec.label} (${keysText(spec.keys)})` : spec.label;
    const element = el('button', {
      type: 'button',
      class: 'editor-button',
      title: label,
      'aria-label': spec.label,
      'aria-keyshortcuts': spec.keys && spec.keys !== '/' ? spec.keys.replace('Mod', MAC ? 'Meta' : 'Control').replace(/-/g, '+') : null,
      'aria-haspopup': spec.opensMenu ? 'menu' : null,
      'aria-expanded': spec.opensMenu ? 'false' : null,
      tabindex: -1,
      // The selection in the text stays while a button is pressed.
      onmousedown: (event: Event) => event.preventDefault(),
      onclick: (event: MouseEvent) => {
        if (element.getAttribute('aria-disabled') === 'true') return;
        spec.run(element);
        // Whoever came by keyboard goes on in the toolbar.
        if (event.detail > 0 && !spec.opensMenu && !document.querySelector('dialog[open]')) this.context.view.focus();
      },
    }, icon(spec.icon));
    this.buttons.push({ spec, element });
    return element;
  }

  private kindButton(): HTMLButtonElement {
    return el('button', {
      type: 'button',
      class: 'editor-button editor-kind',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      tabindex: -1,
      onmousedown: (event: Event) => event.preventDefault(),
      onclick: () => this.kindMenu(),
    }, el('span', {}), icon('chevron'));
  }

  private kinds(): { label: string; isOn(state: EditorState): boolean; command: Command; keys: string }[] {
    const { texts } = this.context;
    const heading = (level: number) => ({
      label: texts.get('heading_level', { level: String(level) }),
      isOn: (state: EditorState) => isBlockActive(state, nodes.heading!, { level }),
      command: setBlock(nodes.heading!, { level }),
      keys: `Mod-Alt-${level}`,
    });
    return [
      { label: texts.get('paragraph'), isOn: (state) => isBlockActive(state, nodes.paragraph!), command: setBlock(nodes.paragraph!), keys: 'Mod-Alt-0' },
      ...[1, 2, 3, 4, 5, 6].map(heading),
      { label: texts.get('code_block'), isOn: (state) => isBlockActive(state, nodes.code_block!), command: setBlock(nodes.code_block!), keys: '```' },
    ];
  }

  private kindMenu(): void {
    const { view, root, texts } = this.context;
    const items = this.kinds().map((it): MenuItem => ({
      label: it.label, hint: keysText(it.keys), checked: it.isOn(view.state),
      run: () => {
        it.command(view.state, view.dispatch, view);
        view.focus();
      },
    }));
    toggleMenu(root, this.kind, texts.get('block_kind'), items);
  }

  private moreMarks(button: HTMLElement): void {
    const { view, root, texts } = this.context;
    const names = ['underline', 'strike', 'highlight', 'superscript', 'subscript'] as const;
    const keys: Record<string, string> = { underline: 'Mod-U', strike: 'Mod-Shift-X', highlight: 'Mod-Shift-H' };
    const run = (command: Command) => () => {
      command(view.state, view.dispatch, view);
      view.focus();
    };
    toggleMenu(root, button, texts.get('more_marks'), [
      ...names.map((name): MenuItem => ({
        label: texts.get(name), icon: name, checked: hasMark(view.state, schema.marks[name]!), disabled: !toggle(name)(view.state),
        ...(keys[name] ? { hint: keysText(keys[name]!) } : {}), run: run(toggle(name)),
      })),
      { label: texts.get('clear_marks'), icon: 'clear', disabled: !clearMarks(view.state), run: run(clearMarks) },
    ]);
  }

  private insertMenu(button: HTMLElement): void {
    const { context } = this;
    const items = actions(context).filter((it) => !/^(paragraph|heading)/.test(it.id));
    toggleMenu(context.root, button, context.texts.get('insert_block'), items.map((it) => ({
      label: it.label, icon: it.icon, ...(it.hint ? { hint: it.hint } : {}), run: () => it.run(context),
    })));
  }

  update(state: EditorState): void {
    for (const { spec, element } of this.buttons) {
      if (spec.isOn) element.setAttribute('aria-pressed', String(spec.isOn(state)));
      if (spec.isUsable) {
        if (spec.isUsable(state) || spec.isOn?.(state)) element.removeAttribute('aria-disabled');
        else element.setAttribute('aria-disabled', 'true');
      }
    }
    const { texts } = this.context;
    const kind = this.kinds().find((it) => it.isOn(state))?.label ?? texts.get(otherKind(state));
    this.kind.firstElementChild!.textContent = kind;
    this.kind.setAttribute('aria-label', `${texts.get('block_kind')}: ${kind}`);
  }
}

/** What the selection is in that is no paragraph, heading or code. */
function otherKind(state: EditorState): Key {
  const names: Key[] = ['image', 'embed', 'html', 'divider', 'table', 'unknown'];
  const { selection } = state;
  const node = selection instanceof NodeSelection ? selection.node.type.name : '';
  if (node === 'plugin') return 'plugin_block';
  const found = names.find((it) => it === node || isIn(state, nodes[it]!));
  return found ?? 'other_kind';
}

/** One button of a bar can be reached by Tab; arrows, Home and End go to the others, Escape back to the text. */
export function roving(bar: HTMLElement, leave: () => void): HTMLElement {
  const all = () => Array.from(bar.querySelectorAll<HTMLElement>('button'));
  const go = (to: HTMLElement | undefined) => {
    if (!to) return;
    for (const it of all()) it.tabIndex = it === to ? 0 : -1;
    to.focus();
    to.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  all().forEach((it, index) => {
    it.tabIndex = index === 0 ? 0 : -1;
  });
  bar.addEventListener('focusin', (event) => {
    for (const it of all()) it.tabIndex = it === event.target ? 0 : -1;
  });
  bar.addEventListener('keydown', (event) => {
    const buttons = all();
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const forth = getComputedStyle(bar).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forth === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    const targets: Record<string, () => void> = {
      [forth]: () => go(buttons[(at + 1) % buttons.length]),
      [back]: () => go(buttons[(at - 1 + buttons.length) % buttons.length]),
      Home: () => go(buttons[0]),
      End: () => go(buttons.at(-1)),
      Escape: leave,
    };
    const act = targets[event.key];
    if (!act || at < 0) return;
    event.preventDefault();
    act();
  });
  return bar;
}
