import { log, settings } from "smartcms-plugin";
import { keys } from "smartcms-plugin/keys";
import { get, set } from "component:smartcms/kvstore";
import { list } from "smartcms:content/reader@0.1.0";
import { create } from "smartcms:content/writer@0.1.0";
import { getEnvironment } from "wasi:cli/environment@0.2.12";
import { now } from "wasi:clocks/wall-clock@0.2.12";
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";
import { handle } from "wasi:http/outgoing-handler@0.2.12";
import { Fields, OutgoingRequest } from "wasi:http/types@0.2.12";
import { getRandomU64 } from "wasi:random/random@0.2.12";

const TRIALS = { kv, kvstore, read, write, http, fs, env, settings: setting, log: line, clocks, random };

export const tasks = {
  list() {
    return Object.keys(TRIALS).map((name) => ({ name, description: "Tries it.", overlap: false }));
  },

  run({ task, argument }) {
    const said = TRIALS[task](argument);
    if (said === undefined) throw { tag: "failed", val: "denied" };
    return { tag: "done", val: said };
  },
};

function kv() {
  return String(keys.increment("n"));
}

function kvstore() {
  set("k", "kept");
  return get("k");
}

function read() {
  return unlessDenied(() => `${list({ collection: "posts", limit: 10 }).entries.length} entries`);
}

function write() {
  const fields = [{ name: "title", value: { tag: "text", val: "Written" } }];
  return unlessDenied(() => {
    create({ collection: "posts", fields });
    return "written";
  });
}

function http(authority) {
  const request = new OutgoingRequest(new Fields());
  request.setScheme({ tag: "HTTP" });
  request.setAuthority(authority);
  request.setPathWithQuery("/");
  try {
    const future = handle(request, undefined);
    future.subscribe().block();
    const { val } = future.get();
    return val.tag === "ok" ? `answered ${val.val.status()}` : refused(val.val);
  } catch (error) {
    return refused(error);
  }
}

/** Nothing for a refused request; what else went wrong is told. */
function refused(error) {
  const { tag } = error.payload ?? error;
  return tag === "HTTP-request-denied" ? undefined : `failed with ${tag ?? error}`;
}

function fs() {
  const [folder] = getDirectories();
  if (folder === undefined) return undefined;
  const [descriptor] = folder;
  const [bytes] = descriptor.openAt({}, "open.txt", {}, { read: true }).read(100, 0);
  return String.fromCharCode(...bytes);
}

function env() {
  return getEnvironment().find(([name]) => name === "PROBE_WORD")?.[1];
}

function setting() {
  return settings.get("word");
}

function line() {
  log.info("a line of the probe");
  return "logged";
}

function clocks() {
  return now().seconds > 0 ? "a time" : undefined;
}

function random() {
  return getRandomU64() === getRandomU64() ? undefined : "two numbers";
}

function unlessDenied(work) {
  try {
    return work();
  } catch (error) {
    const { tag } = error.payload ?? error;
    // What was not granted is answered like what is not there.
    if (tag === "denied" || tag === "not-found") return undefined;
    throw error;
  }
}
