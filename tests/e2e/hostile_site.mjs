// A site in which every text is hostile, by every way in which texts come into it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A text that only one way brings, so that it can be told where a text that is read came from. */
const marked = (way, name, payload) => `${way}-${name} ${payload}`;

/** Calls the API. Refusing is an answer too. */
export async function call(site, method, path, body, headers = {}) {
  const raw = body instanceof Uint8Array || typeof body === 'string';
  const answer = await fetch(`${site.base}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${site.token}`, 'if-match': '*', ...(raw ? {} : { 'content-type': 'application/json' }), ...headers },
    body: raw || body === undefined ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status >= 500) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

async function made(site, method, path, body, headers) {
  const answer = await call(site, method, path, body, headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json;
}

/** Blocks of every type that hold the text. */
function blocks(text) {
  const content = [{ type: 'text', text }];
  const paragraph = { type: 'paragraph', content };
  return { version: 1, blocks: [
    paragraph,
    { type: 'heading', level: 2, content },
    { type: 'list', style: 'bulleted', items: [{ blocks: [paragraph] }] },
    { type: 'quote', blocks: [paragraph] },
    { type: 'code', text, language: 'html', info: '' },
    { type: 'image', url: '/theme/none.png', alt: text, title: text, caption: content },
    { type: 'table', alignments: [null], header: [content], rows: [[content]] },
    { type: 'html', html: text },
    { type: 'callout', tone: 'note', title: text, blocks: [paragraph] },
    { type: 'nobody/knows', data: { text } },
    { type: 'paragraph', content: [{ type: 'text', text, marks: [{ type: 'link', href: '/x', title: text }] }] },
    { type: 'paragraph', content: [{ type: 'html', html: '<kbd>' }, { type: 'text', text }] },
  ] };
}

/** Entries, by the API; their ids. */
export async function writeByApi(site, texts) {
  const entries = [];
  const author = await made(site, 'POST', 'content/authors', { slug: 'hostile', fields: { name: marked('api', 'author', texts.script), bio: texts.image } }).catch(() => null)
    ?? await made(site, 'POST', 'content/authors', { slug: 'hostile', fields: { name: marked('api', 'author', texts.script) } });
  await made(site, 'POST', `content/authors/${author.id}/publish`, {});
  for (const [name, payload] of Object.entries(texts)) {
    const title = marked('api', name, payload.replace(/\s+/g, ' ').trim()).slice(0, 200);
    const fields = { title, summary: payload, body: `${payload}\n\n## ${payload.split('\n')[0]}\n\n${payload}`, rich: blocks(payload),
      json: { [payload]: payload }, chosen: 'a', many: ['a'], author: author.id, group: { inner: payload.split('\n')[0] }, rows: [{ question: payload.split('\n')[0], answer: payload }] };
    const entry = await made(site, 'POST', 'content/hostile', { slug: `api-${name}`, fields, message: payload.slice(0, 400) }).catch((error) => { throw new Error(`${name}: ${error.message}`); });
    await made(site, 'PATCH', `content/hostile/${entry.id}`, { fields: { summary: `changed ${payload}` } });
    await made(site, 'POST', `content/hostile/${entry.id}/publish`, {});
    const post = await made(site, 'POST', 'content/posts', { slug: `api-${name}`, fields: { title, excerpt: payload.slice(0, 280), body: payload, authors: [author.id] } });
    await made(site, 'POST', `content/posts/${post.id}/publish`, {});
    const tag = await made(site, 'POST', 'content/tags', { slug: `api-${name}`, fields: { name: title.slice(0, 90) } });
    await made(site, 'POST', `content/tags/${tag.id}/publish`, {});
    await made(site, 'PATCH', `content/posts/${post.id}`, { fields: { tags: [tag.id] } });
    await made(site, 'POST', `content/posts/${post.id}/publish`, {});
    entries.push({ name, id: entry.id, slug: `api-${name}`, post: post.id, title });
  }
  return entries;
}

/** Values that are no text of their kind: what became of each. Rich text is cleaned rather than refused. */
export async function refusals(site) {
  const tries = [];
  const check = async (what, method, path, body) => {
    const { status, json } = await call(site, method, path, body);
    tries.push({ what, status, id: json.id });
  };
  const entry = (fields) => ({ fields: { title: 'Refused', ...fields } });
  const link = (href) => ({ version: 1, blocks: [{ type: 'paragraph', content: [{ type: 'text', text: 'x', marks: [{ type: 'link', href }] }] }] });
  for (const address of ['javascript:hit(1)', ' JavaScript:hit(1)', 'java\tscript:hit(1)', 'vbscript:hit(1)', 'data:text/html,<script>hit(1)</script>']) {
    await check(`url ${address}`, 'POST', 'content/hostile', entry({ address }));
    await check(`link ${address}`, 'POST', 'content/hostile', entry({ rich: link(address) }));
    await check(`image ${address}`, 'POST', 'content/hostile', entry({ rich: { version: 1, blocks: [{ type: 'image', url: address, alt: '' }] } }));
    await check(`embed ${address}`, 'POST', 'content/hostile', entry({ rich: { version: 1, blocks: [{ type: 'embed', url: address }] } }));
    await check(`menu ${address}`, 'PUT', 'menus/hostile', { items: [{ label: 'x', to: address }] });
    await check(`redirect ${address}`, 'POST', 'redirects', { from: '/somewhere', to: address });
    await check(`webhook ${address}`, 'POST', 'webhooks', { name: 'x', url: address });
  }
  await check('email', 'POST', 'content/hostile', entry({ email: '<script>hit(1)</script>@x' }));
  await check('colour', 'POST', 'content/hostile', entry({ colour: 'red;background:url(javascript:hit(1))' }));
  await check('slug field', 'POST', 'content/hostile', entry({ slug_like: '"><script>hit(1)</script>' }));
  await check('slug', 'POST', 'content/hostile', { slug: '"><script>hit(1)</script>', ...entry({}) });
  await check('choice', 'POST', 'content/hostile', entry({ chosen: '<script>hit(1)</script>' }));
  await check('name of a collection', 'POST', 'collections', { name: '"><script>', label: 'x', label_one: 'x', title: 'title', fields: [{ name: 'title', kind: 'text' }] });
  return tries;
}

/** Files: their names, texts, and what is in them; where each is. */
export async function upload(site, texts, canary) {
  const assets = [];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40" onload="hit('svg file')"><script>hit('svg file')</script><style>@import "${canary}/svg-import";</style><image href="${canary}/svg-image"/><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:parent.hit('svg file')"/></foreignObject><a xlink:href="javascript:hit('svg file')"><rect width="40" height="40" onclick="hit('svg file')"/></a><use href="data:image/svg+xml,%3Csvg id='x' xmlns='http://www.w3.org/2000/svg' onload='hit(1)'/%3E#x"/></svg>`;
  const files = [
    ['hostile.svg', svg],
    ['page.html', `<!doctype html><script>hit('html file')</script><img src=x onerror="hit('html file')">`],
    ['page.xhtml', `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>hit('xhtml file')</script></html>`],
    ['no.txt', `<script>hit('text file')</script>`],
  ];
  for (const [name, bytes] of files) {
    const query = new URLSearchParams({ name });
    const answer = await call(site, 'POST', `assets?${query}`, new TextEncoder().encode(bytes), { 'content-type': 'application/octet-stream' });
    if (answer.status < 300) assets.push(answer.json);
  }
  for (const [number, [name, payload]] of Object.entries(texts).entries()) {
    const query = new URLSearchParams({ name: `file-${name} ${payload}`.replace(/[\u0000-\u001f/\\]/g, ' ').slice(0, 110), alt: marked('file', name, payload), title: payload.replace(/\s+/g, ' ').slice(0, 190), caption: payload });
    const bytes = new TextEncoder().encode(svg.replace('width="40"', `width="${41 + number}"`));
    const answer = await call(site, 'POST', `assets?${query}`, bytes, { 'content-type': 'application/octet-stream' });
    if (answer.status >= 300) throw new Error(`asset ${name}: ${answer.status} ${JSON.stringify(answer.json)}`);
    assets.push(answer.json);
  }
  return assets;
}

/** Everything around the content that people name, and a receiver of messages that answers with a text: its webhook. */
export async function nameThings(site, texts, receiver) {
  const label = (payload) => payload.replace(/\s+/g, ' ').trim();
  for (const [name, payload] of Object.entries(texts)) {
    const short = label(payload).slice(0, 60);
    const field = { name: 'title', kind: 'text', label: short, help: payload };
    const choices = { name: 'choice', kind: 'select', choices: [{ value: short, label: short }] };
    await made(site, 'POST', 'collections', { name: `of_${name}`, label: `label-${name} ${short}`, label_one: short, title: 'title', fields: [field, choices] });
    await made(site, 'PUT', `menus/${name}`, { items: [{ label: `menu-${name} ${short}`, to: '/x', labels: { ar: short }, items: [{ label: short, to: '/y' }] }] }).catch(() => made(site, 'PUT', `menus/${name}`, { items: [{ label: `menu-${name} ${short}`, to: '/x' }] }));
    await call(site, 'POST', 'redirects', { from: `/old/${encodeURIComponent(short)}`, to: `/new?q=${encodeURIComponent(short)}` });
    await made(site, 'PUT', `roles/${name}`, { label: `role-${name} ${label(payload)}`.slice(0, 100).trim(), base: 'author' });
    await made(site, 'POST', 'tokens', { name: `token-${name} ${short}`.slice(0, 64), role: 'editor' });
    await made(site, 'POST', 'webhooks', { name: `hook-${name} ${short}`.slice(0, 64), url: `https://hooks.example/${name}?q=${encodeURIComponent(short)}`, enabled: false });
    await call(site, 'POST', 'content/nothing', {}, { 'user-agent': label(payload).replace(/[^\x20-\x7e]/g, '') });
    site.run('user', 'create', '--email', `${name}@hostile.example`, '--name', `user-${name} ${label(payload)}`.slice(0, 100).trim(), '--role', 'author');
  }
  await made(site, 'PUT', 'menus/main', { items: Object.entries(texts).map(([name, payload]) => ({ label: `main-${name} ${label(payload)}`.slice(0, 80), to: '/' })) });
  const hook = await made(site, 'POST', 'webhooks', { name: 'answers', url: receiver });
  await made(site, 'POST', `webhooks/${hook.id}/test`, {});
  for (let tries = 0; tries < 100; tries += 1) {
    const { items } = await made(site, 'GET', `webhooks/${hook.id}/deliveries`);
    if (items[0]?.last_try) break;
    await delay(100);
  }
  return hook.id;
}

