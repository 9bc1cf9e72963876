// Takes over every `<textarea data-editor>` of a page, also those that come later.

import { Field } from './field';

/** A field without an editor stays a field of text. */
const fields = new Map<HTMLTextAreaElement, Field | null>();

function look(): void {
  for (const [textarea, field] of fields) {
    if (textarea.isConnected) continue;
    field?.destroy();
    fields.delete(textarea);
  }
  for (const textarea of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-editor]')) {
    if (fields.has(textarea)) continue;
    fields.set(textarea, null);
    try {
      fields.set(textarea, new Field(textarea));
    } catch (error) {
      textarea.hidden = false;
      console.error('the editor could not take over a field', error);
    }
  }
}

let isWaiting = false;
new MutationObserver((changes) => {
  // An editor's own changes are of no interest; there are many while somebody writes.
  const isInside = (it: MutationRecord) => it.target instanceof Element && it.target.closest('.editor-surface') !== null;
  if (isWaiting || changes.every(isInside)) return;
  isWaiting = true;
  queueMicrotask(() => {
    isWaiting = false;
    look();
  });
}).observe(document, { childList: true, subtree: true });
look();
