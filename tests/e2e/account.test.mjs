// People and their safety, as people meet them: passkeys by an authenticator of the browser, codes of an app, sessions, and
// roles that do not see.
//
// Passkeys need a host with a name, so this site is at `localhost` and has a server of its own.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  OWNER, accessible, becomeOwner, legibleByNight, picture, sideways, startBrowser, text, then, withPage as inBrowser,
} from './people.mjs';

const PASSWORD = OWNER.password;

let site;
let browser;
let owner;

/** A port that is free now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A site at a host with a name. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'smartcms-account-'));
  const executable = process.env.SMARTCMS;
  const run = (...args) => {
    const done = spawnSync(executable, ['--site', folder, ...args], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`smartcms ${args.join(' ')}: ${done.stderr}`);
    return done.stdout.trim();
  };
  run('init', folder, '--demo');
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const server = spawn(executable, ['--site', folder, 'serve', '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SMARTCMS_SITE_BASE_URL: base },
  });
  const stop = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const lines = createInterface({ input: server.stdout });
  for await (const line of lines) {
    const found = line.match(/the owner, within the hour, at (http:\S+)$/);
    if (found) return { base, run, stop, ownerPath: new URL(found[1]).pathname + new URL(found[1]).search };
  }
  throw new Error('the server ended before it said where the owner is made');
}

before(async () => {
  site = await start();
  browser = await startBrowser();
  owner = await becomeOwner(browser, site);
});

after(async () => {
  await browser?.close();
  site?.stop();
});

/** A page of the owner, or of one who comes with other cookies. */
const withPage = (options, look) => inBrowser(browser, { cookies: owner, ...options }, async (page, context) => {
  page.on('dialog', (it) => it.accept());
  return look(page, context);
});

const open = (page, at) => page.goto(site.base + at, { waitUntil: 'load' });

const path = (page) => new URL(page.url()).pathname;

/** Signs in with a password; what asks for more, or the dashboard, is there then. */
async function enter(page, email, password = PASSWORD) {
  await open(page, '/admin/sign-in');
  await page.type('#email', email);
  await page.type('#password', password);
  await then(page, () => page.click('main button.primary'));
}

/** Invites somebody as the owner does, who chooses a password; the cookies of their session. */
async function invited(email, role) {
  const link = await withPage({}, async (page) => {
    await open(page, '/admin/users/new');
    await page.type('#name', email.split('@')[0]);
    await page.type('#email', email);
    await page.select('#role', role);
    await then(page, () => page.click('main button.primary'));
    await accessible(page, 'link');
    await picture(page, 'link');
    return page.$eval('#link', (it) => it.value);
  });
  return withPage({ cookies: null }, async (page, context) => {
    await page.goto(link, { waitUntil: 'load' });
    await page.type('#password', PASSWORD);
    await then(page, () => page.click('main button'));
    assert.equal(path(page), '/admin');
    return context.cookies();
  });
}

