// The admin as people use it: signing in, writing, two at one entry, publishing; on a phone and on a desk, light and dark,
// from right to left, with the keyboard, without scripts, and for those who do not see it.
//
// With SCREENSHOTS, pictures of the pages are kept in that folder.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as people from './people.mjs';
import { OWNER, accessible, legibleByNight, picture, sideways, startBrowser, text, then } from './people.mjs';
import { startSite } from './site.mjs';

let site;
let browser;
let session;
let entry;

before(async () => {
  site = await startSite({ owner: true });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  site?.stop();
});

const withPage = (options, look) => people.withPage(browser, { cookies: session, ...options }, look);

const open = (page, path) => page.goto(site.base + path, { waitUntil: 'load' });

describe('the admin', () => {
  test('the first owner comes by the link, signs out and signs in', async () => {
    await withPage({ cookies: null }, async (page, context) => {
      await open(page, site.ownerPath);
      await accessible(page);
      await picture(page, 'first-owner');
      for (const [name, value] of Object.entries(OWNER)) await page.type(`#${name}`, value);
      await then(page, () => page.click('main button'));
      assert.equal(new URL(page.url()).pathname, '/admin');
      await page.click('.who summary');
      await then(page, () => page.click('.who form button'));
      await accessible(page);
      await picture(page, 'sign-in');
      const middle = await page.$eval('main', (it) => { const box = it.getBoundingClientRect(); return box.left + box.width / 2; });
      assert.ok(Math.abs(middle - 640) < 12, `the form stands in the middle, not at ${middle}`);
      await page.type('#email', OWNER.email);
      await page.type('#password', 'not this one at all');
      await then(page, () => page.click('main button'));
      assert.equal(await page.evaluate(() => document.activeElement.id), 'mistakes');
      await accessible(page);
      await page.type('#password', OWNER.password);
      await then(page, () => page.click('main button'));
      assert.equal(await text(page, 'h1'), 'Dashboard');
      session = await context.cookies();
    });
  });

  test('what is written is kept, saved, published and read', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/content/posts/new');
      await page.type('[id="f.title"]', 'The heron');
      await page.type('[id="f.excerpt"]', 'A bird that waits.');
      await then(page, () => page.click('[name="do"][value="save"].wide'));
      entry = new URL(page.url()).pathname;
      assert.match(await text(page, '.notice.done'), /Stored as a draft/);
      await page.focus('[id="f.title"]');
      await page.keyboard.press('End');
      await page.keyboard.type(', again');
      await page.waitForFunction(() => document.querySelector('[data-state]').textContent.startsWith('Kept'), { timeout: 10_000 });
      await page.reload();
      assert.equal(await page.$eval('[id="f.title"]', (it) => it.value), 'The heron, again');
      await page.click('[data-preview]');
      await page.waitForSelector('.preview:not([hidden]) iframe[src]');
      const frame = await (await page.waitForSelector('.preview iframe')).contentFrame();
      await frame.waitForSelector('h1');
      assert.equal(await frame.$eval('h1', (it) => it.textContent.trim()), 'The heron, again');
      await picture(page, 'entry-preview');
      await then(page, () => page.click('[name="do"][value="publish"]'));
      assert.match(await text(page, '.notice.done'), /Published/);
      assert.equal((await fetch(`${site.base}/posts/the-heron`)).status, 200);
    });
  });

  test('two at one entry see both texts', async () => {
    await withPage({}, async (page) => {
      await withPage({}, async (other) => {
        await open(page, entry);
        await open(other, entry);
        const write = async (it, words) => {
          await it.$eval('[id="f.title"]', (input) => { input.value = ''; });
          await it.type('[id="f.title"]', words);
          await then(it, () => it.click('[name="do"][value="save"].wide'));
        };
        await write(other, 'Theirs');
        await write(page, 'Mine');
        assert.equal(await text(page, 'h1'), 'Two have written');
        await accessible(page);
        await picture(page, 'conflict');
        await page.click('[name="keep.title"][value="theirs"]');
        await then(page, () => page.click('[value="merge"]'));
        assert.equal(await page.$eval('[id="f.title"]', (it) => it.value), 'Theirs');
      });
    });
  });

  test('entries are scheduled in the zone of the person', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/content/posts/new');
      await page.type('[id="f.title"]', 'Later');
      await then(page, () => page.click('[name="do"][value="save"].wide'));
      await page.$$eval('.aside details', (all) => all.forEach((it) => { it.open = true; }));
      await page.$eval('#publish_at', (it) => { it.value = '2099-05-01T10:30'; });
      await then(page, () => page.click('[value="schedule"]'));
      assert.equal(await page.$eval('#publish_at', (it) => it.value), '2099-05-01T10:30');
      assert.equal(await text(page, '.aside .badge'), 'Scheduled');
    });
  });

  test('files are uploaded with their progress, described and found again', async () => {
    await withPage({}, async (page) => {
      const file = join(tmpdir(), 'heron.svg');
      writeFileSync(file, '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="teal"/><circle cx="320" cy="240" r="120" fill="gold"/></svg>');
      await open(page, '/admin/media');
      const input = await page.$('#file');
      await then(page, () => input.uploadFile(file));
      await page.waitForSelector('.tile');
      await picture(page, 'media');
      const tile = await page.$$eval('.tile', (all) => all.find((it) => it.textContent.includes('heron')).href);
      await page.goto(tile);
      await page.type('#alt', 'A golden disc');
      await then(page, () => page.click('button[value="save"]'));
      assert.equal(await page.$eval('#alt', (it) => it.value), 'A golden disc');
      await picture(page, 'asset');
    });
  });

  test('it works without scripts', async () => {
    await withPage({ scripts: false }, async (page) => {
      await open(page, '/admin/content/posts/new');
      await page.type('[id="f.title"]', 'By hand alone');
      await page.type('[id="f.tags-look"]', 'plugins');
      await then(page, () => page.click('[value="look f.tags"]'));
      await page.click('[name="f.tags"]');
      await then(page, () => page.click('[name="do"][value="publish"]'));
      assert.equal(await page.$eval('[id="f.title"]', (it) => it.value), 'By hand alone');
      assert.equal(await page.$eval('[name="f.tags"]', (it) => it.checked), true);
      await open(page, '/admin/content/posts?q=hand');
      assert.match(await text(page, 'table'), /By hand alone/);
    });
  });

  test('a list finds while somebody types', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/content/posts');
      await page.type('#q', 'misbehaves');
      await page.waitForFunction(() => document.querySelectorAll('#list tbody tr').length < 5, { timeout: 10_000 });
      assert.match(page.url(), /q=misbehaves/);
      assert.equal(await page.$eval('#q', (it) => it === document.activeElement), true);
    });
  });

  test('what was saved last comes first, whenever it was created', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/content/posts?q=misbehaves');
      await then(page, () => page.click('.list tbody th a'));
      const title = await page.$eval('[id="f.title"]', (it) => it.value);
      await page.type('[id="f.excerpt"]', ' And more.');
      await then(page, () => page.click('[name="do"][value="save"].wide'));
      await open(page, '/admin');
      assert.equal(await text(page, '.rows a'), title);
      await open(page, '/admin/content/posts');
      assert.notEqual(await text(page, '.list tbody th a'), title);
      const last = '.list thead th:last-child';
      await then(page, () => page.click(`${last} a`));
      assert.equal(await text(page, '.list tbody th a'), title);
      assert.equal(await page.$eval(last, (it) => it.ariaSort), 'descending');
      await then(page, () => page.click(`${last} a`));
      assert.notEqual(await text(page, '.list tbody th a'), title);
    });
  });

  const pages = () => ({
    dashboard: '/admin',
    list: '/admin/content/posts',
    entry,
    new: '/admin/content/posts/new',
    history: `${entry}/revisions`,
    media: '/admin/media',
    trash: '/admin/trash',
    preferences: '/admin/preferences',
    search: '/admin/search?q=plugin',
    nothing: '/admin/nothing',
  });

  test('every page is accessible and fits, on a phone and on a desk, light and dark', async () => {
    for (const width of [390, 1280]) {
      await withPage({ width }, async (page) => {
        for (const [name, path] of Object.entries(pages())) {
          await open(page, path);
          await picture(page, `${name}-${width}-light`);
          assert.deepEqual(await page.evaluate(sideways), [], `${name} at ${width}`);
          await accessible(page, `${name} at ${width}, light`);
          await legibleByNight(page, `${name} at ${width}, dark`, `${name}-${width}-dark`);
        }
      });
    }
  });

  test('pages turn with the language', async () => {
    for (const width of [390, 1280]) {
      await withPage({ width, language: 'ar' }, async (page) => {
        for (const name of ['dashboard', 'list', 'entry']) {
          await open(page, pages()[name]);
          assert.equal(await page.evaluate(() => document.dir), 'rtl');
          assert.deepEqual(await page.evaluate(sideways), [], name);
          await accessible(page);
          await picture(page, `${name}-${width}-rtl`);
        }
      });
    }
  });

  test('the keyboard reaches everything, and a phone opens the menu without scripts', async () => {
    await withPage({ width: 390, scripts: false }, async (page) => {
      await open(page, '/admin');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
      // What has the focus lies over the menu until the focus goes on.
      await page.keyboard.press('Tab');
      await page.click('.menu-button');
      // Waiting for a selector takes scripts, which this page does not run.
      for (let tries = 0; tries < 50 && !(await page.$('nav.side:target')); tries += 1) await delay(100);
      await picture(page, 'menu-390');
      const visible = await page.$eval('nav.side', (it) => getComputedStyle(it).visibility);
      assert.equal(visible, 'visible');
      await then(page, () => page.click('nav.side a[href="/admin/media"]'));
      assert.equal(new URL(page.url()).pathname, '/admin/media');
    });
  });
});
