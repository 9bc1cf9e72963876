import { escape } from "smartcms-plugin";

import type { Message } from "./message.ts";
import type { Texts } from "./settings.ts";

export const ADDRESS = "/ext/contact-form/";

/** What people do not see, and programs fill in. */
export const TRAP = "website";

/** How the form looks, on its own page and within a theme, whose fonts and colours it takes. */
export const FORM_STYLE = `form.contact-form{--contact-accent:#1f5fa8;display:block;margin-block:1.5rem}
@media(prefers-color-scheme:dark){form.contact-form{--contact-accent:#8ab8ee}}
form.contact-form *{box-sizing:border-box}
form.contact-form label{display:block;margin-block:1rem .25rem;font-weight:600}
form.contact-form input,form.contact-form textarea{display:block;inline-size:100%;block-size:auto;margin:0;font:inherit;color:inherit;
  background:transparent;padding:.6rem .75rem;border:1px solid #8a8578;border-radius:.4rem}
form.contact-form textarea{min-block-size:10rem;resize:vertical}
form.contact-form button{font:inherit;font-weight:600;margin-block-start:1.25rem;padding:.65rem 1.5rem;border:0;border-radius:.4rem;
  background:var(--contact-accent);color:Canvas;cursor:pointer}
form.contact-form :focus-visible{outline:3px solid var(--contact-accent);outline-offset:2px}
form.contact-form .trap{position:absolute;inset-inline-start:-100vw}
`;

const PAGE_STYLE = `:root{color-scheme:light dark}
body{font:1.0625rem/1.6 system-ui,sans-serif;max-inline-size:38rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.75rem;line-height:1.2;margin-block:0 1rem}
[role=alert]{border-inline-start:4px solid #c03535;padding:.5rem 1rem;margin:0}
a{color:inherit}
`;

/** The page with the form, and what is to be said about what was filled in. */
export function formPage(texts: Texts, token: string, message: Message, alert?: string): string {
  const intro = texts.intro === "" ? "" : `<p>${escape(texts.intro)}</p>`;
  const said = alert === undefined ? "" : `<p role="alert">${escape(alert)}</p>`;
  return page(texts, texts.title, `${intro}${said}${form(texts, token, message)}${back(texts)}`);
}

export function sentPage(texts: Texts): string {
  return page(texts, texts.thanks, `<p>${escape(texts.sent)}</p>${back(texts)}`);
}

const back = (texts: Texts): string => `<p><a href="/">${escape(texts.back)}</a></p>`;

/** The form in a page of the theme, for blocks that are trusted. */
export const inlineForm = (texts: Texts, token: string, message: Message): string =>
  `<link rel="stylesheet" href="${ADDRESS}form.css">${form(texts, token, message)}`;

/** The form itself. */
export function form(texts: Texts, token: string, message: Message): string {
  const input = (name: "name" | "email", type: string) =>
    `<label for="contact-${name}">${escape(texts[name])}</label>` +
    `<input id="contact-${name}" name="${name}" type="${type}" value="${escape(message[name])}" autocomplete="${name}" maxlength="200" required>`;
  return `<form class="contact-form" method="post" action="${ADDRESS}">
${input("name", "text")}
${input("email", "email")}
<label for="contact-message">${escape(texts.message)}</label>
<textarea id="contact-message" name="message" rows="8" required>
${escape(message.message)}</textarea>
<div class="trap" aria-hidden="true"><label for="contact-${TRAP}">${escape(texts.trap)}</label><input id="contact-${TRAP}" name="${TRAP}" tabindex="-1" autocomplete="off"></div>
<input type="hidden" name="page" value="${escape(message.page)}"><input type="hidden" name="token" value="${escape(token)}">
<button>${escape(texts.send)}</button>
</form>`;
}

function page(texts: Texts, title: string, content: string): string {
  return `<!doctype html>
<html lang="${escape(texts.language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${PAGE_STYLE}${FORM_STYLE}</style>
<main>
<h1>${escape(title)}</h1>
${content}
</main>
</html>
`;
}
