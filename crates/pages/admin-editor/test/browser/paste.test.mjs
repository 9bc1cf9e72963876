// What people paste, as programs put it on the clipboard, and what becomes of it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { blocks, launch, open, paste, plain, press, write } from './open.mjs';
import { startSite } from './site.mjs';

const FIXTURES = new URL('../fixtures/paste/', import.meta.url);
const read = (name) => readFileSync(new URL(name, FIXTURES), 'utf8');
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC';

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

async function pasted(content, { options = {}, first = '' } = {}) {
  let found;
  const complaints = await open(browser, site, options, async (page) => {
    if (first) await write(page, first);
    await paste(page, content);
    await page.waitForNetworkIdle({ idleTime: 100 });
    found = plain(await blocks(page));
    assert.equal(await page.evaluate(() => window.hacked), undefined);
  });
  return { found, complaints: complaints.filter((it) => !/Failed to load resource|net::/.test(it)) };
}

describe('pasting', () => {
  for (const name of readdirSync(FIXTURES).filter((it) => it.endsWith('.html'))) {
    test(`HTML as in ${name}`, async () => {
      const { found, complaints } = await pasted({ html: read(name), text: 'text' });
      assert.deepEqual(found, JSON.parse(read(name.replace('.html', '.json'))));
      assert.deepEqual(complaints, [], 'the policy has nothing to refuse');
    });
  }

  test('an address onto words makes a link, and alone is one', async () => {
    await open(browser, site, {}, async (page) => {
      await write(page, 'see here');
      for (let index = 0; index < 4; index += 1) await press(page, 'Shift', 'ArrowLeft');
      await paste(page, { text: 'https://example.com/a' });
      await press(page, 'End');
      await page.keyboard.type(' or ');
      await paste(page, { text: 'https://example.com/b' });
      assert.deepEqual(plain(await blocks(page)), [{ type: 'paragraph', content: [
        'see ', { 'https://example.com/a': 'here' }, ' or ', { 'https://example.com/b': 'https://example.com/b' }] }]);
    });
  });

  test('Markdown becomes blocks, as the server reads it', async () => {
    const { found } = await pasted({ text: '# Title\n\nText\n' });
    assert.deepEqual(found, [{ type: 'heading', level: 1, content: ['Title'] }, { type: 'paragraph', content: ['Text'] }]);
  });

  test('plain text stays text, line by line', async () => {
    const { found } = await pasted({ text: 'one < two\n\nthree' });
    assert.deepEqual(found, [{ type: 'paragraph', content: ['one < two'] }, { type: 'paragraph', content: ['three'] }]);
  });

  test('into code everything is text', async () => {
    const { found } = await pasted({ html: '<p><b>x</b></p>', text: '# x\n  y' }, { first: '```js ' });
    assert.deepEqual(found, [{ type: 'code', language: 'js', text: '# x\n  y' }]);
  });

  test('an image file is uploaded, with the token and its name', async () => {
    const { found } = await pasted({ files: [{ name: 'shot.png', type: 'image/png', base64: PIXEL }] });
    assert.equal(found.length, 1);
    assert.equal(found[0].type, 'image');
    assert.match(found[0].asset, /^up-/);
    const upload = site.seen.find((it) => it.path === '/upload');
    assert.equal(upload.headers['x-csrf-token'], 'token-1');
    assert.match(upload.body.toString('latin1'), /name="file"; filename="shot.png"/);
  });

  test('an image inside the HTML is uploaded; of Word’s picture of the text there is none', async () => {
    const inside = await pasted({ html: `<p>a</p><img src="data:image/png;base64,${PIXEL}">` });
    assert.deepEqual(inside.found.map((it) => it.type), ['paragraph', 'image']);
    const word = await pasted({ html: '<p class=MsoNormal>a</p>', files: [{ name: 'p.png', type: 'image/png', base64: PIXEL }] });
    assert.deepEqual(word.found, [{ type: 'paragraph', content: ['a'] }]);
  });

  test('what was cut comes back whole, with its ids', async () => {
    const documents = JSON.parse(readFileSync(new URL('../fixtures/documents.json', import.meta.url), 'utf8'));
    const tour = JSON.parse(readFileSync(new URL('../fixtures/tour.json', import.meta.url), 'utf8'));
    for (const document of [...documents.slice(0, 14), tour]) {
      await open(browser, site, { document }, async (page) => {
        const before = await blocks(page);
        await page.focus('.editor-content');
        await press(page, 'Control', 'a');
        const data = await page.evaluate(() => {
          const clipboardData = new DataTransfer();
          document.querySelector('.editor-content').dispatchEvent(new ClipboardEvent('cut', { clipboardData, bubbles: true, cancelable: true }));
          return { html: clipboardData.getData('text/html'), text: clipboardData.getData('text/plain') };
        });
        await paste(page, data);
        assert.deepEqual(await blocks(page), before);
      });
    }
  });
});
