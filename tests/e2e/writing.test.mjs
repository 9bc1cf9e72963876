// What a writer does, from the first start to what readers see: on a desk by day and on a phone by night.
//
// Time passes for real: what is scheduled in the first test is read in the last one.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as people from './people.mjs';
import { DEVICES, accessible, becomeOwner, picture, sideways, signIn, startBrowser, text, then } from './people.mjs';
import { startSite } from './site.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const FILES = mkdtempSync(join(tmpdir(), 'smartcms-e2e-files-'));
const SAVE = '[name="do"][value="save"].wide';
const PUBLISH = '[name="do"][value="publish"]';
/** How long a scheduled entry may take to be public after its minute began, in milliseconds. */
const SCHEDULE_PATIENCE = 30_000;

let site;
let browser;
/** Two sessions of the same person. */
let session;
let other;
/** What is public at which time: `{ path, at }`. */
let scheduled;
/** The article of each device. */
const articles = {};

before(async () => {
  site = await startSite({ owner: true, isFilled: false, collections: [join(HERE, 'collections/articles.toml')] });
  browser = await startBrowser();
  session = await becomeOwner(browser, site);
  other = await signIn(browser, site);
  await drawPictures();
});

after(async () => {
  await browser?.close();
  site?.stop();
  rmSync(FILES, { recursive: true, force: true });
});

/** Photographs, as far as a program without a camera has them: each is another one, so that none is stored twice. */
async function drawPictures() {
  const page = await browser.newPage();
  await page.setViewport({ width: 1200, height: 750 });
  for (const [number, name] of ['pond', 'reed', 'dusk', 'dawn', 'large-desk', 'large-phone'].entries()) {
    const noise = name.startsWith('large') ? Array.from({ length: 6_000 }, (_, at) => `<i style="left:${(at * 7919) % 1200}px;top:${(at * 104729) % 750}px;background:hsl(${at % 360} 80% 60%)"></i>`).join('') : '';
    await page.setContent(`<style>body{margin:0;height:750px;background:linear-gradient(160deg,hsl(${number * 70 + 190} 45% 75%),hsl(${number * 40 + 20} 60% 60%) 55%,hsl(${number * 50 + 160} 45% 25%))}b{position:absolute;left:62%;top:22%;width:150px;height:150px;border-radius:50%;background:hsl(${number * 60 + 30} 90% 85%)}i{position:absolute;width:9px;height:7px}</style><b></b>${noise}`);
    await page.screenshot({ path: join(FILES, `${name}.png`) });
  }
  await page.close();
}

const withPage = (options, look) => people.withPage(browser, { cookies: session, ...options }, look);

const open = (page, path) => page.goto(site.base + path, { waitUntil: 'load' });

const kept = (page) => page.waitForFunction(
  () => document.querySelector('[data-state]').textContent.startsWith('Kept'), { timeout: 15_000 });

/** Writes at the end of the rich text. */
async function write(page, ...lines) {
  await page.waitForSelector('.editor-content');
  await page.focus('.editor-content');
  await page.keyboard.down('Control');
  await page.keyboard.press('End');
  await page.keyboard.up('Control');
  for (const [number, line] of lines.entries()) {
    if (number > 0) await page.keyboard.press('Enter');
    if (line) await page.keyboard.type(line);
  }
}

/** The browser's own drag of a file from outside. */
async function drop(page, selector, file) {
  const target = await page.$(selector);
  await target.scrollIntoView();
  const box = await target.boundingBox();
  const session = await page.createCDPSession();
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, x, y, data });
  await session.detach();
}

const images = (page, count) => page.waitForFunction(
  (wanted) => [...document.querySelectorAll('.editor-content img')].filter((it) => it.complete && it.naturalWidth > 0).length === wanted,
  { timeout: 15_000 }, count);

/** The next minute that is not about to begin, as the form has it. */
function soon() {
  const at = new Date(Math.ceil((Date.now() + 8_000) / 60_000) * 60_000);
  const two = (it) => String(it).padStart(2, '0');
  const form = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
  return { at: at.getTime(), form };
}

test('an entry is scheduled for the next minute', async () => {
  await withPage({}, async (page) => {
    await open(page, '/admin/content/articles/new');
    await page.type('[id="f.title"]', 'When the minute comes');
    await then(page, () => page.click(SAVE));
    await page.$$eval('.aside details', (all) => all.forEach((it) => { it.open = true; }));
    const { at, form } = soon();
    await page.$eval('#publish_at', (it, value) => { it.value = value; }, form);
    await then(page, () => page.click('[value="schedule"]'));
    assert.equal(await text(page, '.aside .badge'), 'Scheduled');
    assert.equal(await page.$eval('#publish_at', (it) => it.value), form);
    await picture(page, 'writing-scheduled', false);
    scheduled = { path: '/articles/when-the-minute-comes', at };
    assert.equal((await fetch(site.base + scheduled.path)).status, 404, 'not before its time');
  });
});

