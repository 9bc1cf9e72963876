// Writing help in the admin: a suggestion is asked for, comes as it is written, and is taken or left; on a desk by day and on
// a phone by night. The model is a server of the tests that speaks the interface of OpenAI.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startModel } from './model.mjs';
import * as people from './people.mjs';
import { DEVICES, accessible, becomeOwner, picture, sideways, startBrowser, text, then } from './people.mjs';
import { startSite } from './site.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SAVE = '[name="do"][value="save"].wide';

let model;
let site;
let browser;
let session;

before(async () => {
  model = await startModel();
  site = await startSite({
    owner: true,
    isFilled: false,
    collections: [join(HERE, 'collections/articles.toml')],
    settings: {
      SMARTCMS_AI_PROVIDER: 'openai', SMARTCMS_AI_ADDRESS: model.address, SMARTCMS_AI_MODEL: 'a-model',
      SMARTCMS_AI_HELP: 'owner=200000', SMARTCMS_AI_HELP_SITE_TOKENS: '1000000',
    },
  });
  browser = await startBrowser();
  session = await becomeOwner(browser, site);
});

after(async () => {
  await browser?.close();
  site?.stop();
  model?.stop();
});

const withPage = (options, look) => people.withPage(browser, { cookies: session, ...options }, look);

const open = (page, path) => page.goto(site.base + path, { waitUntil: 'load' });

/** Opens the help of a field, and chooses a task. */
async function ask(page, field, task) {
  const button = `.help-open[data-target="${field}"]`;
  await page.waitForSelector(`${button}:not([hidden])`);
  await page.click(button);
  await page.waitForSelector('#help[open]');
  await page.click(`.help-tasks label:has([value="${task}"])`);
}

/** Asks the model, and waits until all of it is there. */
async function suggest(page) {
  await page.click('#help [data-suggest]');
  await page.waitForFunction(() => !document.querySelector('#help [data-take]').closest('.bulk').hidden);
}

const value = (page, name) => page.$eval(`[name="${name}"]`, (it) => it.value);

for (const device of DEVICES) {
  describe(`writing help, ${device.name}`, () => {
    test('a title is suggested as it is written, taken, saved, and told in the history', async () => {
      await withPage(device, async (page) => {
        await open(page, '/admin/content/posts/new');
        await page.type('[id="f.title"]', 'A bird that waits');
        await ask(page, 'f.title', 'title');
        await accessible(page, 'the dialog');
        let release;
        model.gate = new Promise((done) => { release = done; });
        model.says = 'The bird that always waits';
        await page.click('#help [data-suggest]');
        await page.waitForFunction(() => document.querySelector('#help [data-text]').textContent === 'The ');
        assert.equal(await page.$eval('#help [data-stop]', (it) => it.hidden), false, 'it can be stopped while it writes');
        release();
        await page.waitForFunction(() => !document.querySelector('#help [data-take]').closest('.bulk').hidden);
        assert.deepEqual(await page.$$eval('#help [data-text] ins', (all) => all.map((it) => it.textContent)), ['The', 'always ']);
        assert.deepEqual(await page.$$eval('#help [data-text] del', (all) => all.map((it) => it.textContent)), ['A']);
        assert.equal(await text(page, '#help [data-told]').then((it) => it.includes('openai/a-model')), true);
        await accessible(page, 'the suggestion');
        assert.deepEqual(await page.evaluate(sideways), []);
        await picture(page, `help-title-${device.name}`, false);
        assert.equal(await value(page, 'f.title'), 'A bird that waits', 'nothing is written before it is taken');
        await page.click('#help [data-take]');
        assert.equal(await value(page, 'f.title'), 'The bird that always waits');
        await then(page, () => page.click(SAVE));
        assert.equal(await value(page, 'f.title'), 'The bird that always waits');
        await open(page, `${new URL(page.url()).pathname}/revisions`);
        assert.match(await text(page, 'main'), /Find a title: a suggestion of openai\/a-model/);
        assert.deepEqual(await page.evaluate(sideways), []);
        await picture(page, `help-history-${device.name}`);
      });
    });

    test('a text is written anew in the editor, or left as it is', async () => {
      await withPage(device, async (page) => {
        await open(page, '/admin/content/articles/new');
        await page.type('[id="f.title"]', 'Waiting');
        await page.waitForSelector('.editor-content');
        await page.focus('.editor-content');
        await page.keyboard.type('The heron stands and waits.');
        await ask(page, 'f.body', 'rewrite');
        await page.select('#help-length', 'shorter');
        model.says = 'The heron waits.';
        await suggest(page);
        await picture(page, `help-rewrite-${device.name}`, false);
        await page.click('#help [data-leave]');
        assert.equal(await text(page, '.editor-content'), 'The heron stands and waits.');
        await suggest(page);
        await page.click('#help [data-take]');
        await page.waitForFunction(() => document.querySelector('.editor-content').textContent === 'The heron waits.');
      });
    });
  });
}

test('what is stopped ends at the model too, and what fails is said', async () => {
  await withPage({}, async (page) => {
    await open(page, '/admin/content/posts/new');
    await page.type('[id="f.title"]', 'A bird');
    await ask(page, 'f.title', 'title');
    let release;
    model.gate = new Promise((done) => { release = done; });
    model.says = `The ${'very '.repeat(2_000)}last bird`;
    const before = model.closed;
    await page.click('#help [data-suggest]');
    await page.waitForFunction(() => document.querySelector('#help [data-text]').textContent === 'The ');
    await page.click('#help [data-stop]');
    await page.waitForFunction(() => document.querySelector('#help [data-suggestion]').hidden);
    release();
    for (let looks = 0; model.closed === before && looks < 200; looks += 1) await delay(50);
    assert.equal(model.closed, before + 1, 'the model was not let go');
    model.gate = undefined;
  });
});

test('a model that is away is said in words', async () => {
  await withPage({ failing: /status of 50[0-9]/ }, async (page) => {
    await open(page, '/admin/content/posts/new');
    await page.type('[id="f.title"]', 'A bird');
    await ask(page, 'f.title', 'title');
    model.status = 500;
    await page.click('#help [data-suggest]');
    await page.waitForSelector('#help [data-problem]:not([hidden])');
    assert.match(await text(page, '#help [data-problem]'), /gave no suggestion.*server's log/);
    await picture(page, 'help-away', false);
    model.status = 200;
  });
});
