// The block tree as JSON: what docs/rich-text.md says, as types and limits.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** The version of the document format that is read and written. */
export const VERSION = 1;
/** How deep blocks may stand inside one another. */
export const DEPTH_MAX = 20;
export const COLUMNS_MAX = 100;
export const LIST_START_MAX = 999_999_999;

export const TONES = ['note', 'tip', 'important', 'warning', 'caution'] as const;
export const ALIGNMENTS = ['left', 'center', 'right'] as const;
/** In the order of the normal form, from outside in. */
export const MARKS = [
  'link', 'bold', 'italic', 'strike', 'underline', 'highlight', 'superscript', 'subscript', 'code',
] as const;

/** Whether a text may be an id of a block or an asset, or a label of a footnote. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** Whether a text is the type of a plugin's block: `plugin/block`. */
export function isPluginBlockName(text: string): boolean {
  const [plugin, block, ...more] = text.split('/');
  return more.length === 0 && isId(plugin) && isId(block);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The address where a reader's browser may be sent to it, as the server judges it; otherwise `null`. */
export function safeAddress(text: string): string | null {
  const address = text.trim();
  // Browsers leave control characters out of addresses, which would hide a scheme.
  if (address.length > 8192 || /[\u0000-\u001f\u007f-\u009f]/.test(address)) return null;
  const scheme = /^([^:/?#\\]*):/.exec(address)?.[1];
  if (scheme === undefined) return address;
  return ['http', 'https', 'mailto', 'tel'].includes(scheme.toLowerCase()) ? address : null;
}

/** Whether an address is complete and of the web: what can be embedded. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text.trim()) && safeAddress(text) !== null;
}

/** Text without halves of characters, which JSON of the server has no place for. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '');
}

/** One line, without control characters: the normal form of text. */
export function oneLine(text: string): string {
  return wellFormed(text).replace(/\r\n|[\n\r\t]/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '');
}

export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((it, index) => sameJson(it, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && sameJson(one[key], other[key]));
}
