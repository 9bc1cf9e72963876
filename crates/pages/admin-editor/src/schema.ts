// The block tree as ProseMirror's schema. Its names are those of the JSON format where both have the thing.
//
// What the format does not know stands in `unknown` and `unknown_inline` as it came, so that nothing is lost.

import { type Attrs, type MarkSpec, type NodeSpec, Schema } from 'prosemirror-model';
import { tableNodes } from 'prosemirror-tables';
import { imageAddress } from './assets';
import { ALIGNMENTS, safeAddress } from './format';

const id = { id: { default: null } };
const image = { asset: { default: null }, url: { default: null }, alt: { default: '' }, title: { default: null } };

/** The attributes without those that are not set, for HTML. */
function tagged(attributes: Record<string, unknown>): Record<string, string> {
  const set = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined && value !== false);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}

function idOf(dom: HTMLElement): Attrs {
  return { id: dom.getAttribute('data-id') };
}

function imageAttributes(dom: HTMLElement): Attrs | false {
  const asset = dom.getAttribute('data-asset');
  const url = asset === null ? (dom.getAttribute('data-url') ?? dom.getAttribute('src')) : null;
  if (asset === null && (url === null || safeAddress(url) === null)) return false;
  return { asset, url, alt: dom.getAttribute('alt') ?? '', title: dom.getAttribute('title') };
}

function imageTag(attrs: Attrs): Record<string, string> {
  return tagged({
    src: imageAddress(attrs), 'data-asset': attrs.asset, 'data-url': attrs.url, alt: attrs.alt, title: attrs.title,
  });
}

/** A block that is one thing: its JSON travels in an attribute when it is copied. */
function atom(name: string, attributes: Record<string, unknown>): NodeSpec {
  const names = Object.keys(attributes);
  return {
    group: 'block',
    atom: true,
    draggable: true,
    attrs: { ...id, ...Object.fromEntries(names.map((it) => [it, { default: attributes[it] }])) },
    parseDOM: [{
      tag: `div[data-block="${name}"]`,
      getAttrs: (dom) => {
        try {
          return { ...idOf(dom), ...JSON.parse(dom.getAttribute('data-json') ?? '{}') };
        } catch {
          return false;
        }
      },
    }],
    toDOM: (node) => ['div', tagged({
      'data-block': name,
      'data-id': node.attrs.id,
      'data-json': JSON.stringify(Object.fromEntries(names.map((it) => [it, node.attrs[it]]))),
    })],
  };
}

function inlineAtom(name: string, attribute: string, usual: unknown): NodeSpec {
  return {
    group: 'inline',
    inline: true,
    atom: true,
    attrs: { [attribute]: { default: usual } },
    parseDOM: [{
      tag: `span[data-inline="${name}"]`,
      getAttrs: (dom) => {
        try {
          return { [attribute]: JSON.parse(dom.getAttribute('data-json') ?? 'null') };
        } catch {
          return false;
        }
      },
    }],
    toDOM: (node) => ['span', { 'data-inline': name, 'data-json': JSON.stringify(node.attrs[attribute]) }],
  };
}

const tables = tableNodes({
  tableGroup: 'block',
  cellContent: 'inline*',
  cellAttributes: {
    align: {
      default: null,
      getFromDOM: (dom) => {
        const named = dom.getAttribute('data-align') ?? dom.getAttribute('align');
        return ALIGNMENTS.find((it) => it === named) ?? null;
      },
      setDOMAttr: (value, attributes) => {
        if (typeof value === 'string') attributes['data-align'] = value;
      },
    },
  },
});

