// When a browser shows a page: its largest contentful paint, with a processor that is four times as slow and nothing in
// its cache. Called by `cargo xtask bench admin` with what to look at as JSON; answers with JSON.

import { setTimeout as delay } from 'node:timers/promises';
import { startBrowser } from './people.mjs';

const SLOWER = 4;
/** How long it is waited for something larger, in milliseconds. */
const PATIENCE = 400;

const { base, cookies, paths, rounds } = JSON.parse(process.argv[2]);
const kept = cookies.split('; ').filter(Boolean).map((it) => {
  const [name, value] = it.split('=');
  return { name, value, url: base };
});

async function shown(browser, path) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    if (path !== '/admin/sign-in') await page.setCookie(...kept);
    await page.emulateCPUThrottling(SLOWER);
    await page.evaluateOnNewDocument(() => {
      window.paints = [];
      new PerformanceObserver((list) => window.paints.push(...list.getEntries().map((it) => it.startTime)))
        .observe({ type: 'largest-contentful-paint', buffered: true });
    });
    const answer = await page.goto(base + path, { waitUntil: 'load' });
    if (answer.status() !== 200) throw new Error(`${path}: ${answer.status()}`);
    await delay(PATIENCE);
    const paint = await page.evaluate(() => window.paints.at(-1));
    if (paint === undefined) throw new Error(`${path}: nothing was shown`);
    return paint;
  } finally {
    await context.close();
  }
}

const browser = await startBrowser();
try {
  const found = Object.fromEntries(paths.map((it) => [it, []]));
  // A round before the first warms up.
  for (let round = -1; round < rounds; round += 1) {
    for (const path of paths) {
      const time = await shown(browser, path);
      if (round >= 0) found[path].push(time);
    }
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
