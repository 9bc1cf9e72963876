// Texts that try to become a program, and a browser that tells when one does.

import { createServer } from 'node:http';
import { once } from 'node:events';

/** What nobody may ask for: each request to it is remembered. It also has the page that shows that all of this can fail. */
export async function startCanary() {
  const asked = [];
  let control = '';
  let answer = '';
  const server = createServer((request, response) => {
    if (request.url === '/control') {
      const policy = request.headers.referer ? '' : "img-src 'none'";
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
      response.end(control);
      return;
    }
    if (request.url === '/webhook') {
      // A receiver of messages that is hostile itself.
      response.writeHead(500, { 'content-type': 'text/html' });
      response.end(`answer ${answer}`);
      return;
    }
    if (!request.url.startsWith('/favicon')) asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' });
    response.end('<p>canary</p>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  return { base, asked, answers: (text) => { answer = text; }, control: (html) => { control = html; return `${base}/control`; }, stop: () => server.close() };
}

/** The texts; each tries one door. */
export function payloads(canary) {
  return {
    script: `<script>hit('script')</script>`,
    closing: `</title></textarea></style></script></option></select><script>hit('closing')</script>`,
    image: `<img src=x onerror=hit('image')>`,
    svg: `<svg onload=hit('svg')><animate onbegin=hit('svg') attributeName=x dur=1s>`,
    double: `" autofocus tabindex=1 onfocus="hit('double')" onmouseover="hit('double')" x="`,
    single: `' autofocus tabindex=1 onfocus='hit("single")' onmouseover='hit("single")' x='`,
    link: `<a href="javascript:hit('link')">a</a> [b](javascript:hit('link')) <javascript:hit('link')>`,
    data: `[c](data:text/html,<script>hit('data')</script>) ![d](data:text/html;base64,PHNjcmlwdD4=)`,
    reference: `[e][r] ![f](x"onerror="hit('reference')) \n\n[r]: javascript:hit('reference')\n`,
    frame: `<iframe srcdoc="<script>parent.hit('frame')</script>"></iframe><object data=${canary}/object></object><embed src=${canary}/embed>`,
    head: `<meta http-equiv=refresh content="0;url=${canary}/refresh"><base href=${canary}/><link rel=stylesheet href=${canary}/style><style>@import "${canary}/import"</style>`,
    form: `<form action=${canary}/form><input name=a autofocus onfocus=hit('form')></form><button form=bulk formaction=${canary}/button>b</button>`,
    htmx: `<div hx-get=${canary}/htmx hx-trigger=load data-hx-get=${canary}/data-htmx data-hx-trigger=load hx-on:htmx:load="hit('htmx')">h</div>`,
    template: `{{ 7 * 7 }}{% include "layout.html" %}\${hit('template')}#{hit('template')}<%= 7 * 7 %>`,
    json: `</script><!--<script>hit('json')//--></script>\u2028"};hit('json');//`,
    broken: `<scr<script>ipt>hit('broken')</scr</script>ipt><img/src="x"/onerror=hit('broken')><math><mtext></form><form><mglyph><style></math><img src onerror=hit('broken')>`,
    entity: `&lt;script&gt;hit('entity')&lt;/script&gt;&#60;img src=x onerror=hit('entity')&#62;`,
    fence: '```html\n<script>hit("fence")</script>\n```\n`<img src=x onerror=hit(1)>`',
  };
}

/** Runs in the page: what is there that acts, whether or not a policy holds it back. */
export function acting() {
  const bad = /^[\s\u0000-\u0020]*(javascript|vbscript|data:text\/html)/i;
  const found = [];
  for (const it of document.querySelectorAll('*')) {
    for (const { name, value } of it.attributes) {
      const says = `${it.tagName.toLowerCase()} ${name}=${value.slice(0, 80)}`;
      if (/^on/i.test(name)) found.push(says);
      if (/^(href|src|action|formaction|xlink:href|data|srcdoc|poster)$/i.test(name) && bad.test(value.replace(/[\t\n\r]/g, ''))) found.push(says);
      if (name === 'srcdoc') found.push(says);
    }
    if (it.tagName === 'SCRIPT' && !it.src && !/json/.test(it.type)) found.push(`script: ${it.textContent.slice(0, 80)}`);
    if (it.tagName === 'BASE' || (it.tagName === 'META' && /refresh/i.test(it.httpEquiv))) found.push(it.outerHTML.slice(0, 80));
  }
  return found;
}

/** Runs in the page: all that can be read on it, also in the inputs of forms. */
export function readable() {
  const inputs = [...document.querySelectorAll('input, textarea, option')].map((it) => it.value ?? '');
  return [document.title, document.body?.innerText ?? document.documentElement?.textContent ?? '', document.body?.textContent ?? '', ...inputs].join('\n');
}

/** Runs in the page: what people do with a page without knowing. */
function wander() {
  for (const it of document.querySelectorAll('*')) {
    it.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    it.dispatchEvent(new Event('focus'));
  }
  document.querySelectorAll('details').forEach((it) => { it.open = true; });
}

/** Watches a page: `seen` gets whatever ran, was asked of the canary, or was held back by the policy. */
export async function watch(page, canary) {
  const seen = [];
  const say = (what) => seen.push(`${new URL(page.url()).pathname}: ${what}`);
  await page.exposeFunction('hit', (what) => say(`a script ran: ${what}`));
  await page.exposeFunction('heldBack', (what) => say(`the policy held back ${what}`));
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', (it) => {
      // The browser's own style for XML that has none.
      const isOwn = document.contentType.endsWith('xml') && it.violatedDirective === 'style-src-elem' && it.blockedURI === 'inline';
      if (!isOwn) window.heldBack?.(`${it.violatedDirective} ${it.blockedURI} ${it.sample}`);
    });
  });
  page.on('dialog', (it) => { say(`a dialog: ${it.message()}`); it.dismiss(); });
  page.on('pageerror', (it) => say(String(it)));
  page.on('request', (it) => { if (it.url().startsWith(canary.base) && !it.url().endsWith('/control')) say(`a request to ${it.url()}`); });
  return seen;
}

/** Opens an address, lets it act, and answers what acts on it and what can be read. */
export async function visit(page, url, seen) {
  let answer;
  try {
    answer = await page.goto(url, { waitUntil: 'load', timeout: 20_000 });
  } catch (error) {
    // What is a file to keep is no page, and nothing runs in it.
    if (!/ERR_ABORTED/.test(error)) throw error;
    return { status: 0, text: '', links: [] };
  }
  const pages = page.frames().filter((it) => it.url().startsWith('http'));
  let text = '';
  for (const frame of pages) {
    const there = await frame.evaluate(acting).catch(() => []);
    seen.push(...there.map((it) => `${url}: there is ${it}`));
    await frame.evaluate(wander).catch(() => {});
    text += await frame.evaluate(readable).catch(() => '');
  }
  const links = await page.$$eval('a[href]', (all) => all.map((it) => it.href)).catch(() => []);
  return { status: answer?.status() ?? 0, text, links };
}
