// HTML of the clipboard to HTML that the schema reads: what it means stays, how it looked goes.

import { safeAddress } from '../format';
import { styleOf, tagsOf, withoutActingStyles } from './style';
import { cleanWord, isWord } from './word';

const GONE = 'script, style, template, noscript, head, title, meta, link, object, svg, math, button, select, colgroup, col, caption:empty';
const BLOCKS = new Set([
  'address', 'article', 'aside', 'blockquote', 'center', 'dd', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure',
  'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'nav', 'ol', 'p', 'pre', 'section',
  'table', 'ul',
]);

/** What was pasted: HTML to read, and images that it held in itself. */
export interface Pasted {
  html: string;
  images: string[];
}

export function cleanPaste(html: string): Pasted {
  // What was copied here says so itself, and is complete.
  if (/\bdata-pm-slice=/.test(html)) return { html, images: [] };
  const text = /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/i.exec(html);
  const fromWord = isWord(html);
  const whole = withoutActingStyles(text ? text[1]! : html)
    // Conditional comments hold what only Word shows, but the marks of its lists stand between two of them.
    .replace(/<!--\[if !support\w+\]-->|<!\[if !support\w+\]>|<!--\[endif\]-->|<!\[endif\]>/gi, '')
    .replace(/<!--[\s\S]*?-->/g, '');
  const { body } = new DOMParser().parseFromString(whole, 'text/html');
  for (const it of body.querySelectorAll(GONE)) it.remove();
  if (fromWord) cleanWord(body);
  unwrapGoogle(body);
  taskItems(body);
  listsInLists(body);
  code(body);
  marks(body);
  links(body);
  const images = figures(body);
  tables(body);
  blocks(body);
  for (const it of body.querySelectorAll('*')) strip(it);
  return { html: body.innerHTML, images };
}

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

/** Google Docs wraps everything in a `<b>` that is not bold, and ends it in a break. */
function unwrapGoogle(body: HTMLElement): void {
  for (const it of body.querySelectorAll('[id^="docs-internal-guid"]')) unwrap(it);
  for (const it of body.querySelectorAll('br.Apple-interchange-newline')) it.remove();
  for (const it of body.querySelectorAll('br')) {
    // Between blocks a break is only space.
    const isBetween = (neighbour: Element | null) => neighbour !== null && BLOCKS.has(neighbour.localName);
    const solid = (node: ChildNode | null): boolean => node !== null && (node.nodeType === 1 || (node.textContent ?? '').trim() !== '');
    const alone = !solid(it.previousSibling) || isBetween(it.previousElementSibling);
    if (alone && (isBetween(it.nextElementSibling) || (it.nextSibling === null && isBetween(it.previousElementSibling)))) it.remove();
  }
}

function taskItems(body: HTMLElement): void {
  for (const item of body.querySelectorAll('li')) {
    const box = item.querySelector(':scope > input[type="checkbox"], :scope > p > input[type="checkbox"], :scope > label > input[type="checkbox"]');
    const checked = item.getAttribute('aria-checked') ?? (box ? String(box.hasAttribute('checked')) : null);
    const isTask = box !== null || item.getAttribute('role') === 'checkbox';
    if (!isTask) continue;
    item.setAttribute('data-checked', String(checked === 'true'));
    // Google Docs draws the box as a picture.
    if (!box) item.querySelector(':scope > img')?.remove();
    box?.remove();
  }
  for (const it of body.querySelectorAll('input, label')) unwrap(it);
}

/** A list beside the items of another belongs to the item before it. */
function listsInLists(body: HTMLElement): void {
  for (const list of body.querySelectorAll('ul > ul, ul > ol, ol > ul, ol > ol')) {
    const before = list.previousElementSibling;
    if (before?.localName === 'li') before.append(list);
    else unwrap(list);
  }
}

