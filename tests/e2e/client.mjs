// A browser without a window: it keeps cookies, follows nothing, and fills in forms.

const unescaped = (text) => text.replace(/&(amp|lt|gt|quot|#x27|#39|#x2f|#x2F);/g, (_, it) => ({ amp: '&', lt: '<', gt: '>', quot: '"' }[it] ?? (/2f/i.test(it) ? '/' : "'")));
const attribute = (tag, name) => unescaped(tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? '');

export class Client {
  constructor(base, cookies = new Map()) {
    this.base = base;
    this.cookies = cookies;
  }

  /** Somebody who took the cookies. */
  copy() {
    return new Client(this.base, new Map(this.cookies));
  }

  get(path) {
    return this.ask('GET', path);
  }

  async ask(method, path, body, headers = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(path, this.base), { method, body, redirect: 'manual', headers: { cookie, ...headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(';');
      const [name, value] = pair.split('=');
      if (rest.some((it) => it.trim() === 'Max-Age=0')) this.cookies.delete(name); else this.cookies.set(name, value);
    }
    return new Page(this, path, answer.status, answer.headers, await answer.text());
  }
}

class Page {
  constructor(client, path, status, headers, text) {
    Object.assign(this, { client, path, status, text, location: headers.get('location') ?? '', setCookies: headers.getSetCookie() });
    this.token = text.match(/name="csrf" value="([^"]+)"/)?.[1] ?? 'none';
  }

  /** Addresses of the admin on the page. */
  get links() {
    const all = [...this.text.matchAll(/<a\s[^>]*>/g)].map(([tag]) => attribute(tag, 'href'));
    return all.filter((it) => it.startsWith('/admin') && !it.startsWith('/admin/files'));
  }

  get forms() {
    return [...this.text.matchAll(/<form\s[^>]*>/g)].map(([tag]) => {
      const action = attribute(tag, 'action') || this.path;
      const isFiles = attribute(tag, 'enctype') === 'multipart/form-data';
      return { action, method: attribute(tag, 'method'), send: (values, change) => this.send(action, isFiles, values, change) };
    });
  }

  form(action) {
    const found = this.forms.find((it) => it.action.split('?')[0] === action);
    if (!found) throw new Error(`${this.path} (${this.status}) has no form to ${action}: ${this.text.slice(0, 300)}`);
    const hidden = [...this.text.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]);
    return { ...found, send: (values, change) => found.send({ ...Object.fromEntries(hidden), ...values }, change) };
  }

  send(action, isFiles, values, { csrf = this.token, headers = {} } = {}) {
    const body = isFiles ? new FormData() : new URLSearchParams();
    // The token comes first: forms with files are read as they come.
    body.append('csrf', csrf);
    for (const [name, value] of Object.entries(values)) if (name !== 'csrf') body.append(name, value);
    return this.client.ask('POST', action, body, headers);
  }
}
