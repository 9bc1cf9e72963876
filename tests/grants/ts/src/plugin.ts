import { log, settings, type Field, type TaskError, type Tasks } from "smartcms-plugin";
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

type Trial = (argument: string) => string | undefined;

const TRIALS: Record<string, Trial> = { kv, kvstore, read, write, http, fs, env, settings: setting, log: line, clocks, random };

export const tasks: Tasks = {
  list() {
    return Object.keys(TRIALS).map((name) => ({ name, description: "Tries it.", overlap: false }));
  },

  run({ task, argument }) {
    const said = TRIALS[task]?.(argument ?? "");
    const denied: TaskError = { tag: "failed", val: "denied" };
    if (said === undefined) throw denied;
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

function read(): string | undefined {
  return unlessDenied(() => `${list({ collection: "posts", limit: 10 }).entries.length} entries`);
}

function write(): string | undefined {
  const fields: Field[] = [{ name: "title", value: { tag: "text", val: "Written" } }];
  return unlessDenied(() => {
    create({ collection: "posts", fields });
    return "written";
  });
}

function http(authority: string): string | undefined {
  const request = new OutgoingRequest(new Fields());
  request.setScheme({ tag: "HTTP" });
  request.setAuthority(authority);
  request.setPathWithQuery("/");
  try {
    const future = handle(request, undefined);
    future.subscribe().block();
    const val = future.get()?.val;
    if (val === undefined) return "failed with nothing";
    return val.tag === "ok" ? `answered ${val.val.status()}` : refused(val.val);
  } catch (error) {
    return refused(error);
  }
}

/** Nothing for a refused request; what else went wrong is told. */
function refused(error: unknown): string | undefined {
  const tag = tagOf(error);
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

function unlessDenied(work: () => string): string | undefined {
  try {
    return work();
  } catch (error) {
    const tag = tagOf(error);
    // What was not granted is answered like what is not there.
    if (tag === "denied" || tag === "not-found") return undefined;
    throw error;
  }
}

/** The case of an error of the host, which comes as it is or as the payload of an error. */
function tagOf(error: unknown): string | undefined {
  const inner = error as { tag?: string; payload?: { tag?: string } };
  return (inner.payload ?? inner).tag;
}
