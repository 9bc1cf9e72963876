// What is asked for links and for blocks that are one thing.

import type { Node } from 'prosemirror-model';
import { NodeSelection } from 'prosemirror-state';
import { linkAt, setLink } from '../commands';
import type { Context } from '../context';
import { isWebAddress, safeAddress } from '../format';
import { schema } from '../schema';
import { openDialog } from './dialog';
import { el, labelled } from './dom';
import { schemaForm } from './schema_form';

export function editLink(context: Context): void {
  const { view, texts } = context;
  const { state } = view;
  const there = linkAt(state);
  const { from, to, empty } = state.selection;
  const address = el('input', { type: 'text', inputmode: 'url', dir: 'ltr', autocomplete: 'off' });
  const title = el('input', { type: 'text', autocomplete: 'off' });
  const words = el('input', { type: 'text', autocomplete: 'off' });
  address.value = there?.href ?? '';
  title.value = there?.title ?? '';
  const needsWords = !there && empty;
  openDialog(context, {
    title: texts.get('link'),
    accept: texts.get('apply'),
    body: [
      labelled(texts.get('address'), address, texts.get('address_hint')),
      ...(needsWords ? [labelled(texts.get('link_words'), words)] : []),
      labelled(texts.get('title_optional'), title),
    ],
    ...(there ? { extra: { label: texts.get('remove_link'), run: () => setLink(there.from, there.to, null)(view.state, view.dispatch) } } : {}),
    submit() {
      const href = completed(address.value);
      if (href === '' || safeAddress(href) === null) return texts.get('bad_address');
      if (needsWords) {
        const mark = schema.marks.link!.create({ href, title: title.value || null });
        view.dispatch(view.state.tr.insert(from, schema.text(words.value.trim() || href, [mark])));
        return null;
      }
      const [start, end] = there ? [there.from, there.to] : [from, to];
      setLink(start, end, href, title.value)(view.state, view.dispatch);
      return null;
    },
  });
}

/** `example.com` is meant as a page of the web, `a@example.com` as mail. */
function completed(text: string): string {
  const address = text.trim();
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return `mailto:${address}`;
  if (/^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[/?#]|$)/i.test(address)) return `https://${address}`;
  return address;
}

/** Opens what a block has to say about itself; `false` where there is nothing to edit. */
export function editNode(context: Context, node: Node, pos: number): boolean {
  const set = (attributes: Record<string, unknown>) => {
    const { state } = context.view;
    const there = state.doc.nodeAt(pos);
    if (there?.type !== node.type) return;
    const { tr } = state;
    for (const [name, value] of Object.entries(attributes)) tr.setNodeAttribute(pos, name, value);
    context.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, pos)));
  };
  switch (node.type.name) {
    case 'embed':
      editEmbed(context, node.attrs.url, (url) => set({ url }));
      return true;
    case 'html':
    case 'inline_html':
      editHtml(context, node.attrs.html, (html) => set({ html }));
      return true;
    case 'plugin':
      editPlugin(context, node, (data) => set({ data }));
      return true;
    case 'unknown':
    case 'unknown_inline':
      showUnknown(context, node);
      return true;
    default:
      return false;
  }
}

export function editEmbed(context: Context, before: string, accept: (url: string) => void): void {
  const { texts } = context;
  const address = el('input', { type: 'url', dir: 'ltr', autocomplete: 'off' });
  address.value = before;
  openDialog(context, {
    title: texts.get('embed'),
    accept: texts.get('apply'),
    body: [labelled(texts.get('address'), address, texts.get('embed_hint'))],
    submit() {
      if (!isWebAddress(address.value)) return texts.get('bad_web_address');
      accept(address.value.trim());
      return null;
    },
  });
}

export function editHtml(context: Context, before: string, accept: (html: string) => void): void {
  const { texts } = context;
  const area = el('textarea', { rows: 10, dir: 'ltr', spellcheck: 'false', class: 'editor-mono' });
  area.value = before;
  openDialog(context, {
    title: texts.get('html'),
    accept: texts.get('apply'),
    wide: true,
    body: [labelled(texts.get('html_source'), area, texts.get('html_hint'))],
    submit() {
      accept(area.value);
      return null;
    },
  });
}

function editPlugin(context: Context, node: Node, accept: (data: unknown) => void): void {
  const { texts } = context;
  const kind = context.kinds.find((it) => it.name === node.attrs.name);
  const form = schemaForm(texts, kind?.schema ?? null, node.attrs.data);
  const description = kind?.description || (kind ? '' : texts.get('plugin_missing'));
  openDialog(context, {
    title: kind?.title ?? node.attrs.name,
    accept: texts.get('apply'),
    wide: true,
    body: [...(description ? [el('p', { class: 'editor-hint' }, description)] : []), form.element],
    submit() {
      const read = form.read();
      if ('problem' in read) return read.problem;
      accept(read.data);
      return null;
    },
  });
}

function showUnknown(context: Context, node: Node): void {
  const { texts } = context;
  const shown = el('pre', { class: 'editor-mono editor-shown', dir: 'ltr', tabindex: 0 }, JSON.stringify(node.attrs.json, null, 2));
  openDialog(context, {
    title: texts.get('unknown'),
    accept: null,
    wide: true,
    body: [el('p', { class: 'editor-hint' }, texts.get('unknown_hint')), shown],
  });
}
