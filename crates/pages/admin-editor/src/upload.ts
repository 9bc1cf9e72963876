// Files that are dropped, pasted or chosen: sent with progress, and put where they were let go.

import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { rememberAsset } from './assets';
import { insertBlock } from './commands';
import { type Asset, type Context, problemOf } from './context';
import { nodes, schema } from './schema';
import { el } from './ui/dom';

type Change = { add: { key: string; pos: number; element: HTMLElement } } | { remove: string };
const placeholders = new PluginKey<DecorationSet>('uploads');

/** Shows where a file will stand while it is on its way, wherever the text around it goes. */
export function uploads(): Plugin {
  return new Plugin<DecorationSet>({
    key: placeholders,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const mapped = set.map(tr.mapping, tr.doc);
        const change = tr.getMeta(placeholders) as Change | undefined;
        if (!change) return mapped;
        if ('remove' in change) return mapped.remove(mapped.find(undefined, undefined, (it) => it.key === change.remove));
        const { key, pos, element } = change.add;
        return mapped.add(tr.doc, [Decoration.widget(pos, element, { key, ignoreSelection: true, stopEvent: () => true })]);
      },
    },
    props: { decorations: (state) => placeholders.getState(state) },
  });
}

/** Sends one file; progress is between 0 and 1. */
export function send(
  context: Pick<Context, 'texts' | 'endpoints'>, file: File, progress: (part: number) => void, signal?: AbortSignal,
): Promise<Asset> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file, file.name);
    request.open('POST', context.endpoints.upload ?? '');
    request.setRequestHeader('accept', 'application/json');
    if (context.endpoints.csrf) request.setRequestHeader('x-csrf-token', context.endpoints.csrf);
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      try {
        if (request.status >= 300) throw new Error(problemOf(request.responseText, request.status, context.texts));
        const asset = JSON.parse(request.responseText) as Asset;
        rememberAsset(asset.id, asset.url);
        resolve(asset);
      } catch (error) {
        reject(error);
      }
    });
    request.addEventListener('error', () => reject(new Error(context.texts.get('no_connection'))));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** Whether an asset can be shown as an image. */
export function isImage(asset: Asset): boolean {
  return asset.media_type === undefined || asset.media_type.startsWith('image/');
}

/** Sends files, and puts each where it was let go. */
export async function uploadAt(context: Context, files: File[], pos: number): Promise<void> {
  // One after another: they stand in the order in which they were chosen.
  for (const file of files) await uploadOne(context, file, pos);
}

let counter = 0;

async function uploadOne(context: Context, file: File, pos: number): Promise<void> {
  const { view, texts } = context;
  counter += 1;
  const key = `upload-${counter}`;
  const stop = new AbortController();
  const bar = el('progress', { max: 1, value: 0, 'aria-label': texts.get('uploading', { name: file.name }) });
  const element = el('span', { class: 'editor-upload', contenteditable: 'false' },
    el('span', { class: 'editor-upload-name' }, file.name), bar,
    el('button', { type: 'button', class: 'editor-quiet', onclick: () => stop.abort() }, texts.get('cancel')));
  const at = Math.min(pos, view.state.doc.content.size);
  view.dispatch(view.state.tr.setMeta(placeholders, { add: { key, pos: at, element } }));
  context.announce(texts.get('uploading', { name: file.name }));
  let asset: Asset | null = null;
  try {
    asset = await send(context, file, (part) => {
      bar.value = part;
    }, stop.signal);
  } catch (error) {
    const isStopped = error instanceof DOMException && error.name === 'AbortError';
    const reason = isStopped ? texts.get('stopped') : (error as Error).message;
    context.announce(texts.get('upload_failed', { name: file.name, reason }), true);
  }
  if (view.isDestroyed) return;
  const found = placeholders.getState(view.state)?.find(undefined, undefined, (it) => it.key === key)[0];
  view.dispatch(view.state.tr.setMeta(placeholders, { remove: key }));
  if (!asset || !found) return;
  put(context, asset, found.from);
  context.announce(texts.get('uploaded', { name: file.name }));
}

function put(context: Context, asset: Asset, pos: number): void {
  const { view } = context;
  if (isImage(asset)) {
    const node = nodes.image!.create({ asset: asset.id, alt: asset.alt ?? '' });
    insertBlock(node, pos)(view.state, view.dispatch);
    return;
  }
  const link = schema.text(asset.name ?? asset.url, [schema.marks.link!.create({ href: asset.url })]);
  const { parent } = view.state.doc.resolve(pos);
  if (parent.inlineContent) view.dispatch(view.state.tr.insert(pos, link));
  else insertBlock(nodes.paragraph!.create({ filler: false }, link), pos)(view.state, view.dispatch);
}

/** The files of a paste or a drop that are meant as files. */
export function filesOf(data: DataTransfer | null): File[] {
  const files = Array.from(data?.files ?? []);
  if (!data || files.length === 0) return [];
  const html = data.getData('text/html');
  // Word and spreadsheets add a picture of the text; a picture from a page comes with nothing but its tag.
  const isOnlyImage = /<img\b/i.test(html) && html.replace(/<!--[\s\S]*?-->|<style[\s\S]*?<\/style>|<[^>]*>|&nbsp;/gi, '').trim() === '';
  return html === '' || isOnlyImage ? files : [];
}

/** Files of the images that HTML holds in its own addresses, such as `data:image/png;base64,…`. */
export function fileOfAddress(address: string, index: number): File | null {
  const found = /^data:(image\/(png|jpeg|gif|webp));base64,([\s\S]+)$/i.exec(address.trim());
  if (!found) return null;
  try {
    const bytes = Uint8Array.from(atob(found[3]!.replace(/\s/g, '')), (it) => it.charCodeAt(0));
    return new File([bytes], `image-${index + 1}.${found[2]!.toLowerCase()}`, { type: found[1]!.toLowerCase() });
  } catch {
    return null;
  }
}
