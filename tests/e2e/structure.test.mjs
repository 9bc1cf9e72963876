// What a site is made of, arranged in a browser: a collection that is made and used, a menu, a redirect, the palette by
// keyboard. Every page on a phone and on a desk, light and dark, without scripts, and for those who do not see it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as people from './people.mjs';
import { DEVICES, accessible, becomeOwner, sideways, startBrowser, text, then } from './people.mjs';
import { startSite } from './site.mjs';

let site;
let browser;
let session;

before(async () => {
  site = await startSite({ owner: true });
  browser = await startBrowser();
  session = await becomeOwner(browser, site);
});

after(async () => {
  await browser?.close();
  site?.stop();
});

const withPage = (options, look) => people.withPage(browser, { cookies: session, ...options }, look);
const picture = (page, name) => people.picture(page, `structure-${name}`);
const open = (page, where) => page.goto(site.base + where, { waitUntil: 'load' });
const path = (page) => new URL(page.url()).pathname;
const id = (name) => `[id="${name}"]`;

describe('the structure of a site', () => {
  test('a collection is made in the browser, and used', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/collections/-/new');
      await page.type('#label', 'Books');
      await page.type('#label_one', 'Book');
      await page.type('#url', '/books/{slug}');
      await page.click('[value="add fields"]');
      await page.waitForSelector(id('fields.2.label'));
      assert.equal(path(page), '/admin/collections/-/new', 'the page stays where it is');
      assert.equal(await page.$eval('#label', (it) => it.value), 'Books');
      await page.type(id('fields.2.label'), 'Genre');
      await page.select(id('fields.2.kind'), 'select');
      await page.waitForSelector(id('fields.2.choices'));
      await page.type(id('fields.2.choices'), 'novel\nscifi | Science fiction');
      await picture(page, 'collection-new');
      await accessible(page);
      await page.click('[value="up fields.2"]');
      await page.waitForFunction(() => document.querySelector('[id="fields.1"]').textContent.includes('Genre'));
      await then(page, () => page.click('.aside [value="plan"]'));
      assert.equal(path(page), '/admin/collections/books');

      await open(page, '/admin/content/books/new');
      await page.type(id('f.title'), 'Solaris');
      await page.select(id('f.genre'), 'scifi');
      await then(page, () => page.click('[name="do"][value="publish"]'));
      assert.equal((await fetch(`${site.base}/books/solaris`)).status, 200);
    });
  });

  test('a change of it shows what it does, and loses values only by a tick', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/collections/books');
      await page.click(`${id('fields.1-all')} > summary`);
      await page.click(id('fields.1.required'));
      await page.$eval(id('fields.1.name'), (it) => { it.value = 'kind_of'; });
      await then(page, () => page.click('.aside [value="plan"]'));
      assert.match(await text(page, '.plan'), /renamed from `genre`/);
      assert.match(await text(page, '.notice'), /Nothing is lost/);
      await picture(page, 'plan');
      await accessible(page);
      await then(page, () => page.click('[value="apply"]'));
      assert.match(await text(page, '.notice.done'), /in force/);

      await page.click('[value="remove fields.1"]');
      await page.waitForFunction(() => !document.querySelector('[id="fields.2"]'));
      await then(page, () => page.click('.aside [value="plan"]'));
      assert.match(await text(page, '.notice.failed'), /lost for good/);
      await picture(page, 'plan-loss');
      await accessible(page);
      await page.click('[value="apply"]');
      assert.equal(await page.$eval('[name="force"]', (it) => it.validity.valid), false);
      await then(page, () => page.click('[value="back"]'));
      assert.equal(await page.$(id('fields.2')), null, 'the form has the change still');
    });
  });

  test('fields are dragged to another place', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/collections/books');
      const second = await text(page, `${id('fields.1')} .defined-name`);
      // The events that a drag makes: a browser without a window makes none of its own.
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        const event = (it, name) => it.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer }));
        const target = document.querySelector('[id="fields.0"] summary');
        event(document.querySelector('[id="fields.1"] .grip'), 'dragstart');
        event(target, 'dragover');
        event(target, 'drop');
      });
      await page.waitForFunction((name) => document.querySelector('[id="fields.0"] .defined-name').textContent.trim() === name, {}, second);
    });
  });

  test('a menu is arranged without scripts, and shows on the site', async () => {
    await withPage({ scripts: false }, async (page) => {
      await open(page, '/admin/menus/-/new?name=main');
      await then(page, () => page.click('[value="add items"]'));
      await page.select(id('items.0.target'), 'to');
      await then(page, () => page.click('[value="shape items.0"]'));
      await page.type(id('items.0.label'), 'Elsewhere');
      await page.type(id('items.0.to'), 'https://example.org/');
      await then(page, () => page.click('[value="add items"]'));
      await page.type(id('items.1.entry-look'), 'hello');
      await then(page, () => page.click('[value="look items.1.entry"]'));
      await page.click('[name="items.1.entry"]');
      await then(page, () => page.click('[value="up items.1"]'));
      await then(page, () => page.click('.bar [value="save"]'));
      assert.equal(path(page), '/admin/menus/main');
    });
    const home = await (await fetch(site.base)).text();
    assert.ok(home.indexOf('/posts/hello') < home.indexOf('https://example.org/'), 'in the order that was chosen');
  });

  test('items stand below one another', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/menus/main');
      await page.click('[value="in items.1"]');
      await page.waitForSelector(id('items.0.items.0'));
      await picture(page, 'menu-nested');
      await accessible(page);
      await then(page, () => page.click('.bar [value="save"]'));
      await page.waitForSelector(id('items.0.items.0'));
    });
  });

  test('a redirect is added, leads on, and never in a circle', async () => {
    await withPage({}, async (page) => {
      const add = async (from, to) => {
        await open(page, '/admin/redirects');
        await page.click('.adding summary');
        await page.type('#from', from);
        await page.type('#to', to);
        await then(page, () => page.click('[value="create"]'));
      };
      await add('/old', '/posts/hello');
      assert.match(await text(page, 'table'), /\/old/);
      await add('/one', '/two');
      await add('/two', '/one');
      assert.match(await text(page, '#mistakes'), /circle/);
      assert.equal(await page.$eval('#from', (it) => it.value), '/two', 'what was typed stays');
      await accessible(page);
      await picture(page, 'redirect-circle');
    });
    const answer = await fetch(`${site.base}/old`, { redirect: 'manual' });
    assert.equal(answer.headers.get('location'), '/posts/hello');
  });

  test('a webhook shows its secret once', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/webhooks/new');
      await page.type('#name', 'Search');
      await page.type('#url', 'https://search.example/hook');
      await then(page, () => page.click('[value="save"]'));
      assert.match(await text(page, '.secret'), /^whsec_/);
      await accessible(page);
      await picture(page, 'webhook-secret');
      await open(page, '/admin/webhooks');
      await then(page, () => page.click('tbody a'));
      assert.equal(await page.$('.secret'), null);
      await then(page, () => page.click('[value="test"]'));
      await page.waitForSelector('.deliveries li');
      await picture(page, 'webhook');
      await accessible(page);
    });
  });

  test('a view of a list is kept and found again', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/content/posts?status=published');
      await page.click('.keep summary');
      await page.type('#view-name', 'On the site');
      await then(page, () => page.click('[value="keep"]'));
      await open(page, '/admin/content/posts');
      await then(page, () => page.click('.chip'));
      assert.match(page.url(), /status=published/);
      await picture(page, 'view');
      await accessible(page);
    });
  });

  test('the palette and the keys are reached by keyboard alone', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin');
      await page.keyboard.down('Control');
      await page.keyboard.press('k');
      await page.keyboard.up('Control');
      await page.waitForSelector('#palette[open] [role="option"]');
      await accessible(page);
      await picture(page, 'palette');
      await page.keyboard.type('redirects');
      await page.waitForFunction(() => document.querySelectorAll('#palette [role="option"]').length === 1);
      await then(page, () => page.keyboard.press('Enter'));
      assert.equal(path(page), '/admin/redirects');
      await page.keyboard.down('Control');
      await page.keyboard.press('k');
      await page.keyboard.up('Control');
      await page.keyboard.type('solaris');
      await page.waitForFunction(() => document.querySelector('#palette [role="option"]')?.textContent.includes('Solaris'));
      await then(page, () => page.keyboard.press('Enter'));
      assert.equal(await page.$eval(id('f.title'), (it) => it.value), 'Solaris');
      await open(page, '/admin');
      await page.keyboard.type('?');
      await page.waitForSelector('#keys-dialog[open]');
      await accessible(page);
      await picture(page, 'keys');
      await page.keyboard.press('Escape');
      assert.equal(await page.$('#keys-dialog[open]'), null);
    });
    await withPage({ scripts: false }, async (page) => {
      await open(page, '/admin');
      await then(page, () => page.click('.go'));
      await page.type('#q', 'solaris');
      await then(page, () => page.click('main button'));
      assert.match(await text(page, '.boards'), /Solaris/);
    });
  });

  const PAGES = {
    collections: '/admin/collections',
    collection: '/admin/collections/books',
    file: '/admin/collections/posts',
    menus: '/admin/menus',
    menu: '/admin/menus/main',
    redirects: '/admin/redirects',
    import: '/admin/redirects/import',
    terms: '/admin/terms',
    categories: '/admin/terms?collection=categories',
    webhooks: '/admin/webhooks',
    settings: '/admin/settings',
    go: '/admin/go',
  };

  test('every page is accessible and fits, on a desk by day and a phone by night', async () => {
    for (const [name, where] of Object.entries(PAGES)) {
      for (const device of DEVICES) {
        await withPage(device, async (page) => {
          await open(page, where);
          await page.$$eval('main .defined > details', (all) => all.slice(0, 2).forEach((it) => { it.open = true; }));
          await picture(page, `${name}-${device.name}`);
          assert.deepEqual(await page.evaluate(sideways), [], `${name} on a ${device.name}`);
          await accessible(page, `${name} on a ${device.name}`);
        });
      }
    }
  });

  test('pages turn with the language', async () => {
    await withPage({ language: 'ar' }, async (page) => {
      for (const name of ['collections', 'collection', 'menu', 'redirects', 'settings']) {
        await open(page, PAGES[name]);
        assert.equal(await page.evaluate(() => document.dir), 'rtl');
        assert.deepEqual(await page.evaluate(sideways), [], name);
        await accessible(page);
        await picture(page, `${name}-rtl`);
      }
    });
  });
});
