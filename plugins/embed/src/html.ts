import { escape } from "smartcms-plugin";

import { idOf, type Card } from "./cards.ts";
import { hostOf } from "./providers.ts";

/** A card with what is known about an address; it loads nothing from there. */
export function cardHtml(address: string, card: Card, caption: string | undefined): string {
  const link = escape(address);
  const by = [card.author, card.provider || hostOf(address)].filter((it) => it);
  const about = by.length === 0 ? "" : ` – ${escape(by.join(", "))}`;
  const note = caption === undefined ? "" : `<br>${escape(caption)}`;
  return `<figure class="embed">${image(address, card)}<figcaption><a href="${link}">${escape(card.title)}</a>${about}${note}</figcaption></figure>`;
}

/** A link, for as long as nothing else is known. */
export function linkHtml(address: string, caption: string | undefined): string {
  const words = caption ?? address.replace(/^https?:\/\/(www\.)?/i, "");
  return `<p><a href="${escape(address)}">${escape(words)}</a></p>`;
}

function image(address: string, { title, picture }: Card): string {
  if (!picture) return "";
  const { width, height } = picture;
  const size = width && height ? ` width="${width}" height="${height}"` : "";
  const source = `/ext/embed/picture/${idOf(address)}`;
  return `<a href="${escape(address)}"><img src="${source}" alt="${escape(title)}" loading="lazy"${size}></a>`;
}
