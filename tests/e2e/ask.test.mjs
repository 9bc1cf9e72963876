// Readers ask the site: without scripts by a form, with them as it is written. The model is a server of the tests.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startModel } from './model.mjs';
import { DEVICES, accessible, picture, sideways, startBrowser, text, then, withPage } from './people.mjs';
import { startSite } from './site.mjs';

const SAYS = 'It is stopped, and <b>the site</b> goes on [1].';
const QUESTION = 'What happens when a plugin misbehaves?';
const PAGE = '/posts/when-a-plugin-misbehaves';

let model;
let site;
let browser;

before(async () => {
  model = await startModel();
  site = await startSite({
    isFilled: false,
    settings: {
      SMARTCMS_AI_PROVIDER: 'openai', SMARTCMS_AI_ADDRESS: model.address, SMARTCMS_AI_MODEL: 'a-model',
      SMARTCMS_ASK_TOKENS_PER_DAY: '1000000', SMARTCMS_ASK_QUESTIONS_PER_MINUTE: '0',
    },
  });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  site?.stop();
  model?.stop();
});

const ask = async (page) => {
  await page.goto(`${site.base}/ask`, { waitUntil: 'load' });
  await page.type('#question', QUESTION);
};

const sources = (page) => page.$$eval('#answer ol a', (all) => all.map((it) => new URL(it.href).pathname));

for (const device of DEVICES) {
  describe(`asking, ${device.name}`, () => {
    test('the answer comes as it is written, behind the pages that it stands on', async () => {
      await withPage(browser, device, async (page) => {
        await ask(page);
        await accessible(page, 'the form');
        let release;
        model.gate = new Promise((done) => { release = done; });
        model.says = SAYS;
        await page.click('form[data-stream] button');
        await page.waitForFunction(() => document.querySelector('[data-text]').textContent === 'It ');
        assert.ok((await sources(page)).includes(PAGE), 'the pages are there first');
        release();
        await page.waitForSelector('[data-written]:not([hidden])');
        assert.equal(await text(page, '[data-text]'), SAYS, 'what a model says is text');
        assert.equal(await page.$('#answer b'), null);
        assert.match(await text(page, '[data-written]'), /^Written by openai\/a-model\./);
        assert.equal(new URL(page.url()).pathname, '/ask', 'no other page was loaded');
        await accessible(page, 'the answer');
        assert.deepEqual(await page.evaluate(sideways), []);
        await picture(page, `ask-${device.name}`);
      });
    });
  });
}

test('without scripts the form brings the whole answer', async () => {
  await withPage(browser, { scripts: false }, async (page) => {
    model.gate = undefined;
    model.says = SAYS;
    await ask(page);
    await then(page, () => page.keyboard.press('Enter'));
    assert.match(await page.content(), /It is stopped, and &lt;b&gt;the site&lt;\/b&gt; goes on \[1\]\./);
    const first = (await page.content()).match(/<ol>\s*<li><a href="([^"]+)"/);
    assert.equal(first[1], PAGE);
  });
});

test('what fails is said, and the next question is answered', async () => {
  await withPage(browser, {}, async (page) => {
    await ask(page);
    model.status = 500;
    await page.click('form[data-stream] button');
    await page.waitForSelector('#problem:not([hidden])');
    assert.match(await text(page, '#problem'), /^The model gave no answer/);
    assert.equal(await page.$eval('#answer', (it) => it.hidden), true);
    model.status = 200;
    model.says = 'Nothing bad.';
    await page.click('form[data-stream] button');
    await page.waitForSelector('[data-written]:not([hidden])');
    assert.equal(await text(page, '[data-text]'), 'Nothing bad.');
    assert.equal(await page.$eval('#problem', (it) => it.hidden), true);
  });
});