/** The code that an app shows for a secret (RFC 6238). */
function code(secret, at = Date.now()) {
  const bits = [...secret.replace(/\s/g, '')].map((it) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(it).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = hash[19] & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe('people and their safety', () => {
  test('a passkey is added, lets in without a password, is renamed and removed', async () => {
    await withPage({}, async (page, context) => {
      const session = await page.createCDPSession();
      await session.send('WebAuthn.enable');
      const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
          isUserVerified: true, automaticPresenceSimulation: true,
        },
      });
      await open(page, '/admin/account');
      await page.type('#passkey-name', 'My laptop');
      await then(page, () => page.click('[data-passkey="create"]'));
      assert.match(await text(page, '.notice.done'), /passkey is added/);
      assert.equal(await page.$eval('#key-1', (it) => it.value), 'My laptop');
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      assert.equal(credentials.length, 1);
      assert.equal(credentials[0].isResidentCredential, true);
      await accessible(page, 'account with a passkey');
      await picture(page, 'account-passkey');
      await page.$eval('#key-1', (it) => { it.value = 'Key at the door'; });
      await then(page, () => page.click('[value="rename"]'));
      assert.equal(await page.$eval('#key-1', (it) => it.value), 'Key at the door');

      await context.deleteCookie(...await context.cookies());
      await open(page, '/admin/sign-in?next=/admin/trash');
      await picture(page, 'sign-in-passkey');
      await then(page, () => page.click('[data-passkey="get"]'));
      assert.equal(path(page), '/admin/trash');

      await open(page, '/admin/account');
      await then(page, () => page.click('.key [value="remove"]'));
      assert.match(await text(page, '.notice.done'), /lets nobody in/);
      await context.deleteCookie(...await context.cookies());
      await open(page, '/admin/sign-in');
      await page.click('[data-passkey="get"]');
      await page.waitForSelector('[data-passkey-problem]:not([hidden])');
      assert.match(await text(page, '[data-passkey-problem]'), /not known here/);
      assert.equal(path(page), '/admin/sign-in');
    });
  });

  test('codes of an app are set up, and asked for at the next sign-in', async () => {
    const cookies = await invited('bea@site.example', 'editor');
    const [secret, recovery] = await withPage({ cookies }, async (page) => {
      await open(page, '/admin/account');
      await then(page, () => page.click('[value="begin"]'));
      await accessible(page, 'codes');
      await picture(page, 'codes');
      const shown = await text(page, '#secret');
      const square = await page.$eval('svg.qr', (it) => it.getBoundingClientRect().width);
      assert.ok(square > 150, 'the picture is large enough for a phone');
      await page.type('#code', '000000');
      await then(page, () => page.click('[value="confirm"]'));
      assert.equal(await text(page, '#secret'), shown, 'a wrong code is typed again');
      await page.type('#code', code(shown));
      await then(page, () => page.click('[value="confirm"]'));
      assert.equal(await text(page, 'h1'), 'Recovery codes');
      await accessible(page, 'recovery codes');
      await picture(page, 'recovery-codes');
      const codes = await page.$$eval('.codes code', (all) => all.map((it) => it.textContent));
      assert.equal(codes.length, 10);
      await then(page, () => page.click('main a.primary'));
      assert.equal(path(page), '/admin/account', 'the person is still in');
      return [shown, codes[0]];
    });
    await withPage({ cookies: null }, async (page) => {
      await enter(page, 'bea@site.example');
      assert.equal(await text(page, 'h1'), 'Second step');
      await page.type('#code', '000000');
      await then(page, () => page.click('main button'));
      assert.equal(await text(page, 'h1'), 'Second step');
      // The code that proved it was used up: the next one is that of the next half minute.
      await page.type('#code', code(secret, Date.now() + 30_000));
      await then(page, () => page.click('main button'));
      assert.equal(path(page), '/admin');
    });
    await withPage({ cookies: null }, async (page) => {
      await enter(page, 'bea@site.example');
      await page.type('#code', recovery);
      await then(page, () => page.click('main button'));
      assert.equal(path(page), '/admin', 'a recovery code lets in too');
    });
  });

  test('a session that is ended elsewhere is over within a second', async () => {
    const cookies = await invited('cid@site.example', 'author');
    await withPage({ cookies }, async (page) => {
      await withPage({ cookies: null }, async (other) => {
        await enter(other, 'cid@site.example');
        assert.equal(path(other), '/admin');
        await open(page, '/admin/account/sessions');
        await picture(page, 'sessions');
        assert.equal(await page.$$eval('[value^="end "]', (all) => all.length), 1);
        await then(page, () => page.click('[value="others"]'));
        await delay(200);
        await open(other, '/admin');
        assert.equal(path(other), '/admin/sign-in');
        await open(page, '/admin');
        assert.equal(path(page), '/admin');
      });
      // The owner ends all there is.
      await withPage({}, async (manager) => {
        await open(manager, '/admin/users');
        await then(manager, () => manager.click('.people tbody tr:nth-child(3) a'));
        assert.equal(await text(manager, 'h1'), 'cid');
        await picture(manager, 'user');
        await then(manager, () => manager.click('[value="end-all"]'));
      });
      await open(page, '/admin');
      assert.equal(path(page), '/admin/sign-in');
    });
  });

  test('a role that is made by the grid does not see what it may not', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/roles/new');
      await page.type('#label', 'Copywriter');
      await page.type('#name', 'copywriter');
      await page.select('#base', 'viewer');
      assert.equal(await page.$eval('[id="r.tags.create"]', (it) => it.value), 'none', 'as the base says');
      const choose = async (collection, permission, reach) => page.select(`[id="r.${collection}.${permission}"]`, reach);
      await page.click('[name="rule"][value="posts"]');
      await choose('posts', 'read_drafts', 'any');
      await choose('posts', 'create', 'any');
      await choose('posts', 'update', 'own');
      await page.click('[name="rule"][value="pages"]');
      for (const permission of ['read_drafts', 'create', 'update', 'publish', 'delete']) await choose('pages', permission, 'none');
      await page.$$eval('details.field-rules', (all) => all.forEach((it) => { it.open = true; }));
      await page.select('[id="f.posts.excerpt"]', 'hidden');
      await picture(page, 'role-new');
      await then(page, () => page.click('[value="save"]'));
      assert.equal(path(page), '/admin/roles/copywriter');
      assert.equal(await page.$eval('[id="f.posts.excerpt"]', (it) => it.value), 'hidden');
    });
    const cookies = await invited('dan@site.example', 'copywriter');
    await withPage({ cookies }, async (page) => {
      await open(page, '/admin');
      const links = await page.$$eval('nav.side a', (all) => all.map((it) => it.getAttribute('href')));
      assert.ok(links.includes('/admin/content/posts'));
      for (const hidden of ['/admin/content/pages', '/admin/users', '/admin/audit']) assert.ok(!links.includes(hidden), hidden);
      assert.equal((await open(page, '/admin/content/pages')).status(), 403);
      await open(page, '/admin/content/posts/new');
      assert.ok(await page.$('[id="f.title"]'));
      assert.equal(await page.$('[id="f.excerpt"]'), null, 'the field is not shown');
      await page.type('[id="f.title"]', 'By the copywriter');
      await then(page, () => page.click('[name="do"][value="save"].wide'));
      assert.equal(await page.$('[value="publish"]'), null, 'others publish');
    });
  });

  test('a token is made for one collection, works, and is taken away', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/account/tokens/new');
      assert.equal(await page.$eval('.scope-grid', (it) => getComputedStyle(it).display), 'none');
      await page.type('#name', 'importer');
      await page.click('#scoped');
      await picture(page, 'token-new');
      await accessible(page, 'token-new');
      await page.click('[value="content:read_drafts=posts"]');
      await then(page, () => page.click('main button.primary'));
      await accessible(page, 'token-made');
      await picture(page, 'token-made');
      const secret = await page.$eval('#secret', (it) => it.value);
      const ask = async (collection) => (await fetch(`${site.base}/api/v1/content/${collection}?status=draft`, {
        headers: { authorization: `Bearer ${secret}` },
      })).status;
      assert.deepEqual([await ask('posts'), await ask('pages')], [200, 403]);
      await then(page, () => page.click('main a.primary'));
      await picture(page, 'tokens-own');
      await then(page, () => page.click('[value="revoke importer"]'));
      assert.equal(await ask('posts'), 401);
    });
  });

  test('the log has it all, and is handed out as a file', async () => {
    await withPage({}, async (page) => {
      await open(page, '/admin/audit?operation=user.*');
      const said = await text(page, '.audit tbody');
      for (const operation of ['user.passkey_added', 'user.passkey_renamed', 'user.passkey_removed', 'user.totp_set', 'user.created']) {
        assert.ok(said.includes(operation), operation);
      }
      await open(page, '/admin/audit?operation=session.*&actor=ada%40site.example');
      assert.match(await text(page, '.audit tbody'), /session\.revoked/);
      const sent = await page.evaluate(async () => {
        const form = document.querySelector('form[action="/admin/audit/export"]');
        const body = new URLSearchParams(new FormData(form));
        body.set('do', 'csv');
        const answer = await fetch(form.action, { method: 'POST', body });
        return [answer.status, await answer.text()];
      });
      assert.equal(sent[0], 200);
      assert.match(sent[1], /^id,at,actor,operation/);
      await open(page, '/admin/audit?operation=audit.exported');
      assert.match(await text(page, '.audit tbody'), /audit\.exported/);
    });
  });

  const pages = () => ({
    account: '/admin/account',
    sessions: '/admin/account/sessions',
    tokens: '/admin/account/tokens',
    'token-form': '/admin/account/tokens/new',
    users: '/admin/users',
    'user-form': '/admin/users/new',
    roles: '/admin/roles',
    'role-form': '/admin/roles/copywriter',
    'role-built-in': '/admin/roles/editor',
    'tokens-all': '/admin/tokens',
    audit: '/admin/audit',
  });

  test('every page is accessible and fits, on a phone and on a desk, light and dark', async () => {
    await invited('a.person.with.a.very.long.name.that.goes.on@a-host-with-a-long-name.site.example', 'copywriter');
    for (const [name, at] of Object.entries(pages())) {
      for (const width of [390, 1280]) {
        await withPage({ width }, async (page) => {
          assert.equal((await open(page, at)).status(), 200, name);
          await picture(page, `${name}-${width}-light`);
          assert.deepEqual(await page.evaluate(sideways), [], `${name} at ${width}`);
          await accessible(page, `${name} at ${width}, light`);
          await legibleByNight(page, `${name} at ${width}, dark`, `${name}-${width}-dark`);
        });
      }
    }
  });

  test('pages turn with the language', async () => {
    for (const [name, at] of Object.entries(pages())) {
      await withPage({ width: 390, language: 'ar' }, async (page) => {
        await open(page, at);
        assert.equal(await page.evaluate(() => document.dir), 'rtl');
        assert.deepEqual(await page.evaluate(sideways), [], name);
        await picture(page, `${name}-390-rtl`);
      });
    }
  });
});
