// Builds a component from one JavaScript file, on the small engine (QuickJS):
//
//   node componentize.mjs FILE.js --wit FOLDER [--wit FOLDER]… --world NAME --out FILE.wasm
//
// The first --wit is the package of the world, the others are packages that it uses. The tool `jco` takes one
// folder with its dependencies below it, so that folder is put together here first.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    wit: { type: "string", multiple: true },
    world: { type: "string" },
    out: { type: "string" },
  },
});
const [source] = positionals;
const [worldPackage, ...dependencies] = values.wit ?? [];
if (!source || !worldPackage || !values.world || !values.out) {
  console.error("usage: node componentize.mjs FILE.js --wit FOLDER [--wit FOLDER]… --world NAME --out FILE.wasm");
  process.exit(2);
}

// The package does not export its executable, so it is found from its main file: <package>/src/jco.js.
const jco = join(dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco")), "jco.js");
const wit = mkdtempSync(join(tmpdir(), "smartcms-wit-"));
try {
  cpSync(worldPackage, wit, { recursive: true });
  for (const folder of dependencies) {
    cpSync(folder, join(wit, "deps", basename(resolve(folder))), { recursive: true });
  }
  mkdirSync(dirname(values.out), { recursive: true });
  const options = ["--wit", wit, "--world-name", values.world, "--out", values.out];
  // Hooks are plain functions: without WASI the component imports nothing, so it can reach nothing.
  const engine = ["--backend", "qjs", "--backend-qjs-disable-async", "--backend-qjs-stub-wasi"];
  execFileSync(process.execPath, [jco, "componentize", source, ...options, ...engine], { stdio: "inherit" });
} finally {
  rmSync(wit, { recursive: true, force: true });
}
const kibibytes = Math.round(statSync(values.out).size / 1024);
console.log(`built ${values.out} (${kibibytes} KiB)`);
