// Word puts lists, titles and footnotes on the clipboard as paragraphs with styles of its own.

import { styleOf } from './style';

/** Whether HTML comes from Word or another of its family. */
export function isWord(html: string): boolean {
  return /urn:schemas-microsoft-com:office|class="?Mso|mso-list|content="?Microsoft Word|name="?ProgId"? content="?Word/i.test(html);
}

export function cleanWord(body: HTMLElement): void {
  for (const it of body.querySelectorAll('*')) {
    // `o:p` and others of Word's own names hold text at most.
    if (it.localName.includes(':')) it.replaceWith(...(it.localName === 'o:p' && it.textContent?.trim() === '' ? [] : it.childNodes));
  }
  titles(body);
  footnotes(body);
  lists(body);
}

function titles(body: HTMLElement): void {
  for (const it of body.querySelectorAll<HTMLElement>('p[class^="Mso"]')) {
    const level = { MsoTitle: 'h1', MsoSubtitle: 'h2' }[it.className.split(' ')[0]!];
    const outline = /^(\d)$/.exec(styleOf(it).get('mso-outline-level') ?? '')?.[1];
    const name = level ?? (outline && Number(outline) <= 6 ? `h${outline}` : null);
    if (name) rename(it, name);
    else if (/^MsoQuote|^MsoIntenseQuote/.test(it.className)) {
      const quote = it.ownerDocument.createElement('blockquote');
      it.replaceWith(quote);
      quote.append(it);
    }
  }
}

function rename(element: HTMLElement, name: string): void {
  const renamed = element.ownerDocument.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

/** `[1]` with a link to its note, and the notes at the end. */
function footnotes(body: HTMLElement): void {
  const document = body.ownerDocument;
  for (const link of body.querySelectorAll<HTMLElement>('a[href*="#_ftn"], a[href*="#_edn"]')) {
    const href = link.getAttribute('href') ?? '';
    const found = /#_(ftn|edn)(\d+)$/.exec(href);
    if (found) {
      const reference = document.createElement('span');
      reference.setAttribute('data-inline', 'footnote_reference');
      reference.setAttribute('data-json', JSON.stringify(`${found[1]}${found[2]}`));
      link.replaceWith(reference);
    } else if (/#_(?:ftn|edn)ref\d+$/.test(href)) {
      link.remove();
    }
  }
  for (const note of body.querySelectorAll<HTMLElement>('div[id^="ftn"], div[id^="edn"]')) {
    if (!/^(?:ftn|edn)\d+$/.test(note.id)) continue;
    note.setAttribute('data-block', 'footnote');
    note.setAttribute('data-label', note.id);
    body.append(note);
  }
  for (const it of body.querySelectorAll('div')) {
    if (!/footnote-list|endnote-list/.test(styleOf(it).get('mso-element') ?? '')) continue;
    for (const line of it.querySelectorAll('hr')) line.remove();
    it.replaceWith(...it.childNodes);
  }
}

interface Item {
  element: HTMLElement;
  level: number;
  list: string;
  marker: string;
}

function itemOf(element: Element): Item | null {
  const found = /(l\d+)\s+level(\d)(?:\s+(lfo\d+))?/.exec(styleOf(element).get('mso-list') ?? '');
  if (!found) return null;
  const marks = Array.from(element.querySelectorAll('*')).filter((it) => styleOf(it).get('mso-list') === 'ignore');
  const marker = marks[0]?.textContent?.replace(/[\s\u00a0]+/g, '') ?? '';
  for (const it of marks) it.remove();
  return { element: element as HTMLElement, level: Number(found[2]), list: `${found[1]} ${found[3] ?? ''}`, marker };
}

/** Makes lists of the paragraphs that Word calls items. */
function lists(body: HTMLElement): void {
  const open: { list: HTMLElement; level: number; name: string }[] = [];
  let before: Element | null = null;
  for (const element of Array.from(body.querySelectorAll('p, h1, h2, h3, h4, h5, h6'))) {
    const item = itemOf(element);
    if (!item) continue;
    const isNext = before !== null && before.nextElementSibling === element;
    if (!isNext) open.length = 0;
    while (open.length > 0 && open.at(-1)!.level > item.level) open.pop();
    let top = open.at(-1);
    if (!top || top.level < item.level || (top.name !== item.list && open.length === 1)) {
      if (top && top.level === item.level) open.pop();
      const list = listFor(item, element.ownerDocument);
      const holder = open.at(-1)?.list.lastElementChild;
      if (holder) holder.append(list);
      else element.before(list);
      top = { list, level: item.level, name: item.list };
      open.push(top);
    }
    const line = element.ownerDocument.createElement('li');
    line.append(...element.childNodes);
    top.list.append(line);
    const root = open[0]!.list;
    element.remove();
    before = root;
  }
}

function listFor({ marker }: Item, document: Document): HTMLElement {
  const number = /^\(?(\d+|[a-z]|[ivxlc]+)[.)]$/i.exec(marker)?.[1];
  const list = document.createElement(number === undefined ? 'ul' : 'ol');
  if (number !== undefined && /^\d+$/.test(number) && number !== '1') list.setAttribute('start', number);
  return list;
}
