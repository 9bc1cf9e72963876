// What people store never becomes a program: every text, by every way in, on every page that shows it.
//
// The pages of the admin are found by following its links, so that a new page is looked at without a line here.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { becomeOwner, startBrowser, then } from './people.mjs';
import { acting, payloads, startCanary, visit, watch } from './hostile.mjs';
import { addPlugin, writeByPlugin } from './hostile_plugin.mjs';
import { importAll, nameThings, refusals, upload, writeByApi } from './hostile_site.mjs';
import { startSite } from './site.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
/** How many pages of the admin are looked at; more of one kind show nothing new. */
const ADMIN_PAGES_MAX = 140;
/** How many pages of one kind: addresses that differ in an id or a query alone. */
const OF_A_KIND_MAX = 4;
const IMPORTED = ['wxr', 'ghost', 'md'];

let canary;
let texts;
let site;
let browser;
let page;
let seen;
let entries;
let hook;
let assets;

before(async () => {
  canary = await startCanary();
  texts = payloads(canary.base);
  canary.answers(Object.values(texts).slice(0, 4).join(' '));
  site = await startSite({
    owner: true,
    isFilled: false,
    collections: [join(HERE, 'collections/hostile.toml')],
    settings: { SMARTCMS_OUTBOUND_ALLOW: new URL(canary.base).host },
  });
  browser = await startBrowser();
  const cookies = await becomeOwner(browser, site, { name: `Ada ${texts.image}`, email: 'ada@site.example', password: 'a heron stands in cold water' });
  addPlugin(site, texts);
  entries = await writeByApi(site, texts);
  assets = await upload(site, texts, canary.base);
  hook = await nameThings(site, texts, `${canary.base}/webhook`);
  importAll(site, texts);
  await writeByPlugin(site, texts);
  const context = await browser.createBrowserContext();
  await context.setCookie(...cookies);
  page = await context.newPage();
  seen = await watch(page, canary);
});

after(async () => {
  await browser?.close();
  canary?.stop();
  site?.stop();
});

/** Text as it is compared: browsers fold white space. */
const folded = (text) => text.replace(/[\s\u2028]+/g, ' ');

function nothingRan(what) {
  assert.deepEqual(seen.splice(0), [], what);
  assert.deepEqual(canary.asked.splice(0), [], what);
}

test('what watches sees whatever runs, asks, or is held back', async () => {
  const context = await browser.createBrowserContext();
  const control = await context.newPage();
  const found = await watch(control, canary);
  await control.setContent('');
  for (const [name, payload] of Object.entries(texts)) {
    const wraps = { double: `<input value="${payload}">`, single: `<input value='${payload}'>`, entity: '<script>hit("entity")</script>', fence: `<script>hit("fence")</script>` };
    if (['template', 'reference', 'data', 'htmx', 'json'].includes(name)) continue;
    await visit(control, canary.control(`<!doctype html><title>x</title>${wraps[name] ?? payload}<script>alert(1)</script>`), found);
    const there = await control.evaluate(acting);
    assert.ok(there.length > 0 || found.length > 0, `${name} is seen`);
  }
  for (const what of ['a script ran: script', 'a script ran: image', 'a dialog', 'a request to', 'the policy held back', 'there is script']) {
    assert.ok(found.some((it) => it.includes(what)), `${what} in ${found.join('\n')}`);
  }
  await context.close();
  canary.asked.length = 0;
});

test('what is no text of its kind is refused, or cleaned where it is rich text', async () => {
  for (const { what, status, id } of await refusals(site)) {
    const isRich = /^(link|image|embed) /.test(what);
    assert.ok([400, 404, 422].includes(status) || (isRich && status === 201), `${what}: ${status}`);
    if (status !== 201) continue;
    for (const part of ['', '/preview']) await visit(page, `${site.base}/admin/content/hostile/${id}${part}`, seen);
    nothingRan(what);
  }
});

test('the forms of the admin take texts as texts', async () => {
  for (const [name, payload] of Object.entries(texts)) {
    await page.goto(`${site.base}/admin/content/hostile/new`);
    const values = { 'f.title': `form-${name} ${folded(payload).trim()}`.slice(0, 200), 'f.summary': payload, 'f.body': payload, 'f.group.inner': folded(payload), message: folded(payload).slice(0, 400), slug: `form-${name}` };
    await page.evaluate((all) => {
      for (const [name, value] of Object.entries(all)) document.querySelector(`[name="${name}"]`).value = value;
    }, values);
    await then(page, () => page.click('[name="do"][value="publish"]'));
    const stored = await page.$eval('[name="f.title"]', (it) => it.value);
    assert.equal(folded(stored).trim(), values['f.title'].trim(), name);
  }
  nothingRan();
});

