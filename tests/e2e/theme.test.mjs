// The default theme as readers meet it: every kind of page, on a phone and on a desk, light and dark, with the
// keyboard, without scripts, on paper, and for those who do not see it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { barriers, barriersByNight } from './people.mjs';
import { startSite } from './site.mjs';

const WIDTHS = [390, 1280];
/** The narrowest width at which nothing may have to be scrolled sideways: WCAG 1.4.10. */
const NARROWEST = 320;

const PAGES = {
  home: '/',
  'an entry with a picture': '/posts/when-a-plugin-misbehaves',
  'an entry that is hard to lay out': '/posts/hard',
  'an entry from right to left': '/ar/posts/marhaban',
  'a page': '/writing',
  'the list of a collection': '/posts',
  'the archive': '/archive',
  'a tag': '/tags/plugins',
  'an author': '/authors/ada-reiher',
  'the search': '/search',
  'what was found': '/search?q=plugin',
  'what was not found': `/search?q=${'nothing'.repeat(20)}`,
  'a search that is too long': `/search?q=${'x'.repeat(201)}`,
  'a page that is not there': '/nothing/here',
};
const STATUS = { 'a page that is not there': 404, 'a search that is too long': 422 };

let site;
let browser;

before(async () => {
  site = await startSite();
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    // Chromium has no sandbox for the super-user, whom CI may be; it opens nothing but the site.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
});

after(async () => {
  await browser?.close();
  site?.stop();
});

/** Opens a page, hands it over, and answers what went wrong on it. */
async function open(path, { width = 1280, scheme = 'light', media = [] } = {}, look) {
  const page = await browser.newPage();
  const complaints = [];
  try {
    await page.setCacheEnabled(false);
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, ...media]);
    // The browser says so of every answer that is no success, also where that is what was expected.
    const isOwn = (it) => it.location().url === site.base + path;
    page.on('console', (it) => {
      if (['error', 'warn'].includes(it.type()) && !isOwn(it)) complaints.push(it.text());
    });
    page.on('pageerror', (it) => complaints.push(String(it)));
    page.on('requestfailed', (it) => complaints.push(`${it.url()}: ${it.failure()?.errorText}`));
    const answer = await page.goto(site.base + path, { waitUntil: 'load' });
    return { found: await look(page, answer), complaints };
  } finally {
    await page.close();
  }
}

/** What reaches past the right or left edge of the page, unless it can be scrolled by itself. */
function sideways() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const reaches = (it) => {
    const { left, right } = it.getBoundingClientRect();
    return !it.closest('pre, .table') && (right > width + 1 || left < -1);
  };
  return [...document.body.querySelectorAll('*')].filter(reaches).map((it) => it.outerHTML.slice(0, 90));
}

describe('every kind of page', () => {
  for (const [name, path] of Object.entries(PAGES)) {
    test(name, async () => {
      for (const width of WIDTHS) {
        const where = `${path.slice(0, 60)} at ${width} pixels`;
        const { found, complaints } = await open(path, { width }, async (page, answer) => ({
          status: answer.status(),
          sideways: await page.evaluate(sideways),
          headings: await page.$$eval('h1', (all) => all.length),
          violations: [...await barriers(page), ...await barriersByNight(page)],
        }));
        assert.equal(found.status, STATUS[name] ?? 200, where);
        assert.deepEqual(complaints, [], where);
        assert.deepEqual(found.sideways, [], where);
        assert.equal(found.headings, 1, where);
        assert.deepEqual(found.violations, [], where);
      }
      const { found } = await open(path, { width: NARROWEST }, (page) => page.evaluate(sideways));
      assert.deepEqual(found, [], `${path.slice(0, 60)} at ${NARROWEST} pixels`);
    });
  }
});

test('the checks find what is wrong', async () => {
  const { found, complaints } = await open('/', {}, async (page) => {
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = '/nothing.png';
      const wide = document.createElement('div');
      wide.textContent = 'wide';
      wide.style.width = '5000px';
      wide.style.color = 'light-dark(black, #222)';
      document.querySelector('main').append(image, wide);
      return new Promise((done) => { image.onerror = done; });
    });
    return { sideways: await page.evaluate(sideways), violations: await barriers(page), night: await barriersByNight(page) };
  });
  assert.ok(found.sideways.length > 0, 'something reaches past the edge');
  assert.ok(found.violations.some((it) => it.startsWith('image-alt')), found.violations.join());
  assert.ok(!found.violations.some((it) => it.startsWith('color-contrast')), 'by day it can be read');
  assert.ok(found.night.some((it) => it.startsWith('color-contrast')), found.night.join());
  assert.ok(complaints.some((it) => it.includes('404')), complaints.join());
});

