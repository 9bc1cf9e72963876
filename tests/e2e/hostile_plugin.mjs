// A plugin whose name, settings and log are hostile: a hook that lets every entry pass, and says a text each time. It is
// made of text, so that nothing has to be built for it.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CONTRACT = join(dirname(fileURLToPath(import.meta.url)), '../../wit');
const WORLD = `package tests:hostile;
world plugin {
  import wasi:logging/logging@0.1.0-draft;
  export smartcms:plugin/before-save@0.1.0;
}`;
/** Where the text is in the memory of the hook. */
const TEXT_AT = 4096;

function hook(text) {
  const bytes = Buffer.from(text);
  const data = [...bytes].map((it) => `\\${it.toString(16).padStart(2, '0')}`).join('');
  return `(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (data (i32.const ${TEXT_AT}) "${data}")
  (global $free (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  (func (export "smartcms:plugin/before-save@0.1.0#before-save") ${'(param i32) '.repeat(11)}(result i32)
    (call $log (i32.const 3) (i32.const ${TEXT_AT}) (i32.const 20) (i32.const ${TEXT_AT}) (i32.const ${bytes.length}))
    (i32.const 16)))`;
}

/** Adds the plugin to a site. */
export function addPlugin(site, texts) {
  const folder = join(site.folder, 'hostile-plugin');
  const types = join(folder, 'wit');
  mkdirSync(join(types, 'deps'), { recursive: true });
  for (const name of ['clocks', 'config', 'http', 'io', 'keyvalue', 'logging', 'random']) cpSync(join(CONTRACT, 'deps', name), join(types, 'deps', name), { recursive: true });
  for (const name of ['content', 'plugin', 'kvstore']) cpSync(join(CONTRACT, name), join(types, 'deps', name), { recursive: true });
  writeFileSync(join(types, 'world.wit'), WORLD);
  const log = Object.entries(texts).map(([name, payload]) => `log-${name} ${payload.replace(/\s+/g, ' ')}`).join(' ').slice(0, 3_000);
  writeFileSync(join(folder, 'hook.wat'), hook(log));
  const toml = JSON.stringify;
  writeFileSync(join(folder, 'plugin.toml'), [
    'id = "hostile"', 'version = "1.0.0"', `name = ${toml(`plugin-name ${texts.image}`)}`, `description = ${toml(`plugin-description ${texts.script}`)}`,
    '[settings]', 'type = "object"', '[settings.properties.greeting]', 'type = "string"', `title = ${toml(texts.svg)}`,
    `description = ${toml(`plugin-setting ${texts.script}`)}`, `default = ${toml(texts.double)}`,
  ].join('\n'));
  site.run('component', 'new', join(folder, 'hook.wat'), '--wit', types, '--world', 'plugin', '--output', join(folder, 'hostile.wasm'));
  site.run('plugin', 'add', join(folder, 'hostile.wasm'));
  site.run('plugin', 'set', 'hostile', `greeting=plugin-value ${texts.closing}`);
}

const CLERK = join(dirname(fileURLToPath(import.meta.url)), '../../dist/plugin-cases/clerk.wasm');

/** Has a plugin write and publish entries, as its own actor for somebody; their slugs begin with `plugin-`. */
export async function writeByPlugin(site, texts) {
  site.run('plugin', 'add', CLERK, '--id', 'clerk');
  site.run('plugin', 'grant', 'clerk', 'content:read=hostile:drafts', 'content:write=hostile');
  const headers = { authorization: `Bearer ${site.token}` };
  const ask = async (command) => (await fetch(`${site.base}/ext/clerk/${command}`, { headers })).text();
  const isThere = async () => !(await ask('list/hostile')).startsWith('{');
  for (let tries = 0; tries < 100 && !(await isThere()); tries += 1) await delay(100);
  for (const [name, payload] of Object.entries(texts)) {
    const title = `plugin-${name} ${payload.replace(/\s+/g, ' ').trim()}`.slice(0, 200);
    const fields = Object.entries({ title, summary: payload, body: payload }).map(([field, text]) => `${field}=${encodeURIComponent(text)}`);
    const made = await ask(`create/hostile/slug=plugin-${name}/${fields.join('/')}`);
    const [id, slug, status, revision] = made.split(' ');
    if (slug !== `plugin-${name}` || status !== 'draft') throw new Error(`${name}: ${made}`);
    const published = await ask(`publish/${id}/${revision}`);
    if (!published.includes(' published ')) throw new Error(`${name}: ${published}`);
  }
}
