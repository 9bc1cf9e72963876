// How the editor looks and reads: for those who see it, for those who hear it, on a phone and on a desk.
//
// SCREENSHOTS names a folder that the pictures are put in.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, open, press, write } from './open.mjs';
import { startSite } from './site.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const document = JSON.parse(readFileSync(new URL('../fixtures/tour.json', import.meta.url), 'utf8'));
const folder = process.env.SCREENSHOTS;
if (folder) mkdirSync(folder, { recursive: true });

let browser;
let site;
before(async () => {
  browser = await launch();
  site = await startSite();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const click = (page, label) => page.click(`::-p-aria([name="${label}"])`);
const SCENES = {
  text: async () => undefined,
  empty: async () => undefined,
  table: (page) => page.click('.editor-content td'),
  image: (page) => page.click('.editor-image img'),
  callout: (page) => page.click('.editor-callout p'),
  slash: (page) => write(page, '\n/'),
  menu: async (page) => {
    await page.focus('.editor-content');
    await press(page, 'Alt', 'F10');
    await press(page, 'End');
    await press(page, 'Enter');
  },
  link: async (page) => {
    await page.focus('.editor-content');
    await press(page, 'Control', 'a');
    await press(page, 'Control', 'k');
    await page.waitForSelector('dialog[open]');
  },
  picker: async (page, texts) => {
    await page.focus('.editor-content');
    await click(page, texts.image);
    await page.waitForSelector('.editor-tile');
  },
  plugin: async (page) => {
    await page.waitForFunction(() => window.document.body.textContent.includes('Gallery'));
    const card = await page.evaluateHandle(() => Array.from(window.document.querySelectorAll('.editor-card')).find((it) => it.textContent.includes('Gallery')));
    await card.scrollIntoView();
    await card.click({ count: 2 });
    await page.waitForSelector('dialog[open]');
  },
  markdown: async (page, texts) => {
    await click(page, texts.write_markdown);
    await page.waitForFunction(() => !window.document.querySelector('#body').hidden);
  },
};
const VIEWS = [
  { name: 'desk-light', width: 1280, scheme: 'light', lang: 'en' },
  { name: 'desk-dark-de', width: 1280, scheme: 'dark', lang: 'de' },
  { name: 'phone-light', width: 390, height: 800, scheme: 'light', lang: 'en' },
  { name: 'phone-dark-ar', width: 390, height: 800, scheme: 'dark', lang: 'ar' },
];

describe('the editor', () => {
  for (const view of VIEWS) {
    for (const [name, act] of Object.entries(SCENES)) {
      test(`has nothing that axe-core finds: ${name}, ${view.name}`, async () => {
        const texts = JSON.parse(readFileSync(new URL(`../../texts/${view.lang}.json`, import.meta.url), 'utf8'));
        const options = { lang: view.lang, ...(['empty', 'slash'].includes(name) ? {} : { document }) };
        const complaints = await open(browser, site, options, async (page) => {
          await act(page, texts);
          await new Promise((resolve) => setTimeout(resolve, 150));
          if (folder) await page.screenshot({ path: join(folder, `${view.name}-${name}.png`) });
          const sideways = await page.evaluate(() => window.document.documentElement.scrollWidth - innerWidth);
          assert.ok(sideways <= 0, `${sideways} pixels stand out at the side`);
          // Its own world is not bound by the page's policy.
          const client = await page.createCDPSession();
          const { executionContextId } = await client.send('Page.createIsolatedWorld', {
            frameId: page.mainFrame()._id, worldName: 'axe',
          });
          const run = async (expression) => (await client.send('Runtime.evaluate', {
            contextId: executionContextId, expression, awaitPromise: true, returnByValue: true,
          })).result.value;
          await run(readFileSync(AXE, 'utf8'));
          const found = await run(`axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })
            .then(({ violations }) => violations.map((it) => it.id + ': ' + it.nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | ')))`);
          assert.deepEqual(found, []);
        }, view);
        assert.deepEqual(complaints.filter((it) => !/status of 404|inline script/.test(it)), []);
      });
    }
  }

  test('moves nothing for those who asked for that', async () => {
    await open(browser, site, { document }, async (page) => {
      const moving = await page.evaluate(() => Array.from(window.document.querySelectorAll('.editor *'))
        .filter((it) => getComputedStyle(it).transitionDuration !== '0s' || getComputedStyle(it).animationName !== 'none')
        .map((it) => it.className));
      assert.deepEqual(moving, []);
    }, { media: [{ name: 'prefers-reduced-motion', value: 'reduce' }] });
  });

  test('keeps every button large enough for a finger on a phone', async () => {
    await open(browser, site, { document }, async (page) => {
      const small = await page.$$eval('.editor-toolbar button', (all) => all.map((it) => it.getBoundingClientRect()).filter((it) => it.width < 44 || it.height < 44).length);
      assert.equal(small, 0);
    }, { width: 390 });
  });
});
