// Dialogs: forms in the browser's own modal element. They stand outside of the page's form, which must not be sent by
// an Enter in them.

import type { Context } from '../context';
import { el, freshId } from './dom';

export interface Dialog {
  title: string;
  /** What the button says that takes over; `null` for a dialog that only shows. */
  accept: string | null;
  body: HTMLElement[];
  /** Takes over; a text is what is wrong, and the dialog stays. */
  submit?(): string | null;
  extra?: { label: string; run(): void };
  wide?: boolean;
}

/** Opens a dialog; answers how to close it. */
export function openDialog(context: Context, dialog: Dialog): () => void {
  const heading = el('h2', { id: freshId(), class: 'editor-dialog-title' }, dialog.title);
  const problem = el('p', { class: 'editor-problem', role: 'alert', hidden: true });
  const texts = context.texts;
  const done = () => element.close();
  const buttons = el('div', { class: 'editor-dialog-buttons' },
    dialog.extra ? el('button', { type: 'button', class: 'editor-quiet', onclick: () => { done(); dialog.extra?.run(); } }, dialog.extra.label) : null,
    el('button', { type: 'button', class: 'editor-plain', onclick: done }, dialog.accept ? texts.get('cancel') : texts.get('close')),
    dialog.accept ? el('button', { type: 'submit', class: 'editor-primary' }, dialog.accept) : null);
  const form = el('form', {
    method: 'dialog',
    novalidate: true,
    onsubmit: (event: Event) => {
      event.preventDefault();
      const wrong = dialog.submit?.() ?? null;
      problem.textContent = wrong ?? '';
      problem.hidden = wrong === null;
      if (wrong === null) done();
    },
  }, heading, ...dialog.body, problem, buttons);
  const element = el('dialog', {
    class: dialog.wide ? 'editor-dialog editor-dialog-wide' : 'editor-dialog',
    'aria-labelledby': heading.id,
    lang: context.root.closest('[lang]')?.getAttribute('lang') ?? null,
    dir: getComputedStyle(context.root).direction,
    onclose: () => {
      element.remove();
      if (context.view.editable) context.view.focus();
    },
  }, form);
  document.body.append(element);
  element.showModal();
  element.querySelector<HTMLElement>('input, textarea, select')?.focus();
  return done;
}