/** Code keeps its lines, whichever way an editor wrote them. */
function code(body: HTMLElement): void {
  for (const pre of body.querySelectorAll('pre')) {
    for (const it of pre.querySelectorAll('br')) it.replaceWith('\n');
    for (const it of Array.from(pre.querySelectorAll('div, p')).reverse()) it.replaceWith(...it.childNodes, it.nextSibling ? '\n' : '');
    const language = /(?:lang|language|highlight-source)-([\w+#.-]+)/.exec(`${pre.className} ${pre.querySelector('code')?.className ?? ''} ${pre.parentElement?.className ?? ''}`);
    if (language) pre.setAttribute('data-language', language[1]!);
    pre.textContent = (pre.textContent ?? '').replace(/\u00a0/g, ' ').replace(/\n$/, '');
  }
  // Editors of code copy lines as divs of a fixed font.
  const only = body.children.length === 1 ? body.firstElementChild : null;
  const font = only ? (styleOf(only).get('font-family') ?? '') : '';
  if (only?.localName === 'div' && /monospace|consolas|menlo|courier/.test(font) && /pre/.test(styleOf(only).get('white-space') ?? '')) {
    const lines = only.children.length > 0 ? Array.from(only.children).map((it) => it.textContent ?? '') : [only.textContent ?? ''];
    const pre = body.ownerDocument.createElement('pre');
    pre.textContent = lines.join('\n').replace(/\u00a0/g, ' ');
    only.replaceWith(pre);
  }
}

/** Styles that mean something become tags; a tag whose style takes it back goes. */
function marks(body: HTMLElement): void {
  for (const it of Array.from(body.querySelectorAll<HTMLElement>('*'))) {
    if (it.closest('pre')) continue;
    const tags = tagsOf(styleOf(it));
    const own = { b: 'strong', i: 'em', s: 'del', strike: 'del', ins: 'u' }[it.localName as 'b'] ?? it.localName;
    if (tags.get(own) === false && ['strong', 'em'].includes(own)) {
      unwrap(it);
      continue;
    }
    // Whole blocks and links look as they look: that is their own.
    if (BLOCKS.has(it.localName) || ['a', 'th', 'tr', 'tbody', 'thead'].includes(it.localName)) continue;
    const inHeading = it.closest('h1, h2, h3, h4, h5, h6, th') !== null;
    const inLink = it.closest('a') !== null || it.querySelector('a') !== null;
    for (const [tag, isOn] of tags) {
      if (!isOn || tag === own || (tag === 'strong' && inHeading) || (tag === 'u' && inLink)) continue;
      const wrapped = body.ownerDocument.createElement(tag);
      wrapped.append(...it.childNodes);
      it.append(wrapped);
    }
  }
}

function links(body: HTMLElement): void {
  for (const link of body.querySelectorAll('a')) {
    const href = link.getAttribute('href');
    if (href === null || safeAddress(href) === null || /^#_(?:toc|ref|msocom)/i.test(href)) {
      unwrap(link);
      continue;
    }
    const through = /^https:\/\/www\.google\.com\/url\?(.*)$/.exec(href);
    const target = through && new URLSearchParams(through[1]!).get('q');
    if (target && safeAddress(target) !== null) link.setAttribute('href', target);
  }
}

/** Images that stand alone become figures; those of other machines go; those in the HTML itself are handed over. */
function figures(body: HTMLElement): string[] {
  const images: string[] = [];
  for (const image of Array.from(body.querySelectorAll('img'))) {
    const address = image.getAttribute('src') ?? '';
    if (/^data:/i.test(address)) images.push(address);
    const isTiny = image.getAttribute('width') === '1' || image.getAttribute('height') === '1';
    if (isTiny || !/^(?:https?:|\/)/i.test(address) || safeAddress(address) === null) {
      image.remove();
      continue;
    }
    const figure = image.closest('figure');
    const caption = figure?.querySelector('figcaption');
    const around = alone(image, body);
    if (figure && figure.querySelectorAll('img').length === 1) figure.replaceWith(figureOf(image, caption ?? null));
    else if (around && !image.closest('td, th, a[href]')) around.replaceWith(figureOf(image, null));
  }
  return images;
}

/** The outermost element that holds nothing but the image. */
function alone(image: HTMLElement, body: HTMLElement): HTMLElement | null {
  let around = image;
  while (around.parentElement && around.parentElement !== body && !['li', 'blockquote'].includes(around.parentElement.localName)
    && (around.parentElement.textContent ?? '').trim() === '' && around.parentElement.querySelectorAll('img').length === 1) {
    around = around.parentElement;
  }
  const isBlock = around !== image || around.parentElement === body;
  return isBlock ? around : null;
}

function figureOf(image: HTMLElement, caption: Element | null): HTMLElement {
  const document = image.ownerDocument;
  const figure = document.createElement('figure');
  figure.setAttribute('data-block', 'image');
  const words = document.createElement('figcaption');
  if (caption) words.append(...caption.childNodes);
  figure.append(image, words);
  return figure;
}

/** Cells hold text: their blocks become lines, and cells over several places leave empty ones behind. */
function tables(body: HTMLElement): void {
  // Those inside others come first.
  for (const table of Array.from(body.querySelectorAll('table')).reverse()) {
    const cells = table.querySelectorAll<HTMLElement>('td, th');
    // A table around one cell is a frame that mail programs draw.
    if (cells.length === 1) {
      table.replaceWith(...cells[0]!.childNodes);
      continue;
    }
    const caption = table.querySelector('caption');
    if (caption) {
      const words = body.ownerDocument.createElement('p');
      words.append(...caption.childNodes);
      caption.remove();
      table.before(words);
    }
    spread(table);
    for (const cell of table.querySelectorAll<HTMLElement>('td, th')) {
      const side = styleOf(cell).get('text-align');
      if (side) cell.setAttribute('align', side);
      flatten(cell);
    }
  }
}

function spread(table: HTMLElement): void {
  const rows = Array.from(table.querySelectorAll('tr'));
  const hanging: Map<number, number> = new Map();
  for (const row of rows) {
    let column = 0;
    const empty = (before: Element | null) => {
      const cell = table.ownerDocument.createElement('td');
      row.insertBefore(cell, before);
    };
    for (const cell of Array.from(row.children)) {
      while ((hanging.get(column) ?? 0) > 0) {
        hanging.set(column, hanging.get(column)! - 1);
        empty(cell);
        column += 1;
      }
      const wide = Math.min(100, Math.max(1, Number(cell.getAttribute('colspan')) || 1));
      const high = Math.min(1000, Math.max(1, Number(cell.getAttribute('rowspan')) || 1));
      for (let index = 0; index < wide; index += 1) {
        if (index > 0) empty(cell.nextElementSibling);
        if (high > 1) hanging.set(column + index, high - 1);
      }
      cell.removeAttribute('colspan');
      cell.removeAttribute('rowspan');
      column += wide;
    }
  }
}

function flatten(cell: HTMLElement): void {
  for (const block of Array.from(cell.querySelectorAll('*')).filter((it) => BLOCKS.has(it.localName)).reverse()) {
    const isLast = block.nextSibling === null && block.parentElement === cell;
    const follows = (block.textContent ?? '').trim() !== '' && !isLast;
    block.replaceWith(...block.childNodes, ...(follows ? [cell.ownerDocument.createElement('br')] : []));
  }
  while (cell.lastChild && (cell.lastChild.nodeName === 'BR' || (cell.lastChild.textContent ?? '').trim() === '' && cell.lastChild.nodeName !== 'IMG')) {
    cell.lastChild.remove();
  }
}

/** Empty paragraphs are space, which is the theme's. Words in `dt` and others that are no paragraphs become ones. */
function blocks(body: HTMLElement): void {
  for (const it of Array.from(body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6'))) {
    const isEmpty = (it.textContent ?? '').replace(/[\s\u00a0]/g, '') === '' && !it.querySelector('img, hr, br + br, [data-inline]');
    if (isEmpty) it.remove();
  }
  for (const it of Array.from(body.querySelectorAll<HTMLElement>('dt'))) {
    const strong = body.ownerDocument.createElement('strong');
    strong.append(...it.childNodes);
    it.append(strong);
  }
}

const KEPT_ATTRIBUTES = new Set([
  'href', 'src', 'alt', 'title', 'start', 'align', 'data-block', 'data-inline', 'data-json', 'data-label', 'data-checked',
  'data-language', 'data-tight',
]);

function strip(element: Element): void {
  for (const { name } of Array.from(element.attributes)) {
    if (!KEPT_ATTRIBUTES.has(name)) element.removeAttribute(name);
  }
}
