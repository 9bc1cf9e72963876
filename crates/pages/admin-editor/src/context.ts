// What the parts of one editor share.

import type { EditorView } from 'prosemirror-view';
import type { JsonObject } from './format';
import type { Texts } from './texts';

/** A kind of block that a plugin brings. */
export interface BlockKind {
  name: string;
  title: string;
  description?: string;
  schema?: JsonObject;
}

/** What an asset's endpoint tells; the rest of its answer is not looked at. */
export interface Asset {
  id: string;
  url: string;
  thumbnail?: string;
  name?: string;
  alt?: string | null;
  media_type?: string;
}

/** Where the server answers; what is absent is not offered. */
export interface Endpoints {
  assets: string | null;
  upload: string | null;
  convert: string | null;
  blocks: string | null;
  csrf: string | null;
}

export interface Context {
  texts: Texts;
  endpoints: Endpoints;
  /** The element that the editor is in: menus and dialogs are put there. */
  root: HTMLElement;
  view: EditorView;
  kinds: BlockKind[];
  /** Says something to those who do not see it, and shows it in the bar. */
  announce(message: string, isFailure?: boolean): void;
}

/** What an endpoint answered, or an error with what to tell. */
export async function ask<T>(context: Pick<Context, 'texts' | 'endpoints'>, address: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (body !== undefined && context.endpoints.csrf) headers['x-csrf-token'] = context.endpoints.csrf;
  const init: RequestInit = { headers, credentials: 'same-origin' };
  const answer = await fetch(address, body === undefined ? init : { ...init, method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(problemOf(await answer.text().catch(() => ''), answer.status, context.texts));
  return answer.json() as Promise<T>;
}

/** What a problem's answer tells, in its own words where it has some. */
export function problemOf(text: string, status: number, texts: Texts): string {
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string };
    const told = problem.detail ?? problem.title;
    if (typeof told === 'string' && told !== '') return told;
  } catch {
    // No problem document: the status has to do.
  }
  return texts.get('failed', { status: String(status) });
}