describe('no script runs, and texts can be read', () => {
  test('on the pages of the site', async () => {
    for (const way of ['api', 'form', 'plugin']) {
      for (const [name, payload] of Object.entries(texts)) {
        const { status, text } = await visit(page, `${site.base}/hostile/${way}-${name}`, seen);
        assert.equal(status, 200, `${way} ${name}`);
        const title = folded(`${way}-${name} ${payload}`).trim().slice(0, 60);
        assert.ok(folded(text).includes(title), `${title} can be read in ${text.slice(0, 300)}`);
      }
    }
    for (const way of ['api', ...IMPORTED]) {
      for (const name of Object.keys(texts)) {
        const { status } = await visit(page, `${site.base}/posts/${way}-${name}`, seen);
        assert.equal(status, 200, `${way} ${name}`);
      }
    }
    nothingRan();
  });

  test('in lists, searches and feeds', async () => {
    const places = ['/', '/posts', '/archive', '/hostile', '/authors/hostile', '/feed.xml', '/rss.xml', '/feed.json', '/sitemap.xml', '/opensearch.xml',
      '/api/v1/content/posts', '/api/v1/menus', '/api/docs', '/nothing/%3Cscript%3Ehit(1)%3C%2Fscript%3E',
      ...Object.keys(texts).map((name) => `/tags/api-${name}`),
      ...Object.values(texts).map((payload) => `/search?q=${encodeURIComponent(payload.slice(0, 150))}`), '/search?q=script'];
    let text = '';
    for (const place of places) text += (await visit(page, site.base + place, seen)).text;
    const read = folded(text);
    assert.ok(read.includes(folded(texts.script)), 'titles in lists');
    for (const [name, payload] of Object.entries(texts)) {
      const label = `main-${name} ${folded(payload).trim()}`.slice(0, 60).trim();
      assert.ok(read.includes(label), `${label} can be read in the menu`);
    }
    nothingRan();
  });

  test('in files that were uploaded', async () => {
    assert.ok(assets.length > Object.keys(texts).length);
    for (const { url } of assets.slice(0, 8)) await visit(page, new URL(url, site.base).href, seen);
    nothingRan();
  });

  test('in the admin: every page that its links lead to', async () => {
    const wanted = new Map();
    const kind = (path) => path.replace(/\?.*/, '?').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/\/of_[a-z]+/, '/:collection');
    const queue = ['/admin', '/admin/search?q=script', '/admin/content/hostile', '/admin/content/posts?q=hit', `/admin/webhooks/${hook}`,
      ...['', '/settings', '/work', '/log'].map((it) => `/admin/plugins/hostile${it}`),
      ...entries.flatMap((it) => [`/admin/content/hostile/${it.id}`, `/admin/content/hostile/${it.id}/revisions`, `/admin/content/hostile/${it.id}/preview`])];
    const visited = new Set();
    let all = '';
    const add = (address) => {
      const { origin, pathname, search } = new URL(address, site.base);
      const path = pathname + search;
      if (origin !== site.base || !pathname.startsWith('/admin') || pathname.startsWith('/admin/files') || visited.has(path)) return;
      const count = wanted.get(kind(path)) ?? 0;
      if (count >= OF_A_KIND_MAX || queue.includes(path)) return;
      wanted.set(kind(path), count + 1);
      queue.push(path);
    };
    while (queue.length > 0 && visited.size < ADMIN_PAGES_MAX) {
      const path = queue.shift();
      visited.add(path);
      const { status, text, links } = await visit(page, site.base + path, seen);
      assert.ok(status < 500, `${path}: ${status}`);
      all += text;
      links.forEach(add);
      nothingRan(path);
    }
    assert.ok(visited.size > 40, `${visited.size} pages`);
    const read = folded(all);
    for (const [name, payload] of Object.entries(texts)) {
      const start = folded(payload).trim().slice(0, 40);
      for (const way of ['api', 'label', 'user', 'role', 'token', 'hook']) {
        assert.ok(read.includes(`${way}-${name} ${start}`), `${way}-${name} can be read`);
      }
    }
    const ofOthers = { answer: 'script', 'log-script': 'script', 'plugin-name': 'image', 'plugin-description': 'script', 'plugin-setting': 'script', 'plugin-value': 'closing' };
    for (const [what, name] of Object.entries(ofOthers)) {
      assert.ok(read.includes(`${what} ${folded(texts[name])}`), `${what} can be read`);
    }
    nothingRan();
  });

  test('in the preview beside the text', async () => {
    for (const { id } of entries) {
      await page.goto(`${site.base}/admin/content/hostile/${id}`);
      await page.click('[data-preview]');
      const frame = await (await page.waitForSelector('.preview:not([hidden]) iframe[src]')).contentFrame();
      await frame.waitForSelector('h1');
      const there = await frame.evaluate(acting);
      assert.deepEqual(there, [], id);
    }
    nothingRan();
  });
});