const cdata = (text) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

/** Imports of other systems, with the texts wherever those have texts. */
export function importAll(site, texts) {
  const folder = join(site.folder, 'imports');
  mkdirSync(join(folder, 'markdown'), { recursive: true });
  const day = '2020-01-02 09:00:00';
  const items = Object.entries(texts).map(([name, payload], number) => `<item><title>${cdata(marked('wxr', name, payload))}</title>
<link>https://old.example/${name}/</link><dc:creator>${cdata('mallory')}</dc:creator><content:encoded>${cdata(`<p>${payload}</p>${payload}<!-- wp:html -->${payload}<!-- /wp:html -->`)}</content:encoded>
<excerpt:encoded>${cdata(payload)}</excerpt:encoded><wp:post_id>${100 + number}</wp:post_id><wp:post_date>${day}</wp:post_date><wp:post_date_gmt>${day}</wp:post_date_gmt>
<wp:post_name>${cdata(`wxr-${name}`)}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="post_tag" nicename="t${number}">${cdata(marked('wxrtag', name, payload).slice(0, 90))}</category>
<wp:postmeta><wp:meta_key>${cdata(`k${number}`)}</wp:meta_key><wp:meta_value>${cdata(payload)}</wp:meta_value></wp:postmeta></item>`);
  const wxr = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>mallory</wp:author_login><wp:author_email>m@old.example</wp:author_email><wp:author_display_name>${cdata(marked('wxr', 'author', texts.image))}</wp:author_display_name></wp:author>
${items.join('\n')}</channel></rss>`;
  writeFileSync(join(folder, 'old.xml'), wxr);
  const posts = Object.entries(texts).map(([name, payload], number) => ({ id: `p${number}`, title: marked('ghost', name, payload), slug: `ghost-${name}`,
    html: `<p>${payload}</p>${payload}`, type: 'post', status: 'published', visibility: 'public', created_at: '2023-01-01T10:00:00.000Z',
    published_at: '2023-01-01T10:00:00.000Z', custom_excerpt: payload.slice(0, 250), meta_title: payload, codeinjection_head: payload, feature_image_alt: payload }));
  const ghost = { db: [{ meta: { exported_on: 1, version: '5.70.0' }, data: { posts, tags: [{ id: 't1', name: marked('ghosttag', 'svg', texts.svg).slice(0, 90), slug: 'ghost-tag' }], posts_tags: [{ post_id: 'p0', tag_id: 't1', sort_order: 0 }], users: [{ id: 'u1', name: marked('ghost', 'user', texts.script), slug: 'u1', email: 'u@old.example' }], posts_authors: posts.map((it) => ({ post_id: it.id, author_id: 'u1', sort_order: 0 })) } }] };
  writeFileSync(join(folder, 'ghost.json'), JSON.stringify(ghost));
  for (const [name, payload] of Object.entries(texts)) {
    const front = `---\ntitle: ${JSON.stringify(marked('md', name, payload))}\ndate: 2021-01-01\ndescription: ${JSON.stringify(payload)}\ntags: [${JSON.stringify(marked('mdtag', name, payload).slice(0, 90))}]\ncustom: ${JSON.stringify(payload)}\n---\n`;
    mkdirSync(join(folder, 'markdown/posts'), { recursive: true });
    writeFileSync(join(folder, `markdown/posts/md-${name}.md`), `${front}\n${payload}\n\n## ${payload.split('\n')[0]}\n`);
  }
  site.run('import', 'wxr', join(folder, 'old.xml'), '--no-media');
  site.run('import', 'ghost', join(folder, 'ghost.json'), '--no-media');
  site.run('import', 'markdown', join(folder, 'markdown'), '--no-media');
}
