import { report, shouldStop } from "smartcms:plugin/task-progress@0.1.0";

import type { Blocks, TaskEnd, Tasks } from "smartcms-plugin";
import { routes } from "smartcms-plugin/http";

import { ask } from "./asking.ts";
import { cardOf, done, isStale, pictureOf, typeOf, want, wanted } from "./cards.ts";
import { cardHtml, linkHtml } from "./html.ts";
import { hostOf, providerOf } from "./providers.ts";

const SCHEMA = {
  type: "object",
  properties: {
    url: { type: "string", pattern: "^https?://[^\\s]+$", maxLength: 2000 },
    caption: { type: "string", minLength: 1, maxLength: 300 },
  },
  required: ["url"],
  additionalProperties: false,
};

/** Cards. A page never waits for another site: what is not known yet is a link, and asked about by the task. */
export const blocks: Blocks = {
  list() {
    const description = "A film, music or picture of another site, as a card that loads nothing from there.";
    return [{ name: "card", title: "Embed", description, schema: JSON.stringify(SCHEMA) }];
  },

  render(_kind, attributes) {
    const { url, caption } = JSON.parse(attributes) as { url: string; caption?: string };
    if (hostOf(url) === undefined) throw `${JSON.stringify(url)} is no address of the web`;
    const card = cardOf(url);
    if (providerOf(url) && (!card || isStale(card, now()))) want(url);
    return card && card.failed === undefined ? cardHtml(url, card, caption) : linkHtml(url, caption);
  },
};

export const tasks: Tasks = {
  list() {
    const description = "Asks other sites about addresses that are shown; an address as argument is asked about at once.";
    return [{ name: "fetch", description, schedule: "*/5 * * * *", overlap: false }];
  },

  run({ argument }) {
    const list = argument ? [argument.trim()] : wanted();
    try {
      return fetched(list);
    } catch (error) {
      throw { tag: "failed", val: (error as Error).message };
    }
  },
};

function fetched(list: string[]): TaskEnd {
  let said = "";
  for (const [at, url] of list.entries()) {
    if (shouldStop()) return { tag: "stopped" };
    report(at, list.length, url);
    const provider = providerOf(url);
    said = provider ? ask(provider, url, now()) : `${url}: no provider is known for it`;
    done(url);
  }
  return { tag: "done", val: list.length === 1 ? said : `asked about ${list.length} addresses` };
}

/** Pictures of cards, which readers get from this site and no other. */
export const incomingHandler = routes(({ method, path }) => {
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD" } };
  const id = /^\/picture\/([0-9a-f]{32})$/.exec(path)?.[1];
  const [type, body] = id === undefined ? [] : [typeOf(id), pictureOf(id)];
  if (!type || !body) return { status: 404, headers: { "content-type": "text/plain" }, body: "There is no such picture.\n" };
  return { headers: { "content-type": type, "cache-control": "public, max-age=86400" }, body };
});

const now = (): number => Math.floor(Date.now() / 1000);
