// A browser, a page, and what the tests do on it.

import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

export function launch() {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((it) => existsSync(it));
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? found,
    // Chromium has no sandbox for the super-user, whom CI may be; it opens nothing but the site.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** Opens the page as `options` have it, hands it over, and answers what the browser complained of. */
export async function open(browser, site, options, look, { width = 1280, height = 900, scheme = 'light', media = [] } = {}) {
  site.options = options;
  site.seen = [];
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (it) => {
    if (['error', 'warn'].includes(it.type())) complaints.push(it.text());
  });
  page.on('pageerror', (it) => complaints.push(String(it)));
  try {
    await page.setViewport({ width, height, hasTouch: width < 600, isMobile: width < 600 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, ...media]);
    await page.goto(site.base, { waitUntil: 'networkidle0' });
    await look(page);
  } finally {
    await context.close();
  }
  return complaints;
}

/** What the textarea holds, after the editor's pause. */
export async function value(page) {
  await page.evaluate(() => document.querySelector('form').dispatchEvent(new Event('submit', { cancelable: true })));
  return page.$eval('#body', (it) => it.value);
}

export async function blocks(page) {
  return JSON.parse(await value(page)).blocks;
}

/** A tree without ids, and with text that has no marks as a text alone: easy to compare by eye. */
export function plain(tree) {
  if (Array.isArray(tree)) return tree.map(plain);
  if (!tree || typeof tree !== 'object') return tree;
  const keys = Object.keys(tree);
  if (tree.type === 'text' && keys.length === 2) return tree.text;
  if (tree.type === 'text') return { [tree.marks.map((it) => it.href ?? it.type).join(' ')]: tree.text };
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== 'id').map(([name, it]) => [name, plain(it)]));
}

/** Puts the cursor at the end of the text. */
export async function write(page, text) {
  await page.focus('.editor-content');
  await page.keyboard.down('Control');
  await page.keyboard.press('End');
  await page.keyboard.up('Control');
  for (const part of text.split(/(\n)/)) {
    if (part === '\n') await page.keyboard.press('Enter');
    else if (part !== '') await page.keyboard.type(part);
  }
  await settled(page);
}

/**
 * Waits until the editor has heard of the selection: the browser tells it between frames, and keys that come faster than
 * that, as no person's do, would meet the selection of before.
 */
export function settled(page) {
  return page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
  }));
}

/** Pastes as a person does: the browser's own event with these texts and files. */
export async function paste(page, { html, text = '', files = [] }) {
  await page.focus('.editor-content');
  await settled(page);
  await page.evaluate(({ html, text, files }) => {
    const data = new DataTransfer();
    if (html !== undefined) data.setData('text/html', html);
    if (text !== '') data.setData('text/plain', text);
    for (const { name, type, base64 } of files) {
      data.items.add(new File([Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))], name, { type }));
    }
    document.querySelector('.editor-content')
      .dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, { html, text, files });
}

export async function press(page, ...keys) {
  for (const it of keys.slice(0, -1)) await page.keyboard.down(it);
  await page.keyboard.press(keys.at(-1));
  for (const it of keys.slice(0, -1).reverse()) await page.keyboard.up(it);
  await settled(page);
}
