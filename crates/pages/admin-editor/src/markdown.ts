// Markdown as text: the field of the page itself, with a toolbar that writes the signs.

import type { Asset, Endpoints } from './context';
import { filesOf, isImage, send } from './upload';
import type { Key, Texts } from './texts';
import { el } from './ui/dom';
import { icon } from './ui/icons';
import { keysText, roving } from './ui/toolbar';

interface Sign {
  icon: string;
  key: Key;
  keys?: string;
  run(area: HTMLTextAreaElement): void;
}

/** Writes in place of the selection, so that the browser can take it back. */
export function write(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function around(sign: string): (area: HTMLTextAreaElement) => void {
  return (area) => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const isSet = value.slice(from - sign.length, from) === sign && value.slice(to, to + sign.length) === sign;
    const words = value.slice(from, to);
    if (isSet) {
      area.setSelectionRange(from - sign.length, to + sign.length);
      write(area, words);
      area.setSelectionRange(from - sign.length, to - sign.length);
      return;
    }
    write(area, `${sign}${words}${sign}`);
    area.setSelectionRange(from + sign.length, to + sign.length);
  };
}

/** Puts a sign before each line of the selection, or takes it away where all have it. */
function before(sign: (index: number) => string, is: RegExp): (area: HTMLTextAreaElement) => void {
  return (area) => {
    const { value } = area;
    const from = value.lastIndexOf('\n', area.selectionStart - 1) + 1;
    const end = value.indexOf('\n', area.selectionEnd);
    const to = end < 0 ? value.length : end;
    const lines = value.slice(from, to).split('\n');
    const isSet = lines.every((it) => is.test(it));
    const changed = lines.map((it, index) => (isSet ? it.replace(is, '') : `${sign(index)}${it.replace(is, '')}`)).join('\n');
    area.setSelectionRange(from, to);
    write(area, changed);
    area.setSelectionRange(from, from + changed.length);
    if (lines.length === 1) area.setSelectionRange(from + changed.length, from + changed.length);
  };
}

const heading = before(() => '## ', /^#{1,6} /);

function link(area: HTMLTextAreaElement): void {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const words = value.slice(from, to);
  write(area, `[${words}](https://)`);
  const at = from + words.length + 3;
  area.setSelectionRange(words === '' ? from + 1 : at, words === '' ? from + 1 : at + 'https://'.length);
}

const SIGNS: Sign[] = [
  { icon: 'heading', key: 'heading', run: heading },
  { icon: 'bold', key: 'bold', keys: 'Mod-B', run: around('**') },
  { icon: 'italic', key: 'italic', keys: 'Mod-I', run: around('*') },
  { icon: 'code', key: 'code', keys: 'Mod-E', run: around('`') },
  { icon: 'link', key: 'link', keys: 'Mod-K', run: link },
  { icon: 'bulleted', key: 'bulleted', run: before(() => '- ', /^\s*[-*+] /) },
  { icon: 'numbered', key: 'numbered', run: before((index) => `${index + 1}. `, /^\s*\d+[.)] /) },
  { icon: 'quote', key: 'quote', run: before(() => '> ', /^> ?/) },
];

export interface MarkdownParts {
  texts: Texts;
  endpoints: Endpoints;
  announce(message: string, isFailure?: boolean): void;
}

/** The toolbar of a Markdown text; keys and files are taken on the field while it is there. */
export function markdownToolbar(area: HTMLTextAreaElement, parts: MarkdownParts): { element: HTMLElement; destroy(): void } {
  const { texts, endpoints } = parts;
  const listening = new AbortController();
  const { signal } = listening;
  const buttons = SIGNS.map((it) => button(texts, it, () => it.run(area)));
  if (endpoints.upload) {
    const input = el('input', { type: 'file', accept: 'image/*', hidden: true, form: 'none' });
    input.addEventListener('change', () => void upload(area, parts, Array.from(input.files ?? [])));
    buttons.push(button(texts, { icon: 'image', key: 'image', run: () => undefined }, () => input.click()), input);
  }
  const element = roving(el('div', { class: 'editor-toolbar', role: 'toolbar', 'aria-label': texts.get('toolbar') },
    el('div', { class: 'editor-group' }, ...buttons)), () => area.focus());
  area.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const sign = SIGNS.find((it) => it.keys === `Mod-${event.key.toUpperCase()}`);
    if (!sign || area.readOnly) return;
    event.preventDefault();
    sign.run(area);
  }, { signal });
  const take = (event: ClipboardEvent | DragEvent, data: DataTransfer | null) => {
    const files = filesOf(data);
    if (files.length === 0 || !endpoints.upload || area.readOnly) return;
    event.preventDefault();
    void upload(area, parts, files);
  };
  area.addEventListener('paste', (event) => take(event, event.clipboardData), { signal });
  area.addEventListener('drop', (event) => take(event, event.dataTransfer), { signal });
  return { element, destroy: () => listening.abort() };
}

function button(texts: Texts, sign: Sign, run: () => void): HTMLElement {
  const label = texts.get(sign.key);
  return el('button', {
    type: 'button',
    class: 'editor-button',
    title: sign.keys ? `${label} (${keysText(sign.keys)})` : label,
    'aria-label': label,
    onmousedown: (event: Event) => event.preventDefault(),
    onclick: run,
  }, icon(sign.icon));
}

async function upload(area: HTMLTextAreaElement, parts: MarkdownParts, files: File[]): Promise<void> {
  const { texts } = parts;
  for (const file of files) {
    parts.announce(texts.get('uploading', { name: file.name }));
    try {
      const asset = await send(parts, file, (part) => parts.announce(`${texts.get('uploading', { name: file.name })} ${Math.round(part * 100)} %`));
      write(area, markdownOf(asset));
      parts.announce(texts.get('uploaded', { name: file.name }));
    } catch (error) {
      parts.announce(texts.get('upload_failed', { name: file.name, reason: (error as Error).message }), true);
    }
  }
}

function markdownOf(asset: Asset): string {
  const words = (asset.alt ?? (isImage(asset) ? '' : asset.name) ?? '').replace(/[[\]\\]/g, '\\$&');
  return `${isImage(asset) ? '!' : ''}[${words}](${asset.url})`;
}
