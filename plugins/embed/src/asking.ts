import { log } from "smartcms-plugin";
import { send } from "smartcms-plugin/fetch";

import { failed, keep, type Card } from "./cards.ts";
import { hostOf, question, type Provider } from "./providers.ts";

const ANSWER_BYTES_MAX = 64 * 1024;
const PICTURE_BYTES_MAX = 120 * 1024;
const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];
const TEXT_MAX = 200;
const SIDE_MAX = 4000;

/** Asks a provider about an address and keeps what it says. Gives a sentence about it. */
export function ask(provider: Provider, address: string, now: number): string {
  try {
    const { card, picture } = asked(provider, address, now);
    keep(address, card, picture);
    return `${address}: ${card.title}`;
  } catch (error) {
    const reason = (error as Error).message;
    failed(address, reason, now);
    const host = hostOf(provider.endpoint);
    const isDenied = (error as { code?: string }).code === "HTTP-request-denied";
    log.warn(isDenied ? `${reason}; \`smartcms plugin grant embed http=${host}:443\` allows it` : reason);
    return `${address}: ${reason}`;
  }
}

function asked(provider: Provider, address: string, now: number): { card: Card; picture?: Uint8Array } {
  const answer = send(question(provider, address), { headers: { accept: "application/json" }, limit: ANSWER_BYTES_MAX });
  if (answer.status !== 200) throw new Error(`${hostOf(provider.endpoint)} answered ${answer.status} about ${address}`);
  const said = answer.json() as Record<string, unknown> | null;
  const title = text(said?.title);
  if (title === "") throw new Error(`${hostOf(provider.endpoint)} has no title for ${address}`);
  const card: Card = { title, author: text(said?.author_name), provider: text(said?.provider_name), at: now };
  const picture = pictured(text(said?.thumbnail_url, 2000));
  if (!picture) return { card };
  const [width, height] = [side(said?.thumbnail_width), side(said?.thumbnail_height)];
  return { card: { ...card, picture: { type: picture.type, ...(width && height ? { width, height } : {}) } }, picture: picture.bytes };
}

/** The picture, where its host was granted too: a card does without. */
function pictured(address: string): { type: string; bytes: Uint8Array } | undefined {
  if (hostOf(address) === undefined) return undefined;
  try {
    const answer = send(address, { limit: PICTURE_BYTES_MAX });
    const type = answer.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
    if (answer.status === 200 && PICTURES.includes(type)) return { type, bytes: answer.bytes };
    log.info(`${address} is no picture: ${answer.status} ${type}`);
  } catch (error) {
    log.info(`a card has no picture: ${(error as Error).message}`);
  }
  return undefined;
}

const text = (value: unknown, most = TEXT_MAX): string =>
  typeof value === "string" ? Array.from(value.replace(/\s+/g, " ").trim()).slice(0, most).join("") : "";

function side(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 && number <= SIDE_MAX ? number : undefined;
}
