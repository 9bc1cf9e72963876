// A site to look at: the demo content, and entries that are harder to lay out. Served by the executable in
// SMARTCMS, in a folder that goes with it.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

const executable = process.env.SMARTCMS;
if (!executable) throw new Error('SMARTCMS has to name the executable; run `cargo xtask e2e`');

const LONG_WORD = 'Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverordnung';
const LONG_TITLE = `${'A title that goes on past every line that somebody had in mind, '.repeat(2)}${LONG_WORD}`.slice(0, 200);
const HARD_TEXT = [
  `## ${LONG_WORD}`,
  `https://example.com/${'a'.repeat(200)} and \`${'code'.repeat(60)}\``,
  '## A wide table',
  `|${' head |'.repeat(14)}`, `|${'---|'.repeat(14)}`, `|${' cellcellcell |'.repeat(14)}`,
  '', '## Code', '```', 'a long line of code '.repeat(30), '```', '',
  '- [x] done\n- [ ] to do\n', 'With a note.[^1]\n', '[^1]: The note.', '',
  '<details><summary>More</summary>\n\ninside\n\n</details>',
].join('\n');

/**
 * Starts the site; `stop()` ends it. With `owner`, `ownerPath` is where the first owner is made; `collections` are files of
 * more collections; `isFilled` is whether it gets the entries that are hard to lay out; `settings` are variables of the
 * server; it listens at `listen`, or at a free port. `run` runs a command on it.
 */
export async function startSite({ owner = false, collections = [], isFilled = true, settings = {}, listen = '127.0.0.1:0' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'smartcms-e2e-'));
  const run = (...args) => {
    const done = spawnSync(executable, ['--site', folder, ...args], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`smartcms ${args.join(' ')}: ${done.stderr}`);
    return done.stdout.trim();
  };
  run('init', folder, '--demo');
  for (const file of collections) cpSync(file, join(folder, 'collections', basename(file)));
  const token = run('token', 'create', '--name', 'e2e', '--role', 'owner');
  const server = spawn(executable, ['--site', folder, 'serve', '--listen', listen], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      SMARTCMS_SITE_LOCALES: 'en, ar',
      SMARTCMS_SITE_DESCRIPTION: 'A site that is looked at by a program',
      ...settings,
    },
  });
  const stop = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    const base = await announced(lines, /^listening on (http:\S+)$/);
    const link = owner ? await announced(lines, /the owner, within the hour, at (http:\S+)$/) : '';
    if (isFilled) await fill(base, token);
    return { base, stop, run, token, folder, ownerPath: link && new URL(link).pathname + new URL(link).search };
  } catch (error) {
    stop();
    throw error;
  }
}

async function announced(lines, wanted) {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const found = line.value.match(wanted);
    if (found) return found[1];
  }
  throw new Error(`the server ended before it said ${wanted}`);
}

async function fill(base, token) {
  const call = async (path, body) => {
    const answer = await fetch(`${base}/api/v1/content/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '*' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const publish = async (collection, entry) => {
    const stored = await call(collection, entry);
    await call(`${collection}/${stored.id}/publish`, {});
    return stored;
  };
  for (let number = 1; number <= 25; number += 1) {
    await publish('posts', { fields: { title: `Entry ${number}`, body: 'Words of an entry. '.repeat(40) } });
  }
  await publish('posts', {
    slug: 'hard',
    fields: { title: LONG_TITLE, excerpt: 'x'.repeat(300), body: HARD_TEXT },
  });
  const hello = await publish('posts', { slug: 'hello', fields: { title: 'Hello', body: 'Hello.' } });
  await publish('posts', {
    locale: 'ar',
    translation_of: hello.id,
    slug: 'marhaban',
    fields: {
      title: 'مرحبا بالعالم',
      excerpt: 'نص قصير',
      body: '## واحد\n\nنص مع `code`.\n\n## اثنان\n\n- أول\n- ثان\n\n## ثلاثة\n\n> اقتباس\n',
    },
  });
}