for (const device of DEVICES) {
  describe(`on a ${device.name}`, () => {
    const at = (look, options) => withPage({ ...device, ...options }, look);

    test('an article is written with pictures that are chosen and dropped', async () => {
      await at(async (page) => {
        await open(page, '/admin/content/articles/new');
        await page.type('[id="f.title"]', `The pond, on a ${device.name}`);
        await page.type('[id="f.summary"]', 'What stands in it, and for how long.');
        await write(page, '## The water', 'It is **cold**, and the heron does not mind.', '', '- reed', 'stones', '', '', 'Here it is:');
        await page.click('.editor-toolbar [aria-label="Image"], .editor-toolbar [title="Image"]');
        const input = await page.waitForSelector('.editor-dialog input[type="file"]');
        await picture(page, `writing-choose-${device.name}`, false);
        await input.uploadFile(join(FILES, device.name === 'desk' ? 'pond.png' : 'dusk.png'));
        await images(page, 1);
        await drop(page, '.editor-content h2', join(FILES, device.name === 'desk' ? 'reed.png' : 'dawn.png'));
        await images(page, 2);
        assert.deepEqual(await page.evaluate(sideways), []);
        await accessible(page);
        await picture(page, `writing-pictures-${device.name}`);
        await then(page, () => page.click(SAVE));
        assert.match(await text(page, '.notice.done'), /Stored as a draft/);
        await images(page, 2);
        articles[device.name] = new URL(page.url()).pathname;
      });
    });

    test('what was not saved is there after the browser closed', async () => {
      await at(async (page) => {
        await open(page, articles[device.name]);
        await write(page, '', 'And then it flew away.');
        await kept(page);
        await picture(page, `writing-kept-${device.name}`, false);
      });
      await at(async (page) => {
        await open(page, articles[device.name]);
        assert.match(await text(page, '.notice.done'), /had not saved yet/);
        await page.waitForSelector('.editor-content');
        assert.match(await text(page, '.editor-content'), /And then it flew away\./);
        await picture(page, `writing-again-${device.name}`, false);
        await then(page, () => page.click(SAVE));
        assert.equal(await page.$('.notice.done form'), null, 'nothing is left over after saving');
        assert.match(await text(page, '.editor-content'), /And then it flew away\./);
      });
    });

    test('two sessions at one entry: theirs stands beside yours', async () => {
      await at(async (page) => {
        await withPage({ cookies: other }, async (theirs) => {
          await open(page, articles[device.name]);
          await open(theirs, articles[device.name]);
          const title = (it, words) => it.$eval('[id="f.title"]', (input, value) => { input.value = value; }, words);
          await title(theirs, 'The lake');
          await write(theirs, '', 'Theirs is the last word.');
          await then(theirs, () => theirs.click(SAVE));
          await title(page, 'The puddle');
          await write(page, '', 'Mine is the last word.');
          await then(page, () => page.click(SAVE));
          assert.equal(await text(page, 'h1'), 'Two have written');
          const both = await text(page, '#conflict');
          for (const words of ['The lake', 'The puddle', 'Theirs is the last word.', 'Mine is the last word.']) {
            assert.ok(both.includes(words), `${words} in ${both}`);
          }
          assert.deepEqual(await page.evaluate(sideways), []);
          await accessible(page);
          await picture(page, `writing-conflict-${device.name}`);
          await page.click('[name="keep.title"][value="theirs"]');
          await then(page, () => page.click('[value="merge"]'));
          assert.equal(await page.$eval('[id="f.title"]', (it) => it.value), 'The lake');
          assert.match(await text(page, '.editor-content'), /Mine is the last word\./);
        });
      });
    });

    test('the preview has the width of a phone and of a desk, and its link shows the draft to others', async () => {
      await at(async (page) => {
        await open(page, articles[device.name]);
        const address = await page.$eval('[data-copy]', (it) => it.href);
        await page.click('[data-preview]');
        const frame = await (await page.waitForSelector('.preview:not([hidden]) iframe[src]')).contentFrame();
        await frame.waitForSelector('h1');
        for (const [width, wanted] of [['phone', 390], ['desk', 1280]]) {
          await page.click(`[data-width="${width}"]`);
          await page.waitForFunction((it) => document.querySelector(`[data-width="${it}"]`).ariaPressed === 'true', {}, width);
          const found = await frame.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done(window.innerWidth))); }));
          const room = await page.$eval('.preview-page', (it) => it.clientWidth);
          const expected = width === 'phone' ? Math.min(wanted, room) : wanted;
          assert.ok(Math.abs(found - expected) <= 2, `${width}: ${found} of ${expected}`);
          await picture(page, `writing-preview-${width}-on-${device.name}`, false);
        }
        assert.equal(await frame.$eval('h1', (it) => it.textContent.trim()), 'The lake');
        await withPage({ cookies: [], width: device.width, scheme: device.scheme }, async (reader) => {
          const answer = await reader.goto(address);
          assert.equal(answer.status(), 200);
          assert.equal(await text(reader, 'h1'), 'The lake');
          assert.equal((await reader.$$('.prose img')).length, 2);
        });
        const tampered = address.slice(0, -3) + (address.endsWith('AAA') ? 'BBB' : 'AAA');
        assert.equal((await fetch(tampered)).status, 404, 'a link that was changed shows nothing');
      });
    });

    test('it is published, and an older state is brought back', async () => {
      await at(async (page) => {
        await open(page, articles[device.name]);
        await then(page, () => page.click(PUBLISH));
        assert.match(await text(page, '.notice.done'), /Published/);
        const live = await page.$eval('.see a', (it) => it.href);
        const html = await (await fetch(live)).text();
        assert.match(html, /The lake/);
        assert.match(html, /<h2[^>]*>.*The water/);
        await open(page, `${articles[device.name]}/revisions?from=1&to=2`);
        assert.match(await text(page, '.diff'), /And then it flew away\./);
        assert.deepEqual(await page.evaluate(sideways), []);
        await picture(page, `writing-diff-${device.name}`);
        await then(page, () => page.click('[name="revision"][value="1"]'));
        await open(page, articles[device.name]);
        assert.equal(await page.$eval('[id="f.title"]', (it) => it.value), `The pond, on a ${device.name}`);
        assert.match(await (await fetch(live)).text(), /The lake/, 'readers see the old state when it is published');
        await then(page, () => page.click(PUBLISH));
        assert.match(await (await fetch(live)).text(), new RegExp(`The pond, on a ${device.name}`));
        await picture(page, `writing-published-${device.name}`);
      });
    });

    test('files show how far they are, and keep what is chosen as their focal point', async () => {
      await at(async (page) => {
        await open(page, '/admin/media');
        const network = await page.createCDPSession();
        const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
        await network.send('Network.enable');
        await network.send('Network.emulateNetworkConditions', slow);
        await drop(page, 'form.drop', join(FILES, `large-${device.name}.png`));
        const half = await page.waitForFunction(() => {
          const bar = document.querySelector('.progress progress');
          return bar && bar.value > 0.1 && bar.value < 1 ? bar.value : false;
        }, { timeout: 15_000, polling: 20 });
        assert.ok(await half.jsonValue() < 1);
        await picture(page, `writing-progress-${device.name}`, false);
        await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
        await page.waitForFunction((name) => [...document.querySelectorAll('.tile')].some((it) => it.textContent.includes(name)), { timeout: 15_000 }, `large-${device.name}`);
        const tile = await page.$$eval('.tile', (all, name) => all.find((it) => it.textContent.includes(name)).href, `large-${device.name}`);
        await page.goto(tile);
        const box = await (await page.waitForSelector('.focal.ready img')).boundingBox();
        await page.mouse.click(box.x + box.width * 0.68, box.y + box.height * 0.32);
        const focal = () => page.$$eval('#focal_x, #focal_y', (all) => all.map((it) => Math.round(it.value)));
        assert.deepEqual(await focal(), [68, 32]);
        await page.type('#alt', 'A moon over a field of lights');
        await picture(page, `writing-focal-${device.name}`);
        await then(page, () => page.click('button[value="save"]'));
        assert.deepEqual(await focal(), [68, 32]);
        assert.deepEqual(await page.evaluate(sideways), []);
      });
    });
  });
}

test('what was scheduled is public when its time has come', async () => {
  const left = scheduled.at - Date.now();
  if (left > 0) await delay(left);
  let status = 0;
  for (const end = Date.now() + SCHEDULE_PATIENCE; status !== 200 && Date.now() < end; await delay(250)) {
    status = (await fetch(site.base + scheduled.path)).status;
  }
  assert.equal(status, 200);
});