test('the first key leads past the navigation, and what has the focus shows it', async () => {
  await open('/posts/when-a-plugin-misbehaves', {}, async (page) => {
    const focused = () => page.evaluate(() => {
      const it = document.activeElement;
      const { top, width, height } = it.getBoundingClientRect();
      const outline = parseFloat(getComputedStyle(it).outlineWidth);
      return { text: it.textContent.trim(), id: it.id, outline, shown: top >= 0 && width > 0 && height > 0 };
    });
    await page.keyboard.press('Tab');
    const skip = await focused();
    assert.equal(skip.text, 'Skip to content');
    assert.ok(skip.shown && skip.outline >= 2, JSON.stringify(skip));
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'content');
    await page.keyboard.press('Tab');
    const next = await focused();
    assert.equal(next.text, 'Posts');
    assert.ok(next.outline >= 2, JSON.stringify(next));
  });
});

test('everything can be read and searched without scripts, by keyboard', async () => {
  const page = await browser.newPage();
  try {
    await page.setJavaScriptEnabled(false);
    await page.goto(`${site.base}/`);
    await Promise.all([page.waitForNavigation(), page.click('a[href="/search"]')]);
    await page.focus('#query');
    await page.keyboard.type('misbehav');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.equal(new URL(page.url()).search, '?q=misbehav');
    const html = await page.content();
    assert.match(html, /<mark>misbehaves<\/mark>/);
    await Promise.all([page.waitForNavigation(), page.click('.result h3 a')]);
    assert.equal(new URL(page.url()).pathname, '/posts/when-a-plugin-misbehaves');
    // The table of contents opens by itself.
    await page.setViewport({ width: 390, height: 844 });
    await page.click('.contents summary');
    await page.click('.contents a');
    assert.notEqual(new URL(page.url()).hash, '');
  } finally {
    await page.close();
  }
});

test('lists go on and come back', async () => {
  await open('/', {}, async (page) => {
    await Promise.all([page.waitForNavigation(), page.click('a[rel="next"]')]);
    assert.match(page.url(), /\?after=/);
    const first = await page.$eval('.paging a', (it) => it.getAttribute('href'));
    assert.equal(first, '/');
  });
});

test('pictures are as large as they are shown, and keep their room free', async () => {
  const shown = async (width) => {
    const { found, complaints } = await open('/posts/when-a-plugin-misbehaves', { width }, (page) =>
      page.$eval('.opening img', async (it) => {
        await it.decode();
        const box = it.getBoundingClientRect();
        return { natural: it.naturalWidth, css: box.width, form: box.width / box.height, said: it.width / it.height,
          has: it.hasAttribute('width') && it.hasAttribute('height'), file: it.currentSrc };
      }));
    assert.deepEqual(complaints, []);
    assert.ok(found.has && Math.abs(found.form - 1.6) < 0.02, JSON.stringify(found));
    assert.match(found.file, /\/media\/[0-9a-f]{32}\/w\d+\//);
    return found;
  };
  const [phone, desk] = [await shown(390), await shown(1280)];
  assert.ok(phone.natural < desk.natural, `${phone.file} ${desk.file}`);
  assert.ok(phone.natural >= phone.css && phone.natural <= 2 * phone.css, JSON.stringify(phone));
});

test('topics stand below the text, with a picture above it or without', async () => {
  for (const path of ['/posts/when-a-plugin-misbehaves', '/posts/one-function-three-languages']) {
    for (const width of [390, 1280]) {
      const { found } = await open(path, { width }, (page) => page.evaluate(() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        return box('.entry > footer .terms').top - box('.entry > .prose').bottom;
      }));
      assert.ok(found > 0, `${path} at ${width}: ${found}`);
    }
  }
});

test('nothing moves for those who do not want it', async () => {
  const media = [{ name: 'prefers-reduced-motion', value: 'reduce' }];
  const behaviour = (page) => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
  assert.equal((await open('/', { media }, behaviour)).found, 'auto');
  assert.equal((await open('/', {}, behaviour)).found, 'smooth');
});

test('on paper there is the text and nothing to press', async () => {
  await open('/posts/when-a-plugin-misbehaves', { scheme: 'dark' }, async (page) => {
    await page.emulateMediaType('print');
    const shown = (selector) => page.$eval(selector, (it) => it.getClientRects().length > 0);
    for (const gone of ['.site-header', '.site-footer', '.contents', '.neighbours', '.related', '.skip']) {
      assert.equal(await shown(gone), false, gone);
    }
    for (const there of ['h1', '.prose', '.opening img']) assert.equal(await shown(there), true, there);
    const colours = await page.evaluate(() => [
      getComputedStyle(document.body).color,
      getComputedStyle(document.querySelector('.prose blockquote')).color,
    ]);
    assert.deepEqual(colours, ['rgb(0, 0, 0)', 'rgb(51, 51, 51)'], 'dark text, also where the screen is dark');
    const paper = await page.pdf();
    assert.ok(paper.length > 10_000);
  });
});
