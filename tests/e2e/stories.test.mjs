// The page of the original system, unchanged: a file on somebody's disk, or on another site, that posts texts to
// 127.0.0.1:8000. Who serves there is the native server, or what STORIES_SERVER says: the words of a command in JSON, in
// which {address} and {ai} stand for where it listens and for a server of models.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startModel } from './model.mjs';
import { startBrowser, withPage } from './people.mjs';
import { startSite } from './site.mjs';

const ADDRESS = '127.0.0.1:8000';
const PATIENCE_MS = 60_000;
const PAGE = new URL('stories.html', import.meta.url);
const STORY = 'Once upon a time there was a fox.\n\nIt was “red”.';

let model;
let server;
let elsewhere;
let browser;

/** Starts what a command serves; it has its content in a folder of its own. */
async function startCommand(words) {
  const [program, ...rest] = words.map((it) => it.replaceAll('{address}', ADDRESS).replaceAll('{ai}', model.address));
  const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
  const until = Date.now() + PATIENCE_MS;
  const isReady = () => fetch(`http://${ADDRESS}/readyz`).then((it) => it.ok, () => false);
  while (!await isReady()) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${program} does not serve at ${ADDRESS}`);
    await delay(50);
  }
  return { stop: () => child.kill() };
}

/** The page on a site of its own. */
async function startElsewhere() {
  const html = readFileSync(PAGE);
  const listener = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  await new Promise((done) => { listener.listen(0, '127.0.0.1', done); });
  return { url: `http://127.0.0.1:${listener.address().port}/`, stop: () => listener.close() };
}

before(async () => {
  model = await startModel();
  model.says = 'Once upon a time there was a heron.';
  elsewhere = await startElsewhere();
  const words = process.env.STORIES_SERVER;
  server = words ? await startCommand(JSON.parse(words)) : await startSite({
    isFilled: false,
    listen: ADDRESS,
    settings: { SMARTCMS_STORIES: 'true', SMARTCMS_API_CORS_ORIGINS: '*' },
  });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  server?.stop();
  elsewhere?.stop();
  model?.stop();
});

/** What the page shows after a click, once it is an answer. */
async function answer(page, button) {
  await page.$eval('#result', (it) => { it.textContent = ''; });
  await page.click(button);
  const shown = () => !['', '...'].includes(document.getElementById('result').textContent);
  await page.waitForFunction(shown, { timeout: PATIENCE_MS });
  return page.$eval('#result', (it) => it.textContent);
}

async function retrieved(page, title) {
  await page.$eval('#title', (it, value) => { it.value = value; }, title);
  return answer(page, '#retrieve');
}

describe('the page of the original system', () => {
  for (const [place, url] of [['a file', () => PAGE.href], ['another site', () => elsewhere.url]]) {
    test(`keeps, finds and has stories written, from ${place}`, async () => {
      await withPage(browser, {}, async (page) => {
        await page.goto(url(), { waitUntil: 'load' });
        const title = `The Fox of ${place}`;
        await page.$eval('#story', (it, value) => { it.value = value; }, `${title}\n${STORY}`);
        assert.equal(await answer(page, '#create'), `Stored ${title}\n`);
        assert.equal(await retrieved(page, title), `${STORY}\n`);
        assert.equal(await retrieved(page, 'Nobody wrote this'), 'Story not found\n');
        const [, name, text] = (await answer(page, '#generate')).match(/^(generated\d+)\n(.+)\n$/s) ?? [];
        assert.ok(text?.length > 20, name);
        assert.equal(await retrieved(page, name), `${text}\n`);
      });
    });
  }
});
