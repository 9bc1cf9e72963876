// The doors of the admin, at a real server: a session ends at once, every form wants the token of its session, and nobody
// learns who has an account, in words or in time.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { OWNER } from './people.mjs';
import { startSite } from './site.mjs';
import { Client } from './client.mjs';

/** What "at once" means where another process ends the session, in milliseconds. */
const AT_ONCE = 1_000;
/** How many pages are looked at for forms, and how many of one kind. */
const PAGES_MAX = 150;
const OF_A_KIND_MAX = 2;
/** How often each way is tried when times are compared, and how far apart the medians may be: a password costs far more. */
const TRIES = 9;
const APART_MAX = 3;
const APART_MS_MAX = 8;

let site;
let owner;

before(async () => {
  site = await startSite({ owner: true, isFilled: false, settings: { SMARTCMS_PEOPLE_ACCOUNT_ATTEMPTS: '10000', SMARTCMS_MAIL_TRANSPORT: 'file' } });
  owner = new Client(site.base);
  const page = await owner.get(site.ownerPath);
  await page.form('/admin/setup').send({ ...OWNER });
  assert.equal((await owner.get('/admin')).status, 200);
});

after(() => site?.stop());

/** Somebody new, with a password. */
async function join(email, role = 'editor') {
  const link = new URL(site.run('user', 'create', '--email', email, '--name', 'Bo', '--role', role));
  await (await new Client(site.base).get(link.pathname + link.search)).form('/admin/password').send({ password: 'a bittern booms at dusk' });
}

async function enter(email, password = 'a bittern booms at dusk') {
  const client = new Client(site.base);
  await (await client.get('/admin/sign-in')).form('/admin/sign-in').send({ email, password });
  assert.equal((await client.get('/admin')).status, 200, 'signed in');
  return client;
}

/** How long a session goes on after this, in milliseconds. */
async function outliving(client, act) {
  assert.equal((await client.get('/admin')).status, 200, 'it is open before');
  await act();
  const begun = performance.now();
  while ((await client.get('/admin')).status === 200 && performance.now() - begun < 10 * AT_ONCE) await delay(10);
  const left = await client.get('/admin');
  assert.equal(left.status, 303);
  assert.match(left.location, /^\/admin\/sign-in/);
  return performance.now() - begun;
}

describe('a session ends within a second', () => {
  test('when its person signs out, whoever has its cookie', async () => {
    await join('out@site.example');
    const client = await enter('out@site.example');
    const copy = client.copy();
    const took = await outliving(copy, async () => (await client.get('/admin')).form('/admin/sign-out').send({}));
    assert.ok(took < AT_ONCE, `${took} ms`);
  });

  const byOperator = { 'is disabled': ['disable'], 'gets another role': ['role', 'author'], 'chooses another password': null };
  for (const [what, command] of Object.entries(byOperator)) {
    test(`when its person ${what}, in every browser`, async () => {
      const email = `${what.split(' ').at(-1)}@site.example`;
      await join(email);
      const [first, second] = [await enter(email), await enter(email)];
      const act = async () => {
        if (command) {
          site.run('user', command[0], email, ...command.slice(1));
          return;
        }
        const link = new URL(site.run('user', 'reset-password', email));
        await (await new Client(site.base).get(link.pathname + link.search)).form('/admin/password').send({ password: 'another bittern booms at dawn' });
      };
      const took = await outliving(first, act);
      assert.ok(took < AT_ONCE, `${took} ms`);
      assert.equal((await second.get('/admin')).status, 303);
    });
  }

  test('and nobody else is out', async () => {
    assert.equal((await owner.get('/admin')).status, 200);
  });
});

test('no form of any page does anything without the token of its session, or from another site', async () => {
  await join('stranger@site.example', 'owner');
  const stranger = await enter('stranger@site.example');
  const foreign = (await stranger.get('/admin')).token;
  const kind = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/\?.*/, '?').replace(/content\/[a-z_]+/, 'content/:collection');
  const counts = new Map();
  const queue = ['/admin'];
  const forms = new Map();
  for (let at = 0; at < queue.length && at < PAGES_MAX; at += 1) {
    const page = await owner.get(queue[at]);
    for (const form of page.forms.filter((it) => it.method === 'post')) forms.set(kind(form.action), form);
    for (const path of page.links) {
      const count = counts.get(kind(path)) ?? 0;
      if (count >= OF_A_KIND_MAX || queue.includes(path)) continue;
      counts.set(kind(path), count + 1);
      queue.push(path);
    }
  }
  assert.ok(forms.size >= 8, `${forms.size} forms: ${[...forms.keys()].join(', ')}`);
  for (const [name, form] of forms) {
    for (const [what, change] of Object.entries({
      'without a token': { csrf: '' },
      'with the token of somebody else': { csrf: foreign },
      'from another site': { headers: { 'sec-fetch-site': 'cross-site' } },
      'from another origin': { headers: { origin: 'https://evil.example' } },
    })) {
      const { status } = await form.send({}, change);
      assert.equal(status, 403, `${name} ${what}`);
    }
  }
  // And the same form with its token is let through.
  const { status } = await (await owner.get('/admin/preferences')).form('/admin/preferences').send({ language: 'en', zone: 'UTC' });
  assert.equal(status, 303);
});

/** What strangers are told, without what differs by chance and what they typed. */
function told(page, email) {
  return { status: page.status, location: page.location, cookies: page.setCookies.map((it) => it.split('=')[0]),
    text: page.text.replaceAll(page.token, 'TOKEN').replaceAll(email, 'EMAIL') };
}

const median = (figures) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)];

describe('nobody learns who has an account', () => {
  const gone = 'gone@site.example';
  const ways = {
    'a wrong password': { path: '/admin/sign-in', values: { password: 'not this one at all' } },
    'a forgotten password': { path: '/admin/forgotten', values: {} },
  };
  before(async () => {
    await join(gone);
    site.run('user', 'disable', gone);
    for (let number = 0; number < TRIES; number += 1) site.run('user', 'create', '--email', `known${number}@site.example`, '--name', 'Kim', '--role', 'author');
  });

  for (const [what, { path, values }] of Object.entries(ways)) {
    test(`in the words after ${what}`, async () => {
      const answers = [];
      for (const email of [OWNER.email, 'nobody@site.example', gone]) {
        const client = new Client(site.base);
        const first = await (await client.get(path)).form(path).send({ email, ...values });
        const next = first.location ? await client.get(first.location) : first;
        answers.push([told(first, email), told(next, email)]);
      }
      assert.deepEqual(answers[1], answers[0]);
      assert.deepEqual(answers[2], answers[0]);
    });

    test(`in the time after ${what}`, async () => {
      const times = { known: [], unknown: [] };
      const client = new Client(site.base);
      const page = await client.get(path);
      for (let number = -1; number < TRIES; number += 1) {
        for (const who of ['known', 'unknown']) {
          const begun = performance.now();
          await page.form(path).send({ email: `${who}${Math.max(number, 0)}@site.example`, ...values });
          // The first of each warms up.
          if (number >= 0) times[who].push(performance.now() - begun);
        }
      }
      const [known, unknown] = [median(times.known), median(times.unknown)];
      const apart = Math.max(known, unknown) / Math.min(known, unknown);
      assert.ok(apart < APART_MAX || Math.abs(known - unknown) < APART_MS_MAX, `${known} ms with an account, ${unknown} ms without`);
    });
  }
});
