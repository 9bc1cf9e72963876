// Choosing an image: from the library, from this computer, or from an address.

import { rememberAsset } from '../assets';
import { type Asset, type Context, ask } from '../context';
import { safeAddress } from '../format';
import { isImage, send } from '../upload';
import { openDialog } from './dialog';
import { el, labelled } from './dom';

/** What was chosen, as the attributes of an image. */
export interface Chosen {
  asset: string | null;
  url: string | null;
  alt: string;
}

interface Listing {
  items: Asset[];
}

export function pickImage(context: Context, accept: (chosen: Chosen) => void): void {
  const { texts, endpoints } = context;
  const body: HTMLElement[] = [];
  const take = (asset: Asset) => {
    rememberAsset(asset.id, asset.url);
    close();
    accept({ asset: asset.id, url: null, alt: asset.alt ?? '' });
  };
  if (endpoints.upload) body.push(uploadPart(context, take));
  if (endpoints.assets) body.push(...libraryPart(context, endpoints.assets, take));
  const address = el('input', { type: 'text', inputmode: 'url', dir: 'ltr', autocomplete: 'off' });
  const alt = el('input', { type: 'text', autocomplete: 'off' });
  body.push(el('details', { class: 'editor-details', open: !endpoints.assets && !endpoints.upload },
    el('summary', {}, texts.get('from_address')),
    labelled(texts.get('address'), address), labelled(texts.get('alt'), alt, texts.get('alt_hint'))));
  const close = openDialog(context, {
    title: texts.get('image'),
    accept: texts.get('insert'),
    wide: true,
    body,
    submit() {
      const url = safeAddress(address.value);
      if (!url) return texts.get(address.value === '' ? 'choose_image' : 'bad_address');
      accept({ asset: null, url, alt: alt.value });
      return null;
    },
  });
}

function uploadPart(context: Context, take: (asset: Asset) => void): HTMLElement {
  const { texts } = context;
  const bar = el('progress', { max: 1, value: 0, hidden: true, 'aria-label': texts.get('upload') });
  const problem = el('p', { class: 'editor-problem', role: 'alert', hidden: true });
  const input = el('input', {
    type: 'file',
    accept: 'image/*',
    onchange: async () => {
      const file = input.files?.[0];
      if (!file) return;
      bar.hidden = false;
      problem.hidden = true;
      try {
        const asset = await send(context, file, (part) => {
          bar.value = part;
        });
        if (isImage(asset)) take(asset);
      } catch (error) {
        problem.textContent = texts.get('upload_failed', { name: file.name, reason: (error as Error).message });
        problem.hidden = false;
      }
      bar.hidden = true;
    },
  });
  const field = labelled(texts.get('upload'), input);
  field.append(bar, problem);
  return field;
}

function libraryPart(context: Context, address: string, take: (asset: Asset) => void): HTMLElement[] {
  const { texts } = context;
  const grid = el('ul', { class: 'editor-grid', 'aria-label': texts.get('library') });
  const state = el('p', { class: 'editor-hint', role: 'status' });
  const search = el('input', { type: 'search', autocomplete: 'off', oninput: () => wait() });
  let timer = 0;
  let turn = 0;
  const load = async () => {
    turn += 1;
    const mine = turn;
    state.textContent = texts.get('loading');
    const url = new URL(address, location.href);
    if (search.value.trim() !== '') url.searchParams.set('q', search.value.trim());
    try {
      const { items } = await ask<Listing>(context, url.href);
      if (mine !== turn) return;
      grid.replaceChildren(...items.filter(isImage).map((it) => tile(it, take)));
      state.textContent = grid.childElementCount === 0 ? texts.get('nothing_found') : '';
    } catch (error) {
      if (mine === turn) state.textContent = (error as Error).message;
    }
  };
  const wait = () => {
    clearTimeout(timer);
    timer = window.setTimeout(load, 250);
  };
  void load();
  return [labelled(texts.get('search_library'), search), state, grid];
}

function tile(asset: Asset, take: (asset: Asset) => void): HTMLElement {
  const name = asset.name ?? asset.id;
  return el('li', {}, el('button', { type: 'button', class: 'editor-tile', onclick: () => take(asset) },
    el('img', { src: asset.thumbnail ?? asset.url, alt: asset.alt ?? '', loading: 'lazy', width: 160, height: 120 }),
    el('span', {}, name)));
}
