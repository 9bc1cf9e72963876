// Plugins and moved content, as an owner handles them in a browser: a real plugin is added, granted what it asks for, seen at
// work on the site, and taken its grant again; a WordPress export is imported with its progress.
//
// With SCREENSHOTS, pictures of the pages are kept in that folder.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accessible, becomeOwner, picture, sideways, startBrowser, text, then, withPage as withPageOf } from './people.mjs';
import { startSite } from './site.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const plugin = (name) => join(HERE, '../../dist/plugins', name);

let site;
let browser;
let session;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smartcms-operate-'));
  site = await startSite({ owner: true, collections: [join(HERE, 'collections/articles.toml')] });
  browser = await startBrowser();
  session = await becomeOwner(browser, site);
});

after(async () => {
  await browser?.close();
  site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A page of the owner. */
const withPage = (options, look) => withPageOf(browser, { cookies: session, ...options }, look);

const open = (page, path) => page.goto(site.base + path, { waitUntil: 'load' });

/** Asks the site until it answers as it should: a server notices changes of its plugins a moment later. */
async function answers(path, fits) {
  let last;
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await fetch(site.base + path);
    last = { status: answer.status, body: await answer.text() };
    if (fits(last)) return last;
    await delay(250);
  }
  throw new Error(`${path} still answers ${JSON.stringify(last)}`);
}

const works = (it) => it.status === 200 && /\d/.test(it.body);

describe('operating a site in the admin', () => {
  test('a plugin is looked at, added, granted what it asks for, at work, and taken its grant', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/plugins');
      await picture(page, 'plugins-none');
      await (await page.$('#manifest')).uploadFile(plugin('visits.plugin.toml'));
      await (await page.$('#component')).uploadFile(plugin('visits.wasm'));
      await then(page, () => page.click('#add-form button'));
      const shown = await text(page, 'main');
      assert.match(shown, /Keep and read its own keys/);
      assert.match(shown, /One key for each path holds how often it was visited/);
      assert.equal((await fetch(`${site.base}/ext/visits/a`)).status, 404, 'nothing runs before it is added');
      await accessible(page);
      await picture(page, 'plugin-file');
      await then(page, () => page.click('#take [value="add"]'));
      assert.match(await text(page, '.notice.done'), /added/);
      assert.match(await text(page, '.badges'), /Lacks a grant/);
      await answers('/ext/visits/a', (it) => it.status >= 400 && it.status !== 404);
      await open(page, '/admin');
      assert.match(await text(page, '.attention'), /visits lacks what it needs/);
      await accessible(page);
      await picture(page, 'dashboard-attention');
      await open(page, '/admin/plugins/visits');
      await then(page, () => page.click('#reach-kv [value="grant kv"]'));
      assert.match(await text(page, '#reach-kv .held'), /It can keep and read its own keys/);
      await answers('/ext/visits/a', works);
      await picture(page, 'plugin-granted');
      await then(page, () => page.click('#reach-kv [value="revoke kv"]'));
      await answers('/ext/visits/a', (it) => it.status >= 400);
      await then(page, () => page.click('#reach-kv [value="grant kv"]'));
      await answers('/ext/visits/a', works);
    });
  });

  test('grants with a scope are made by a form, without scripts, and mistakes are told', async () => {
    await withPage({ scripts: false }, async (page) => {
      await open(page, '/admin/plugins');
      await (await page.$('#manifest')).uploadFile(plugin('toc.plugin.toml'));
      await (await page.$('#component')).uploadFile(plugin('toc.wasm'));
      await then(page, () => page.click('#add-form button'));
      await page.type('#more', 'content:read=posts.title:drafts http=nonsense');
      await then(page, () => page.click('#take [value="add"]'));
      assert.match(await text(page, '#mistakes'), /NAME:PORT/);
      await page.type('#more', 'content:read=posts.title:drafts');
      await then(page, () => page.click('#take [value="add"]'));
      assert.match(await text(page, '#reach-content-read'), /read all of posts, drafts too, only the fields title/);
    });
  });

  test('a version takes the place of another after its difference was seen, and goes back', async () => {
    await withPage({}, async (page) => {
      const manifest = join(folder, 'visits.plugin.toml');
      writeFileSync(manifest, readFileSync(plugin('visits.plugin.toml'), 'utf8').replace('version = "0.1.0"', 'version = "0.1.1"'));
      await open(page, '/admin/plugins/visits');
      await (await page.$('#manifest')).uploadFile(manifest);
      await (await page.$('#component')).uploadFile(plugin('visits.wasm'));
      await then(page, () => page.click('#upgrade-form button'));
      assert.match(await text(page, '[aria-labelledby="difference"]'), /From 0.1.0 to 0.1.1/);
      await accessible(page);
      await picture(page, 'plugin-upgrade');
      await then(page, () => page.click('#take [value="upgrade"]'));
      assert.match(await text(page, '.badges'), /0\.1\.1/);
      await answers('/ext/visits/a', works);
      await open(page, '/admin/plugins/visits');
      await then(page, () => page.click('[value="rollback"]'));
      assert.match(await text(page, '.badges'), /0\.1\.0/);
    });
  });

  test('a plugin is switched off and on, and removed', async () => {
    await withPage({}, async (page) => {
      page.on('dialog', (it) => it.accept());
      await open(page, '/admin/plugins/toc');
      await then(page, () => page.click('[value="disable"]'));
      assert.match(await text(page, '.badges'), /Off/);
      await then(page, () => page.click('[value="enable"]'));
      await then(page, () => page.click('[value="remove"]'));
      assert.equal(await page.$('a[href="/admin/plugins/toc"]'), null);
    });
  });

  test('a block that a plugin brings is written with its form, and shown on the site', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/plugins');
      await (await page.$('#component')).uploadFile(join(HERE, '../../dist/plugin-cases/blocks.wasm'));
      await then(page, () => page.click('#add-form button'));
      assert.equal(await page.$eval('#id', (it) => it.value), 'blocks');
      await then(page, () => page.click('#take [value="add"]'));
      for (let tries = 0; tries < 60; tries += 1) {
        await open(page, '/admin/blocks');
        if ((await text(page, 'body')).includes('blocks/note')) break;
        await delay(250);
      }
      await open(page, '/admin/content/articles/new');
      await page.type('[id="f.title"]', 'With a block');
      await page.waitForSelector('.editor-content');
      await page.click('.editor-content');
      await page.keyboard.type('/called note');
      await page.waitForSelector('.editor-slash [role=option]');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog[open]');
      await page.type('dialog[open] input', 'From the editor');
      await picture(page, 'plugin-block', false);
      await page.click('dialog[open] ::-p-text(Apply)');
      await page.waitForSelector('dialog', { hidden: true });
      await then(page, () => page.click('[name="do"][value="publish"]'));
    });
    await answers('/articles/with-a-block', (it) => it.status === 200 && it.body.includes('From the editor'));
  });

  test('a WordPress export is tried, then imported with its progress, and its posts are there', async () => {
    const item = (id) => `<item><title>Moved ${id}</title><link>https://old.example/moved-${id}/</link><content:encoded><![CDATA[<p>Text of ${id}.</p>]]></content:encoded><wp:post_id>${id}</wp:post_id><wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt><wp:post_name>moved-${id}</wp:post_name><wp:status>${id === 2 ? 'private' : 'publish'}</wp:status><wp:post_type>post</wp:post_type></item>\n`;
    const file = join(folder, 'old.xml');
    const items = Array.from({ length: 400 }, (_, at) => item(at + 1)).join('');
    writeFileSync(file, `<?xml version="1.0"?>\n<rss><channel><title>Old</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>\n${items}</channel></rss>`);
    const over = (page) => page.waitForFunction(() => !document.querySelector('#job .run-running'), { timeout: 60_000 });
    await withPage({}, async (page) => {
      await open(page, '/admin/transfer');
      await accessible(page);
      await picture(page, 'transfer');
      await (await page.$('#source')).uploadFile(file);
      await then(page, () => page.click('#import-form [value="try"]'));
      await over(page);
      assert.match(await text(page, '[aria-labelledby="counts"]'), /posts\s*400/);
      assert.equal((await fetch(`${site.base}/posts/moved-1`)).status, 404, 'a trial stores nothing');
      await then(page, () => page.click('#job [value="import"]'));
      await picture(page, 'transfer-running');
      await over(page);
      assert.match(await text(page, '#job .badge'), /Done/);
      assert.match(await text(page, '[aria-labelledby="notes"]'), /less public/);
      await accessible(page);
      await picture(page, 'transfer-done');
      assert.equal((await fetch(`${site.base}/posts/moved-1`)).status, 200);
      assert.equal((await fetch(`${site.base}/posts/moved-2`)).status, 404, 'what was private is a draft');
    });
  });

  test('everything is taken out as an archive', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/transfer');
      await then(page, () => page.click('form[action="/admin/transfer/export"] button'));
      await page.waitForFunction(() => document.querySelector('#job .run-done'), { timeout: 60_000 });
      await accessible(page);
      const found = await page.evaluate(async () => {
        const answer = await fetch(document.querySelector('#job a[download]').href);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return { type: answer.headers.get('content-type'), head: [...bytes.slice(0, 2)], cache: answer.headers.get('cache-control') };
      });
      assert.deepEqual(found, { type: 'application/zip', head: [0x50, 0x4b], cache: 'no-store' });
    });
  });

  test('every page is accessible and fits, on a phone and on a desk, light and dark, and turns with the language', async () => {
    const job = await withPage({}, async (page) => {
      await open(page, '/admin/transfer');
      return page.$eval('[aria-labelledby="jobs"] a', (it) => it.getAttribute('href'));
    });
    const pages = {
      plugins: '/admin/plugins',
      plugin: '/admin/plugins/visits',
      'plugin-settings': '/admin/plugins/visits/settings',
      'plugin-work': '/admin/plugins/visits/work',
      'plugin-log': '/admin/plugins/visits/log',
      transfer: '/admin/transfer',
      'transfer-job': job,
    };
    for (const [name, path] of Object.entries(pages)) {
      for (const [width, scheme, language] of [[390, 'light'], [1280, 'dark'], [390, 'dark', 'ar'], [1280, 'light', 'ar']]) {
        await withPage({ width, scheme, language }, async (page) => {
          await open(page, path);
          await page.$$eval('main details', (all) => all.forEach((it) => { it.open = true; }));
          await picture(page, `${name}-${width}-${scheme}${language ? '-rtl' : ''}`);
          assert.deepEqual(await page.evaluate(sideways), [], `${name} at ${width}`);
          await accessible(page, `${name} at ${width}`);
        });
      }
    }
  });
});