const textblocks: Record<string, NodeSpec> = {
  paragraph: {
    group: 'block',
    content: 'inline*',
    // An empty paragraph that is only there to be written in is not part of the document.
    attrs: { ...id, filler: { default: true } },
    parseDOM: [{ tag: 'p', getAttrs: idOf }],
    toDOM: (node) => ['p', tagged({ 'data-id': node.attrs.id }), 0],
  },
  heading: {
    group: 'block',
    content: 'inline*',
    defining: true,
    attrs: { ...id, level: { default: 2 } },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, getAttrs: (dom) => ({ ...idOf(dom), level }) })),
    toDOM: (node) => [`h${node.attrs.level}`, tagged({ 'data-id': node.attrs.id }), 0],
  },
  code_block: {
    group: 'block',
    content: 'text*',
    marks: '',
    code: true,
    defining: true,
    attrs: { ...id, language: { default: null }, info: { default: null } },
    parseDOM: [{
      tag: 'pre',
      preserveWhitespace: 'full',
      getAttrs: (dom) => ({
        ...idOf(dom),
        language: dom.getAttribute('data-language') ?? languageOf(dom),
        info: dom.getAttribute('data-info'),
      }),
    }],
    toDOM: ({ attrs }) => ['pre', tagged({
      'data-id': attrs.id, 'data-language': attrs.language, 'data-info': attrs.info, dir: 'ltr', spellcheck: 'false',
    }), ['code', 0]],
  },
};

