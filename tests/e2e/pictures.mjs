// The pictures of the documentation: the admin of the demo site, with an entry that is being written. They are small on
// purpose. Run it with the variables of the tests; the pictures land in docs/pictures.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { becomeOwner, startBrowser, withPage } from './people.mjs';
import { startSite } from './site.mjs';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../docs/pictures');
const TEXT = `It stands in the shallow water until the fish forget that it is there.

## What it knows

- where the current slows
- when to wait, and for how long

![The lighthouse at night](/media-of/lighthouse)

> Who moves first has seen nothing yet.
`;

const site = await startSite({ owner: true, isFilled: false });
const browser = await startBrowser();

async function call(method, path, body) {
  const answer = await fetch(`${site.base}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${site.token}`, 'content-type': 'application/json', 'if-match': '*' },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function write() {
  const { items } = await call('GET', 'assets');
  const image = items.find((it) => it.name.startsWith('heron'));
  const light = items.find((it) => it.name.startsWith('lighthouse'));
  for (const title of ['Notes on the tide', 'A list of small boats']) await call('POST', 'content/posts', { fields: { title, body: 'Soon.' } });
  const later = await call('POST', 'content/posts', { fields: { title: 'The harbour in winter', body: 'Ice.' } });
  await call('POST', `content/posts/${later.id}/schedule`, { publish_at: new Date(Date.now() + 3 * 86_400_000).toISOString() });
  const body = TEXT.replace('/media-of/lighthouse', new URL(light.url).pathname);
  const entry = await call('POST', 'content/posts', {
    fields: { title: 'The patience of herons', excerpt: 'A bird that waits, and what it is waiting for.', body: body.replace('Who moves', 'Whoever moves'), featured_image: image.id },
  });
  await call('POST', `content/posts/${entry.id}/publish`, {});
  await call('PATCH', `content/posts/${entry.id}`, { fields: { body }, message: 'Shorter at the end' });
  return `/admin/content/posts/${entry.id}`;
}

async function picture(name, options, path, act = async () => {}) {
  await withPage(browser, { height: 820, ...options }, async (page) => {
    await page.goto(site.base + path, { waitUntil: 'networkidle0' });
    await act(page);
    await page.screenshot({ path: join(FOLDER, `${name}.webp`), type: 'webp', quality: 60 });
  });
}

const preview = async (page) => {
  await page.click('[data-preview]');
  const frame = await (await page.waitForSelector('.preview:not([hidden]) iframe[src]')).contentFrame();
  await frame.waitForSelector('.prose');
  await page.waitForNetworkIdle();
};

try {
  const cookies = await becomeOwner(browser, site);
  const entry = await write();
  await picture('admin-dashboard', { cookies }, '/admin');
  await picture('admin-entry', { cookies }, entry, preview);
  await picture('admin-history', { cookies }, `${entry}/revisions`);
  await picture('admin-media', { cookies, scheme: 'dark' }, '/admin/media');
  await picture('admin-phone', { cookies, width: 390, scheme: 'dark' }, entry);
} finally {
  await browser.close();
  site.stop();
}
