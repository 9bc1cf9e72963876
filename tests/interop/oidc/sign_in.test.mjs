// Signing in to a served site by a real identity provider.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const smartcms = process.env.SMARTCMS_EXECUTABLE;
const site = mkdtempSync(join(tmpdir(), "smartcms-oidc-"));
const processes = [];
let base, provider, variables;

/** A port that nothing listens at now. */
const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

/** Starts a process and waits for a line of its output. */
const started = (command, words, environment, pattern) => new Promise((found, failed) => {
  const child = spawn(command, words, { env: environment, cwd: site, stdio: ["ignore", "pipe", "inherit"] });
  processes.push(child);
  child.stdout.on("data", (text) => {
    const match = pattern.exec(String(text));
    if (match) found(match[1]);
  });
  child.on("exit", (code) => failed(new Error(`${command} ended with ${code}`)));
});

const run = (...words) =>
  execFileSync(smartcms, words, { cwd: site, env: variables, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** A browser: it keeps cookies for each host, and follows redirects until `stop` says so. */
class Browser {
  cookies = new Map();

  async get(url) {
    const { host } = new URL(url);
    const held = this.cookies.get(host) ?? new Map();
    const cookie = [...held].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: cookie ? { cookie } : {} });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(";");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (value === "" || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) held.delete(name);
      else held.set(name, value);
    }
    this.cookies.set(host, held);
    return response;
  }

  /** From an address through all redirects to the first one that `stop` takes. */
  async follow(url, stop) {
    for (let step = 0; step < 12; step++) {
      const response = await this.get(url);
      const location = response.headers.get("location");
      assert.ok(location, `${url} answered ${response.status}: ${await response.text()}`);
      url = new URL(location, url).href;
      if (stop(url)) return url;
    }
    assert.fail("too many redirects");
  }

  session() {
    return this.cookies.get(new URL(base).host)?.get("smartcms_session");
  }
}

const isBack = (url) => url.startsWith(`${base}/admin/sign-in/with/oidc/back`);
const isOver = (url) => url.startsWith(base) && !isBack(url);

/** To the provider as `who`, and to the address by which it sends back. */
async function away(browser, who) {
  const there = await browser.follow(`${base}/admin/sign-in/with/oidc`, (url) => url.startsWith(provider));
  return browser.follow(`${there}&login_hint=${who}`, isBack);
}

before(async () => {
  assert.ok(smartcms, "SMARTCMS_EXECUTABLE names the executable");
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  const here = new URL("provider.mjs", import.meta.url).pathname;
  const back = `${base}/admin/sign-in/with/oidc/back`;
  provider = await started("node", [here, back], process.env, /issuer (\S+)/);
  variables = {
    ...process.env,
    SMARTCMS_SITE_BASE_URL: base,
    SMARTCMS_OIDC_ISSUER: provider,
    SMARTCMS_OIDC_CLIENT_ID: "the-site",
    SMARTCMS_OIDC_CLIENT_SECRET: "a secret of the site that is long enough",
    SMARTCMS_OIDC_NAME: "The company",
    SMARTCMS_OUTBOUND_ALLOW: new URL(provider).host,
  };
  delete variables.SMARTCMS_EXECUTABLE;
  run("init", ".");
  run("user", "create", "--email", "ada@example.com", "--name", "Ada", "--role", "owner");
  run("user", "create", "--email", "bob@example.com", "--name", "Bob", "--role", "author");
  await started(smartcms, ["serve", "--listen", `127.0.0.1:${port}`], variables, /listening on (\S+)/);
});

after(() => {
  for (const child of processes) child.removeAllListeners("exit").kill();
  rmSync(site, { recursive: true });
});

test("who was added here is signed in", async () => {
  const browser = new Browser();
  const end = await browser.follow(await away(browser, "ada"), isOver);
  assert.equal(end, `${base}/admin`);
  assert.match(browser.session(), /^[\w-]{43}$/);
  const [ada] = JSON.parse(run("user", "list", "--json"));
  assert.ok(ada.signed_in_at);
});

test("who was not added here gets no account", async () => {
  const browser = new Browser();
  const end = await browser.follow(await away(browser, "eve"), isOver);
  assert.equal(end, `${base}/admin/sign-in?problem=people.refused`);
  assert.equal(browser.session(), undefined);
  assert.equal(JSON.parse(run("user", "list", "--json")).length, 2);
});

test("an address that nobody has made sure of is nobody's", async () => {
  const browser = new Browser();
  const end = await browser.follow(await away(browser, "bob-forged"), isOver);
  assert.equal(end, `${base}/admin/sign-in?problem=people.refused`);
  assert.equal(browser.session(), undefined);
});

test("a way back is good once, and in the browser that began", async () => {
  const browser = new Browser();
  const back = await away(browser, "ada");
  const other = new Browser();
  assert.match(await other.follow(back, isOver), /problem=people\.link-not-good$/);
  assert.equal(other.session(), undefined);
  // That try used the way back up: whoever has lost it begins again.
  assert.match(await browser.follow(back, isOver), /problem=people\.link-not-good$/);
  assert.equal(browser.session(), undefined);
});

test("a code of nobody opens nothing", async () => {
  const browser = new Browser();
  const back = new URL(await away(browser, "ada"));
  back.searchParams.set("code", "a-guess");
  assert.match(await browser.follow(back.href, isOver), /problem=people\.provider$/);
  assert.equal(browser.session(), undefined);
});

test("who was disabled here is not let in", async () => {
  run("user", "disable", "bob@example.com");
  const browser = new Browser();
  const end = await browser.follow(await away(browser, "bob"), isOver);
  assert.equal(end, `${base}/admin/sign-in?problem=people.refused`);
});