function languageOf(dom: HTMLElement): string | null {
  const classes = `${dom.className} ${dom.querySelector('code')?.className ?? ''}`;
  return /(?:^|\s)(?:lang|language|highlight-source)-([\w+#.-]+)/.exec(classes)?.[1] ?? null;
}

const containers: Record<string, NodeSpec> = {
  list: {
    group: 'block',
    content: 'list_item+',
    attrs: { ...id, style: { default: 'bulleted' }, start: { default: 1 }, tight: { default: true } },
    parseDOM: ['ul', 'ol'].map((tag) => ({
      tag,
      getAttrs: (dom: HTMLElement) => ({
        ...idOf(dom),
        style: tag === 'ol' ? 'numbered' : 'bulleted',
        start: Number.parseInt(dom.getAttribute('start') ?? '1', 10) || (dom.getAttribute('start') === '0' ? 0 : 1),
        tight: dom.getAttribute('data-tight') !== 'false',
      }),
    })),
    toDOM: ({ attrs }) => [attrs.style === 'numbered' ? 'ol' : 'ul', tagged({
      'data-id': attrs.id,
      'data-tight': attrs.tight ? null : 'false',
      start: attrs.style === 'numbered' && attrs.start !== 1 ? attrs.start : null,
    }), 0],
  },
  list_item: {
    content: 'block+',
    defining: true,
    attrs: { checked: { default: null } },
    parseDOM: [{
      tag: 'li',
      getAttrs: (dom) => {
        const checked = dom.getAttribute('data-checked');
        return { checked: checked === null ? null : checked === 'true' };
      },
    }],
    toDOM: (node) => ['li', tagged({ 'data-checked': node.attrs.checked === null ? null : String(node.attrs.checked) }), 0],
  },
  quote: {
    group: 'block',
    content: 'block+',
    defining: true,
    attrs: id,
    parseDOM: [{ tag: 'blockquote', getAttrs: idOf }],
    toDOM: (node) => ['blockquote', tagged({ 'data-id': node.attrs.id }), 0],
  },
  callout: {
    group: 'block',
    content: 'block+',
    defining: true,
    attrs: { ...id, tone: { default: 'note' }, title: { default: null } },
    parseDOM: [{
      tag: 'aside[data-tone]',
      getAttrs: (dom) => ({ ...idOf(dom), tone: dom.getAttribute('data-tone'), title: dom.getAttribute('data-title') }),
    }],
    toDOM: ({ attrs }) => ['aside', tagged({ 'data-id': attrs.id, 'data-tone': attrs.tone, 'data-title': attrs.title }), 0],
  },
  footnote: {
    content: 'block+',
    defining: true,
    isolating: true,
    attrs: { ...id, label: { default: '1' } },
    parseDOM: [{
      tag: 'div[data-block="footnote"]',
      getAttrs: (dom) => ({ ...idOf(dom), label: dom.getAttribute('data-label') ?? '1' }),
    }],
    toDOM: ({ attrs }) => ['div', tagged({ 'data-block': 'footnote', 'data-id': attrs.id, 'data-label': attrs.label }), 0],
  },
};

const figures: Record<string, NodeSpec> = {
  image: {
    group: 'block',
    content: 'inline*',
    isolating: true,
    draggable: true,
    attrs: { ...id, ...image },
    parseDOM: [{
      tag: 'figure[data-block="image"]',
      contentElement: (dom) => (dom as HTMLElement).querySelector('figcaption') ?? document.createElement('div'),
      getAttrs: (dom) => {
        const tag = dom.querySelector('img');
        const attributes = tag && imageAttributes(tag);
        return attributes ? { ...idOf(dom), ...attributes } : false;
      },
    }],
    toDOM: ({ attrs }) => ['figure', tagged({ 'data-block': 'image', 'data-id': attrs.id }),
      ['img', imageTag(attrs)], ['figcaption', 0]],
  },
  divider: {
    group: 'block',
    atom: true,
    attrs: id,
    parseDOM: [{ tag: 'hr', getAttrs: idOf }],
    toDOM: (node) => ['hr', tagged({ 'data-id': node.attrs.id })],
  },
  table: {
    ...tables.table,
    attrs: id,
    parseDOM: [{ tag: 'table', getAttrs: idOf }],
    toDOM: (node) => ['div', { class: 'editor-table' }, ['table', tagged({ 'data-id': node.attrs.id }), ['tbody', 0]]],
  },
  table_row: tables.table_row!,
  table_cell: tables.table_cell!,
  table_header: tables.table_header!,
  embed: atom('embed', { url: '' }),
  html: atom('html', { html: '' }),
  plugin: atom('plugin', { name: '', data: null }),
  unknown: atom('unknown', { json: null }),
};

const inlines: Record<string, NodeSpec> = {
  text: { group: 'inline' },
  break: {
    group: 'inline',
    inline: true,
    selectable: false,
    linebreakReplacement: true,
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
  },
  inline_image: {
    group: 'inline',
    inline: true,
    draggable: true,
    attrs: image,
    parseDOM: [{ tag: 'img', getAttrs: imageAttributes }],
    toDOM: ({ attrs }) => ['img', imageTag(attrs)],
  },
  footnote_reference: inlineAtom('footnote_reference', 'label', '1'),
  inline_html: inlineAtom('html', 'html', ''),
  unknown_inline: inlineAtom('unknown', 'json', null),
};

function simple(tags: string[]): MarkSpec {
  return { parseDOM: tags.map((tag) => ({ tag })), toDOM: () => [tags[0]!, 0] };
}

/** In the order of the normal form: ProseMirror keeps the marks of a piece in the order of the schema. */
const marks: Record<string, MarkSpec> = {
  link: {
    attrs: { href: {}, title: { default: null } },
    inclusive: false,
    parseDOM: [{
      tag: 'a[href]',
      getAttrs: (dom) => {
        const href = dom.getAttribute('data-href') ?? dom.getAttribute('href') ?? '';
        return safeAddress(href) === null ? false : { href, title: dom.getAttribute('title') };
      },
    }],
    // The server leaves no other addresses in; what slips past it must not become an address here.
    toDOM: ({ attrs }) => ['a', tagged({
      href: safeAddress(attrs.href) === null ? '#' : attrs.href, 'data-href': attrs.href, title: attrs.title,
    }), 0],
  },
  bold: simple(['strong', 'b']),
  italic: simple(['em', 'i']),
  strike: simple(['del', 's', 'strike']),
  underline: simple(['u', 'ins']),
  highlight: simple(['mark']),
  superscript: simple(['sup']),
  subscript: simple(['sub']),
  code: { ...simple(['code', 'tt']), code: true },
};

export const schema = new Schema({
  nodes: {
    doc: { content: '(block | footnote)+' },
    ...textblocks,
    ...containers,
    ...figures,
    ...inlines,
  },
  marks,
});

export const nodes = schema.nodes;
