// A page with editors under the policy of the admin, and a server behind it that answers like ours.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const DIST = new URL('../../dist/', import.meta.url);
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC', 'base64');
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="640" height="360">
<rect width="640" height="360" fill="#8fb8c4"/><circle cx="470" cy="110" r="56" fill="#f7e7a9"/>
<path d="M0 360 190 150l120 130 90-90 240 170z" fill="#2f5c58"/></svg>`;

export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
  + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export const KINDS = [{
  name: 'gallery/grid', title: 'Gallery', description: 'Images beside one another.',
  schema: {
    type: 'object', required: ['heading'],
    properties: {
      heading: { type: 'string', title: 'Heading', maxLength: 60 },
      columns: { type: 'integer', title: 'Columns', minimum: 1, maximum: 6, default: 3 },
      images: { type: 'array', items: { type: 'string' }, title: 'Images' },
      style: { enum: ['plain', 'framed'], title: 'Style' },
      wide: { type: 'boolean', title: 'Over the whole width' },
      links: { type: 'object', title: 'Links' },
    },
  },
}];

const ASSETS = [
  { id: 'harbour', url: '/media/k/harbour.svg', name: 'harbour.svg', alt: 'A harbour at dusk', media_type: 'image/svg+xml' },
  { id: 'hills', url: '/media/k/hills.svg', name: 'hills.svg', alt: 'Hills', media_type: 'image/svg+xml' },
  { id: 'notes', url: '/media/k/notes.pdf', name: 'notes.pdf', alt: null, media_type: 'application/pdf' },
];

const escape = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

function page(options) {
  const { lang = 'en', value = '', document, editor = 'blocks', attributes = '', without = [] } = options;
  const texts = readFileSync(new URL(`texts.${lang}.json`, DIST), 'utf8');
  const settings = {
    'upload-url': '/upload', 'assets-url': '/assets', 'asset-url': '/asset/{id}', 'convert-url': '/convert',
    'blocks-url': '/kinds', csrf: 'token-1', texts,
  };
  const data = Object.entries(settings).filter(([name]) => !without.includes(name));
  const names = { en: 'Body', de: 'Inhalt', ar: 'النص' };
  return `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Editor</title>
<link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/editor.css">
<script type="module" src="/editor.js"></script></head><body><main><h1>${names[lang]}</h1>
<form method="post" action="/save" ${data.map(([name, it]) => `data-${name}="${escape(it)}"`).join(' ')}>
<label for="body">${names[lang]}</label>
<textarea id="body" name="body" rows="12" data-editor="${editor}" ${attributes}
${document ? `data-document="${escape(JSON.stringify(document))}"` : ''}>${escape(value)}</textarea>
<button>Save</button></form></main></body></html>`;
}

const PAGE_CSS = `:root { color-scheme: light dark; } body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#fbfaf7, #101216); color: light-dark(#1d1c1a, #e8e5de); }
main { max-width: 54rem; margin: 0 auto; padding: 1rem; } form { display: grid; gap: .75rem; } label { font-weight: 600; } form > button { justify-self: start; }`;

/** Markdown of a tree and back, as far as the tests need it: headings and paragraphs of plain text. */
function convert({ document, markdown }) {
  if (markdown === undefined) {
    const text = (it) => (it.content ?? []).map((piece) => piece.text ?? '').join('');
    const lines = document.blocks.map((it) => (it.type === 'heading' ? `${'#'.repeat(it.level)} ${text(it)}` : text(it)));
    return { markdown: `${lines.join('\n\n')}\n` };
  }
  const blocks = markdown.split(/\n{2,}/).map((it) => it.trim()).filter((it) => it !== '').map((it, index) => {
    const found = /^(#+) (.*)$/.exec(it);
    const content = [{ type: 'text', text: found ? found[2] : it }];
    return found ? { id: `b${index + 1}`, type: 'heading', level: found[1].length, content } : { id: `b${index + 1}`, type: 'paragraph', content };
  });
  return { document: { version: 1, blocks } };
}

/** Starts it; `next` is what the page shows, `seen` what was asked. */
export async function startSite() {
  const site = { options: {}, seen: [], fails: new Set() };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    site.seen.push({ path: url.pathname, query: url.search, headers: request.headers, body });
    const send = (status, type, content) => {
      response.writeHead(status, { 'content-type': type, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' });
      response.end(content);
    };
    const json = (content, status = 200) => send(status, 'application/json', JSON.stringify(content));
    if (site.fails.has(url.pathname)) return json({ title: 'Refused', detail: 'This is too large.' }, 413);
    if (url.pathname === '/') return send(200, 'text/html; charset=utf-8', page(site.options));
    if (url.pathname === '/page.css') return send(200, 'text/css', PAGE_CSS);
    if (['/editor.js', '/editor.css'].includes(url.pathname)) {
      const type = url.pathname.endsWith('.js') ? 'text/javascript' : 'text/css';
      return send(200, type, readFileSync(new URL(url.pathname.slice(1), DIST)));
    }
    if (url.pathname === '/assets') {
      const word = url.searchParams.get('q') ?? '';
      return json({ items: ASSETS.filter((it) => it.name.includes(word)) });
    }
    if (url.pathname === '/upload') {
      const name = /filename="([^"]*)"/.exec(body.toString('latin1'))?.[1] ?? 'file';
      const isImage = /\.(png|svg|jpe?g|gif|webp)$/.test(name);
      return json({ id: `up-${site.seen.length}`, url: isImage ? '/media/k/up.svg' : '/media/k/up.pdf', name, alt: null,
        media_type: isImage ? 'image/png' : 'application/pdf' }, 201);
    }
    if (url.pathname === '/convert') return json(convert(JSON.parse(body)));
    if (url.pathname === '/kinds') return json({ items: KINDS });
    if (url.pathname === '/save') return json(Object.fromEntries(new URLSearchParams(body.toString())));
    if (/^\/(asset|media)\//.test(url.pathname)) {
      return url.pathname.endsWith('.png') ? send(200, 'image/png', PIXEL) : send(200, 'image/svg+xml', PICTURE);
    }
    return send(404, 'text/plain', 'not here');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.base = `http://127.0.0.1:${server.address().port}`;
  site.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return site;
}
