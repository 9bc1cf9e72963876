import { create } from "smartcms:content/writer@0.1.0";

import { escape, fields, log, type Blocks } from "smartcms-plugin";
import { parameters, routes, type Request, type Response } from "smartcms-plugin/http";

import { messageOf, objection, subjectOf, type Message } from "./message.ts";
import { ADDRESS, FORM_STYLE, formPage, inlineForm, sentPage, TRAP } from "./page.ts";
import { read, type Settings, type Texts } from "./settings.ts";
import { issue, verified } from "./token.ts";
import { hasRoom, remember, wasSent } from "./traffic.ts";

const BODY_BYTES_MAX = 64 * 1024;
const SENT = "/sent";

const SCHEMA = {
  type: "object",
  properties: { label: { type: "string", minLength: 1, maxLength: 100 } },
  additionalProperties: false,
};

/** A link to the form or, where the operator trusts its HTML, the form. */
export const blocks: Blocks = {
  list() {
    const description = "A form with which readers write to you, or a link to it.";
    return [{ name: "form", title: "Contact form", description, schema: JSON.stringify(SCHEMA) }];
  },

  render(_kind, attributes, { slug }) {
    const { texts, inline } = read();
    if (inline) return inlineForm(texts, issue(now()), messageOf({ page: slug }));
    const { label = texts.link } = JSON.parse(attributes) as { label?: string };
    return `<p><a href="${ADDRESS}?page=${escape(encodeURIComponent(slug))}">${escape(label)}</a></p>`;
  },
};

/** The form at the plugin's own address, and what is sent with it. */
export const incomingHandler = routes((request) => {
  const settings = read();
  if (request.method === "POST" && request.path === "/") return received(request, settings);
  if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD, POST" } };
  if (request.path === SENT) return shown(200, sentPage(settings.texts));
  if (request.path === "/form.css") return { body: FORM_STYLE, headers: { "content-type": "text/css", "cache-control": "public, max-age=3600" } };
  if (request.path !== "/") return { status: 404, body: "Nothing is here.\n", headers: { "content-type": "text/plain" } };
  const page = parameters(request.query).page ?? "";
  return again(200, messageOf({ page }), settings);
});

function received(request: Request, settings: Settings): Response {
  const kind = request.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (kind !== "application/x-www-form-urlencoded") return { status: 415, body: "This takes forms.\n" };
  const filled = request.form(BODY_BYTES_MAX);
  const message = messageOf(filled);
  // Whoever fills in what nobody sees is told what they want to hear.
  if (filled[TRAP]) return thanked();
  const token = verified(filled.token ?? "");
  const age = token ? now() - token.made : 0;
  if (!token || age > settings.mostHours * 3600) return again(400, message, settings, "expired");
  const reason = objection(message, settings);
  if (reason) return again(422, message, settings, reason);
  if (age < settings.leastSeconds) return again(422, message, settings, "quick");
  if (wasSent(token)) return thanked();
  if (!hasRoom(now(), settings.perHour)) {
    log.warn(`a message was not taken: ${settings.perHour} came within this hour, the setting \`per_hour\``);
    return again(429, message, settings, "busy");
  }
  if (!kept(message, settings)) return again(503, message, settings, "unavailable");
  remember(token, now(), settings.mostHours);
  return thanked();
}

/** Stores a message as a draft: nobody but editors sees it. */
function kept(message: Message, { collection }: Settings): boolean {
  const values = { subject: subjectOf(message), ...message };
  try {
    const entry = create({ collection, fields: Object.entries(values).map(([name, text]) => fields.field(name, text)) });
    log.info(`a message is kept: ${collection} ${entry.id}`);
    return true;
  } catch (error) {
    const reason = (error as { payload?: unknown }).payload ?? String(error);
    log.error(`a message could not be kept in the collection ${collection}: ${JSON.stringify(reason)}`);
    return false;
  }
}

/** The form once more, with what was filled in. */
function again(status: number, message: Message, settings: Settings, reason?: keyof Texts): Response {
  const alert = reason && settings.texts[reason].replace("{most}", String(settings.links));
  return shown(status, formPage(settings.texts, issue(now()), message, alert));
}

const shown = (status: number, body: string): Response => ({
  status,
  body,
  headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
});

/** Loading the page that follows again sends nothing again. */
const thanked = (): Response => ({ status: 303, headers: { location: `${ADDRESS}sent`, "cache-control": "no-store" } });

const now = (): number => Math.floor(Date.now() / 1000);
