// What the tests of the admin share: a browser, people in it, and how a page is looked at.
//
// With SCREENSHOTS, pictures of the pages are kept in that folder.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PICTURES = process.env.SCREENSHOTS;

export const OWNER = { name: 'Ada Reiher', email: 'ada@site.example', password: 'a heron stands in cold water' };

/** The ways in which pages are looked at: a desk by day, a phone by night. */
export const DEVICES = [
  { name: 'desk', width: 1280, scheme: 'light' },
  { name: 'phone', width: 390, scheme: 'dark' },
];

export async function startBrowser() {
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    // Chromium has no sandbox for the super-user, whom CI may be; it opens nothing but the site.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** A page of the one whose cookies these are; complaints of the browser end the test, but for those that `failing` names. */
export async function withPage(browser, options, look) {
  const { width = 1280, height = 900, scheme = 'light', cookies, scripts = true, language, failing } = options;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const complaints = [];
  try {
    await page.setViewport({ width, height });
    await page.setJavaScriptEnabled(scripts);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    if (language) await page.setExtraHTTPHeaders({ 'accept-language': language });
    if (cookies) await context.setCookie(...cookies);
    page.on('console', (it) => {
      const expected = /status of (403|404|409|422)/.test(it.text()) || failing?.test(it.text());
      if (['error', 'warn'].includes(it.type()) && !expected) complaints.push(it.text());
    });
    page.on('pageerror', (it) => complaints.push(String(it)));
    const found = await look(page, context);
    assert.deepEqual(complaints, []);
    return found;
  } finally {
    await context.close();
  }
}

/** Makes the first owner by the link of the server; the cookies of the session. */
export async function becomeOwner(browser, site, person = OWNER) {
  return withPage(browser, {}, async (page, context) => {
    await page.goto(site.base + site.ownerPath);
    for (const [name, value] of Object.entries(person)) await page.type(`#${name}`, value);
    await then(page, () => page.click('main button'));
    return context.cookies();
  });
}

/** Signs in; the cookies of the session. */
export async function signIn(browser, site, person = OWNER) {
  return withPage(browser, {}, async (page, context) => {
    await page.goto(`${site.base}/admin/sign-in`);
    await page.type('#email', person.email);
    await page.type('#password', person.password);
    await then(page, () => page.click('main button'));
    return context.cookies();
  });
}

/** Does something that leads to another page, and waits for it. */
export const then = (page, act) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), act()]);

export const text = (page, selector) => page.$eval(selector, (it) => it.textContent.trim());

/** Keeps a picture: of the whole page, or of what is seen of it. */
export async function picture(page, name, fullPage = true) {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage });
}

export async function accessible(page, what) {
  assert.deepEqual(await barriers(page), [], what);
}

/** Looks at the open page by night, too. */
export async function legibleByNight(page, what, name) {
  const found = await barriersByNight(page, () => picture(page, name));
  assert.deepEqual(found, [], what);
}

/** What keeps people from using the page. */
export async function barriers(page, runOnly = { type: 'tag', values: RULES }) {
  await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const found = await axe.run(document, { runOnly: rules });
    return found.violations.map((it) => `${it.id}: ${it.help}: ${it.nodes.map((node) => node.html.slice(0, 150)).join(' | ')}`);
  }, runOnly);
}

/** The same of a page that is open by day. Only its colours are others by night, so that no other rule is asked once more. */
export async function barriersByNight(page, look = () => {}) {
  const turn = (value) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
  await turn('dark');
  await page.evaluate(() => Promise.all(document.getAnimations().map((it) => it.finished)));
  await look();
  const found = await barriers(page, { type: 'rule', values: ['color-contrast'] });
  await turn('light');
  return found;
}

/** What reaches past the edge of the page, whichever edge that is. */
export const sideways = () => {
  const width = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= width ? [] : ['the page', ...[...document.body.querySelectorAll('*')]
    .filter((it) => it.getBoundingClientRect().right > width + 1 || it.getBoundingClientRect().left < -1)
    .filter((it) => !it.closest('.scroll, .tabs, .hidden'))
    .map((it) => it.outerHTML.slice(0, 90))];
};
