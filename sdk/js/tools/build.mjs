// Called by `smartcms plugin build` and `test`, from the folder where these tools are installed:
//
//   node build.mjs component PROJECT ENTRY WIT OUT    bundles a module and makes a component of it
//   node build.mjs tests PROJECT OUT TEST…            bundles tests, for `node --test`

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";

import { build } from "esbuild";

const [command, project, ...rest] = process.argv.slice(2);

/**
 * What the world imports is given by the host: it is not bundled, and not imported where nothing uses it.
 *
 * The engine is told to do without WASI, and would take away what the plugin wants from there too: until the component
 * is built, `host:` stands for `wasi:`.
 */
const host = {
  name: "host",
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z][a-z0-9-]*:/ }, ({ path }) =>
      path.startsWith("node:") ? undefined : { path: path.replace(/^wasi:/, "host:"), external: true, sideEffects: false },
    );
  },
};

const shared = { absWorkingDir: project, bundle: true, format: "esm", target: "es2023", logLevel: "warning", plugins: [host] };

/** The version with which the world imports an interface of WASI; nothing where it does not. */
function imports(wit) {
  const texts = readdirSync(wit).filter((name) => name.endsWith(".wit")).map((name) => readFileSync(join(wit, name), "utf8"));
  return (name) => new RegExp(`import\\s+host:${name}(@[\\w.-]+)`).exec(texts.join("\n"))?.[1];
}

/**
 * The engine without WASI has no clock, and asking it ends the call; its random numbers are the same in every call. What
 * the world imports stands in for both, and where it imports no clock the plugin hears what is missing.
 */
function clockAndChance(imported) {
  const [clock, random] = [imported("clocks/wall-clock"), imported("random/random")];
  const missing = "there is no clock: add `import wasi:clocks/wall-clock@0.2.12;` to wit/world.wit";
  const now = clock
    ? "const { seconds, nanoseconds } = __clock(); return seconds * 1000 + Math.floor(nanoseconds / 1e6);"
    : `throw new Error(${JSON.stringify(missing)});`;
  return `${clock ? `import { now as __clock } from "host:clocks/wall-clock${clock}";` : ""}
${random ? `import { getRandomBytes as __random } from "host:random/random${random}";
Math.random = () => __random(6).reduce((sum, byte) => (sum + byte) / 256, 0);` : ""}
{
  const Engine = Date;
  Engine.now = () => { ${now} };
  globalThis.Date = new Proxy(Engine, {
    apply: () => new Engine(Engine.now()).toString(),
    construct: (target, args, as) => Reflect.construct(target, args.length ? args : [Engine.now()], as),
  });
  Engine.prototype.constructor = globalThis.Date;
}`;
}

/**
 * A module with the exports of the plugin, each of whose functions says in the log what it threw when that is an error:
 * the contract has no place for one, and the call ends without a word.
 */
function told(entry, names, logging) {
  const guarded = names.filter((name) => name !== "default").map((name) => `export const ${name} = __guarded(__plugin.${name});`);
  return `import * as __plugin from ${JSON.stringify(`./${entry}`)};
import { log } from "wasi:logging/logging${logging}";
const __saying = (act, as) => (...given) => {
  try {
    return act.apply(as, given);
  } catch (error) {
    if (error instanceof Error && !("payload" in error)) {
      log("error", "plugin", (error + " " + error.stack).replace(/\\s*\\n\\s*/g, " ").trim());
    }
    throw error;
  }
};
const __functions = (object) => Object.entries(object).map(([name, it]) => [name, typeof it === "function" ? __saying(it, object) : it]);
const __guarded = (it) =>
  typeof it === "function" && !String(it).startsWith("class") ? __saying(it) :
  it !== null && typeof it === "object" && Object.getPrototypeOf(it) === Object.prototype ? Object.fromEntries(__functions(it)) : it;
${guarded.join("\n")}
`;
}

async function component(entry, wit, out) {
  const bundle = `${out}.js`;
  const bundling = { ...shared, platform: "neutral", mainFields: ["module", "main"], outfile: bundle };
  const imported = imports(wit);
  const banner = { js: clockAndChance(imported) };
  const logging = imported("logging/logging");
  if (logging) {
    const { metafile } = await build({ ...bundling, entryPoints: [entry], metafile: true, write: false });
    const names = Object.values(metafile.outputs).flatMap((it) => it.exports);
    const stdin = { contents: told(entry, names, logging), resolveDir: project, sourcefile: "exports.js", loader: "js" };
    await build({ ...bundling, stdin, banner });
  } else {
    await build({ ...bundling, entryPoints: [entry], banner });
  }
  const { componentize } = await import("componentize-qjs");
  const jsSource = readFileSync(bundle, "utf8");
  // Without WASI of its own the engine imports nothing: the plugin asks for what its world names and no more.
  const made = await componentize({ witPath: wit, world: "plugin", jsSource, sync: true, stubWasi: true });
  writeFileSync(out, made.component);
}

async function tests(out, ...files) {
  const name = (file) => basename(file).replace(/\.[jt]s$/, "");
  const entryPoints = files.map((file) => ({ in: file, out: name(file) }));
  await build({ ...shared, entryPoints, outdir: out, outExtension: { ".js": ".mjs" }, platform: "node", sourcemap: "inline" });
  return files.map((file) => join(out, `${name(file)}.mjs`));
}

try {
  if (command === "component") await component(...rest);
  else if (command === "tests") await tests(...rest);
  else throw new Error(`unknown command ${command}`);
} catch (error) {
  // esbuild has said what is wrong with the code already.
  if (!error.errors) console.error(String(error?.message ?? error));
  process.exit(1);
}
