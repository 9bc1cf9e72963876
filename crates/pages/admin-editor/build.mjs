// Builds dist/ from src/. The same sources give the same bytes on every machine, which `--check` holds: dist/ is
// committed, so that building the server needs no Node.
//
//   node build.mjs           writes dist/ and prints sizes
//   node build.mjs --check   fails when dist/ is not what the sources give, or is larger than it may be
//   node build.mjs --tests   writes build/parts.mjs, the parts that the unit tests look at

import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** What the editor may weigh together, compressed by gzip. */
const BYTES_MAX = 250 * 1024;

const COMMON = {
  bundle: true,
  format: 'esm',
  target: ['es2022'],
  charset: 'utf8',
  logLevel: 'warning',
  write: false,
  legalComments: 'none',
  absWorkingDir: import.meta.dirname,
};
const BANNER = '/* The editor of SmartCMS. Built from crates/pages/admin-editor; licences of what is in it: licences.txt. */';

async function outputs() {
  const built = await build({
    ...COMMON,
    entryPoints: ['src/editor.ts', 'src/editor.css'],
    outdir: 'dist',
    minify: true,
    banner: { js: BANNER, css: BANNER },
  });
  const files = new Map(built.outputFiles.map((it) => [it.path.split('/').at(-1), Buffer.from(it.contents)]));
  for (const name of readdirSync(new URL('texts', import.meta.url)).sort()) {
    const texts = JSON.parse(readFileSync(new URL(`texts/${name}`, import.meta.url), 'utf8'));
    files.set(`texts.${name}`, Buffer.from(`${JSON.stringify(texts)}\n`));
  }
  files.set('licences.txt', Buffer.from(licences()));
  return files;
}

/** The licences of the packages in the bundle: they ask to go with it. */
function licences() {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8'));
  const bundled = Object.entries(lock.packages).filter(([path, it]) => path !== '' && !it.dev && !it.optional);
  const texts = bundled.sort(([one], [other]) => (one < other ? -1 : 1)).map(([path, it]) => {
    const folder = new URL(`${path}/`, import.meta.url);
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(new URL(file, folder), 'utf8').trim() : it.license;
    return `${path.replace(/^.*node_modules\//, '')} ${it.version}\n\n${text.replace(/\r\n/g, '\n')}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

function tell(files) {
  let total = 0;
  for (const [name, bytes] of files) {
    const [gzip, brotli] = [gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
    if (/\.(js|css)$/.test(name)) total += gzip;
    console.log(`${name.padEnd(16)}${String(bytes.length).padStart(8)} bytes${String(gzip).padStart(8)} gzip${String(brotli).padStart(8)} brotli`);
  }
  console.log(`scripts and styles: ${total} bytes by gzip of at most ${BYTES_MAX}`);
  if (total > BYTES_MAX) throw new Error('the editor is larger than it may be');
}

async function check() {
  const files = await outputs();
  tell(files);
  const different = [...files].filter(([name, bytes]) => {
    const path = new URL(`dist/${name}`, import.meta.url);
    return !existsSync(path) || !readFileSync(path).equals(bytes);
  });
  const left = readdirSync(new URL('dist', import.meta.url)).filter((name) => !files.has(name));
  if (different.length + left.length > 0) {
    const names = [...different.map(([name]) => name), ...left].join(', ');
    throw new Error(`dist/ is not what the sources give: ${names}; run \`npm run build\` and commit dist/`);
  }
}

async function write() {
  const files = await outputs();
  rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
  mkdirSync(new URL('dist', import.meta.url));
  for (const [name, bytes] of files) writeFileSync(new URL(`dist/${name}`, import.meta.url), bytes);
  tell(files);
}

const argument = process.argv[2];
try {
  if (argument === '--check') await check();
  else if (argument === '--tests') {
    await build({ ...COMMON, entryPoints: ['src/parts.ts'], outfile: 'build/parts.mjs', write: true, platform: 'neutral', mainFields: ['module', 'main'] });
  } else await write();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
