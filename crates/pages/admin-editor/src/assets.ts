// Where the images of assets are, for showing them while writing.

import type { Attrs } from 'prosemirror-model';
import { isId, safeAddress } from './format';

let pattern: string | null = null;
const known = new Map<string, string>();

/** Sets the address at which an asset is shown, with `{id}` for its id. */
export function setAssetPattern(address: string | null): void {
  if (address !== null) pattern = address;
}

/** Remembers where an asset is that was just uploaded or picked. */
export function rememberAsset(id: string, address: string): void {
  known.set(id, address);
}

/** The address of an image, or `null` where it is not known or must not be asked for. */
export function imageAddress(attrs: Attrs): string | null {
  if (typeof attrs.asset === 'string') {
    return known.get(attrs.asset) ?? (isId(attrs.asset) ? (pattern?.replace('{id}', attrs.asset) ?? null) : null);
  }
  return typeof attrs.url === 'string' ? safeAddress(attrs.url) : null;
}
