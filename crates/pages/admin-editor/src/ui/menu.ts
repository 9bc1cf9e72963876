// A menu that a button opens: the pattern of the ARIA guide, in the browser's top layer.

import { el } from './dom';
import { icon } from './icons';

export interface MenuItem {
  label: string;
  icon?: string;
  hint?: string;
  /** Whether it is the chosen one of several; `undefined` for what is only done. */
  checked?: boolean;
  disabled?: boolean;
  run(): void;
}

let close: ((keepFocus?: boolean) => void) | null = null;

/** Opens the menu under its button, or closes it where it is open. */
export function toggleMenu(root: HTMLElement, button: HTMLElement, label: string, items: MenuItem[]): void {
  if (button.getAttribute('aria-expanded') === 'true') return close?.();
  close?.(true);
  const menu = el('div', { class: 'editor-menu', role: 'menu', 'aria-label': label, popover: 'manual' });
  const entries = items.map((it) => menuEntry(it, (run) => {
    close?.();
    run();
  }));
  menu.append(...entries);
  root.append(menu);
  button.setAttribute('aria-expanded', 'true');
  menu.showPopover();
  placeUnder(menu, button.getBoundingClientRect());
  const outside = (event: Event) => {
    const target = event.target as Node;
    if (!menu.contains(target) && !button.contains(target)) close?.(true);
  };
  // A toolbar that is wider than a phone scrolls to the button that is reached.
  const follow = (event: Event) => {
    if (event.target !== menu) placeUnder(menu, button.getBoundingClientRect());
  };
  close = (keepFocus = false) => {
    close = null;
    menu.remove();
    button.setAttribute('aria-expanded', 'false');
    removeEventListener('pointerdown', outside, true);
    removeEventListener('scroll', follow, true);
    if (!keepFocus) button.focus();
  };
  addEventListener('pointerdown', outside, true);
  addEventListener('scroll', follow, true);
  menu.addEventListener('keydown', (event) => moveInMenu(event, entries, () => close?.()));
  (entries.find((it) => it.getAttribute('aria-checked') === 'true') ?? entries[0])?.focus({ preventScroll: true });
}

function menuEntry(item: MenuItem, choose: (run: () => void) => void): HTMLElement {
  return el('button', {
    type: 'button',
    class: 'editor-menu-item',
    role: item.checked === undefined ? 'menuitem' : 'menuitemradio',
    'aria-checked': item.checked === undefined ? null : String(item.checked),
    'aria-disabled': item.disabled ? 'true' : null,
    tabindex: -1,
    onclick: () => {
      if (!item.disabled) choose(item.run);
    },
  }, item.icon ? icon(item.icon) : null, el('span', {}, item.label),
  item.hint ? el('kbd', {}, item.hint) : null);
}

function moveInMenu(event: KeyboardEvent, entries: HTMLElement[], leave: () => void): void {
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const go = (index: number) => entries[(index + entries.length) % entries.length]?.focus();
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(-1),
    Escape: leave,
    Tab: leave,
  };
  const known = keys[event.key];
  if (known) {
    event.preventDefault();
    event.stopPropagation();
    known();
  } else if (event.key.length === 1 && /\S/.test(event.key)) {
    const letter = event.key.toLowerCase();
    const order = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
    order.find((it) => it.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  }
}

/** Puts what is in the top layer under a place, or above it where there is more room. */
export function placeUnder(box: HTMLElement, anchor: { left: number; right: number; top: number; bottom: number }): void {
  const margin = 8;
  const { width, height } = box.getBoundingClientRect();
  const isTurned = getComputedStyle(box).direction === 'rtl';
  const left = isTurned ? anchor.right - width : anchor.left;
  const below = innerHeight - anchor.bottom;
  const top = below < height + margin && anchor.top > below ? anchor.top - height - 4 : anchor.bottom + 4;
  box.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`;
  box.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
}
