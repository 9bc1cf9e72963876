// What makes the admin pleasanter. Every page works without it.

/** How wide the page of a desk is in the preview, in pixels. */
const DESK_WIDTH = 1280;

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The zone of the browser, where nobody has chosen one: the next page shows times in it. */
function tellZone() {
  if (document.cookie.includes('smartcms_zone=')) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `smartcms_zone=${encodeURIComponent(zone)}; Path=/admin; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** What was refused is told before everything else. */
function takeFocus() {
  document.querySelector('[data-focus]')?.focus();
}

function shortcuts(event) {
  const typing = event.target.closest('input, textarea, select, [contenteditable]');
  if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
    const palette = document.querySelector('[data-dialog="palette"]');
    if (palette) { event.preventDefault(); palette.click(); }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 's') {
    const save = document.querySelector('[data-key="s"]');
    if (save) { event.preventDefault(); save.click(); }
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches('input')) target.focus(); else target.click();
}

/** Menus close when somebody looks elsewhere. */
function closeMenus(event) {
  for (const menu of all('details.who[open]')) {
    if (event.key === 'Escape' || !menu.contains(event.target)) menu.open = false;
  }
}

/** Choosing all of a list, and how many are chosen. */
function bulk(root = document) {
  const boxes = all('input[name="entry"]', root);
  const whole = root.querySelector('[data-all]');
  const count = root.querySelector('[data-count]');
  if (!whole || !count) return;
  const usual = count.textContent;
  whole.hidden = false;
  const show = () => {
    const chosen = boxes.filter((it) => it.checked).length;
    count.textContent = chosen ? count.dataset.count.replace('{n}', chosen) : usual;
    whole.checked = chosen > 0 && chosen === boxes.length;
    whole.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  whole.addEventListener('change', () => { boxes.forEach((it) => { it.checked = whole.checked; }); show(); });
  boxes.forEach((it) => it.addEventListener('change', show));
  show();
}

/** Asks before what cannot be undone. */
function confirmed(event) {
  const asks = event.submitter?.dataset.confirm;
  if (asks && !window.confirm(asks)) event.preventDefault();
}

/** Warns before leaving what is not saved. */
function guard() {
  for (const form of all('form[data-guard]')) {
    let dirty = false;
    form.addEventListener('input', () => { dirty = true; });
    form.addEventListener('submit', () => { dirty = false; });
    form.addEventListener('kept', () => { dirty = false; });
    window.addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });
  }
}

/** Keeps what is written every few seconds, as the working copy of its author. */
function autosave() {
  const part = document.querySelector('[data-autosave]');
  const form = part?.closest('form');
  if (!form) return;
  const state = form.querySelector('[data-state]');
  const say = (text, isBad) => { if (state) { state.textContent = text; state.classList.toggle('problem', isBad); } };
  let timer;
  let asked = 0;
  const keep = async () => {
    const number = ++asked;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(part.dataset.autosave, { method: 'POST', body, headers: { accept: 'text/plain' } });
      if (!answer.ok) throw new Error(answer.status);
      if (number !== asked) return;
      say(part.dataset.saved, false);
      form.dispatchEvent(new Event('kept'));
      document.dispatchEvent(new Event('preview'));
    } catch {
      if (number === asked) say(part.dataset.failed, true);
    }
  };
  form.addEventListener('input', (event) => {
    if (event.target.name?.startsWith('look.')) return;
    say(part.dataset.unsaved, false);
    clearTimeout(timer);
    timer = setTimeout(keep, 1500);
  });
  form.addEventListener('submit', () => { clearTimeout(timer); asked += 1; });
}

/** The page beside the text. */
function preview() {
  const button = document.querySelector('[data-preview]');
  const pane = document.querySelector('.preview');
  if (!button || !pane) return;
  const frame = pane.querySelector('iframe');
  const load = () => { frame.src = frame.dataset.src; };
  const widths = all('[data-width]', pane);
  const choose = (width) => {
    pane.classList.toggle('phone', width === 'phone');
    widths.forEach((it) => it.setAttribute('aria-pressed', String(it.dataset.width === width)));
  };
  const show = (open) => {
    pane.hidden = !open;
    document.body.classList.toggle('previewing', open);
    if (open) load(); else button.focus();
  };
  button.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(pane.hidden);
  });
  pane.querySelector('[data-preview-close]').addEventListener('click', () => show(false));
  widths.forEach((it) => it.addEventListener('click', () => choose(it.dataset.width)));
  choose(window.innerWidth < 768 ? 'phone' : 'desk');
  // The page of a desk is laid out as on a desk, and made smaller to stand beside the text.
  new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width) pane.style.setProperty('--scale', Math.min(1, width / DESK_WIDTH));
  }).observe(frame.parentElement);
  document.addEventListener('preview', () => { if (!pane.hidden) load(); });
}

/** What search engines may show, while it is written. */
function snippet() {
  const box = document.querySelector('[data-snippet]');
  if (!box) return;
  const parts = { title: box.dataset.title, description: box.dataset.description };
  const length = box.querySelector('[data-length]');
  const show = () => {
    const sizes = {};
    for (const [part, id] of Object.entries(parts)) {
      const input = id && document.getElementById(id);
      const shown = box.querySelector(`[data-part="${part}"]`);
      if (input) shown.textContent = input.value;
      sizes[part] = [...shown.textContent.trim()].length;
    }
    const slug = document.getElementById('slug');
    if (slug?.value) box.querySelector('[data-slug]').textContent = slug.value;
    length.textContent = length.dataset.length.replace('{title}', sizes.title).replace('{description}', sizes.description);
  };
  box.closest('form').addEventListener('input', show);
  show();
}

/** What a role gives where it has no rule, while somebody chooses what it stands on. */
function base() {
  const chosen = document.querySelector('form.role select[name="base"]');
  if (!chosen) return;
  chosen.addEventListener('change', () => {
    if (document.querySelector('[name="rule"][value="*"]:checked')) return;
    const given = chosen.selectedOptions[0].dataset.given.split(' ');
    for (const box of all('[name="rule"]:not(:checked)')) {
      for (const cell of all('select', box.closest('tr'))) {
        cell.value = given.includes(cell.name.split('.').at(-1)) ? 'any' : 'none';
      }
    }
  });
}

/** Links that are copied when they are clicked. */
function copy() {
  for (const link of all('[data-copy]')) {
    link.addEventListener('click', async (event) => {
      if (!navigator.clipboard || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      await navigator.clipboard.writeText(link.href);
      const said = document.getElementById('said');
      const note = Object.assign(document.createElement('p'), { className: 'notice done', textContent: link.dataset.copy });
      said.replaceChildren(note);
    });
  }
}

/** Uploads file by file, with how far each is. */
function upload() {
  const form = document.querySelector('form.drop');
  if (!form) return;
  const input = form.querySelector('input[type="file"]');
  const list = form.querySelector('.progress');
  const token = form.querySelector('[name="csrf"]').value;
  const send = (file) => new Promise((resolve) => {
    const line = document.createElement('li');
    const [name, state, bar] = ['span', 'span', 'progress'].map((it) => document.createElement(it));
    name.textContent = file.name;
    state.textContent = input.dataset.uploading;
    bar.max = 1;
    bar.setAttribute('aria-label', file.name);
    line.append(name, state, bar);
    list.append(line);
    const body = new FormData();
    body.append('csrf', token);
    body.append('file', file);
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('accept', 'text/plain');
    request.upload.addEventListener('progress', (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener('loadend', () => {
      const done = request.status >= 200 && request.status < 300;
      bar.value = done ? 1 : 0;
      state.textContent = done ? input.dataset.uploaded : `${input.dataset.failed}. ${request.responseText.slice(0, 200)}`;
      state.className = done ? '' : 'problem';
      resolve(done);
    });
    request.send(body);
  });
  const sendAll = async (files) => {
    list.replaceChildren();
    let done = true;
    for (const file of files) done = (await send(file)) && done;
    if (done) location.reload();
  };
  form.addEventListener('submit', (event) => { event.preventDefault(); sendAll([...input.files]); });
  input.addEventListener('change', () => { if (input.files.length) sendAll([...input.files]); });
  for (const kind of ['dragenter', 'dragover']) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add('over'); });
  }
  for (const kind of ['dragleave', 'drop']) form.addEventListener(kind, () => form.classList.remove('over'));
  form.addEventListener('drop', (event) => { event.preventDefault(); sendAll([...event.dataTransfer.files]); });
}

/** The focal point, by a click on the picture. */
function focal() {
  const box = document.querySelector('[data-focal]');
  const [x, y] = ['focal_x', 'focal_y'].map((it) => document.getElementById(it));
  if (!box || !x || !y) return;
  const image = box.querySelector('img');
  const point = box.querySelector('.point');
  box.classList.add('ready');
  const show = () => {
    const [inner, outer] = [image.getBoundingClientRect(), box.getBoundingClientRect()];
    point.hidden = false;
    point.style.left = `${inner.left - outer.left + (inner.width * x.value) / 100}px`;
    point.style.top = `${inner.top - outer.top + (inner.height * y.value) / 100}px`;
  };
  image.addEventListener('click', (event) => {
    const at = image.getBoundingClientRect();
    x.value = Math.round(((event.clientX - at.left) / at.width) * 1000) / 10;
    y.value = Math.round(((event.clientY - at.top) / at.height) * 1000) / 10;
    x.dispatchEvent(new Event('input', { bubbles: true }));
    show();
  });
  for (const input of [x, y]) input.addEventListener('input', show);
  window.addEventListener('resize', show);
  if (image.complete) show(); else image.addEventListener('load', show);
}

/** Buttons that change nothing but their form: the page stays where it is. */
function reshape() {
  const send = async (form, button) => {
    const opened = all('details[open][id]', form).map((it) => it.id);
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: 'POST', body });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [old, fresh] = [form, page].map((it) => it.querySelector('[data-shape]'));
    if (!answer.ok || !old || !fresh) throw new Error(answer.status);
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    if (button.dataset.reshape !== 'order') opened.forEach((id) => { const it = document.getElementById(id); if (it) it.open = true; });
    form.dispatchEvent(new Event('input', { bubbles: true }));
    const at = fresh.querySelector('[data-at]') ?? fresh.querySelector('[value^="add "]');
    at?.focus();
    at?.scrollIntoView({ block: 'nearest' });
  };
  document.addEventListener('submit', async (event) => {
    const button = event.submitter;
    if (!button?.matches('[data-reshape]')) return;
    event.preventDefault();
    try {
      await send(event.target, button);
    } catch {
      button.removeAttribute('data-reshape');
      event.target.requestSubmit(button);
    }
  });
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-shapes]')) event.target.parentElement.querySelector('[data-reshape]')?.click();
  });
}

/** Dialogs in the place of the pages that their links lead to. */
function dialogs() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-dialog]');
    const dialog = link && document.getElementById(link.dataset.dialog);
    if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
      dialog.dispatchEvent(new Event('shown'));
      return;
    }
    const open = event.target.closest('dialog[open]');
    if (open && (event.target === open || event.target.closest('[data-close]'))) open.close();
  });
}

/** Where one can go, found while somebody types. */
function palette() {
  const dialog = document.getElementById('palette');
  if (!dialog) return;
  const [input, list] = [dialog.querySelector('input'), dialog.querySelector('ul')];
  let items = [];
  let at = -1;
  let asked = 0;
  let timer;
  const choose = (number) => {
    at = items.length ? (number + items.length) % items.length : -1;
    items.forEach((it, index) => it.setAttribute('aria-selected', String(index === at)));
    if (at < 0) input.removeAttribute('aria-activedescendant');
    else { input.setAttribute('aria-activedescendant', items[at].id); items[at].scrollIntoView({ block: 'nearest' }); }
  };
  const line = (it, kind, number) => {
    const option = Object.assign(document.createElement('li'), { id: `palette-${number}` });
    option.setAttribute('role', 'option');
    option.dataset.url = it.url;
    const [label, note] = [document.createElement('bdi'), document.createElement('span')];
    label.textContent = it.label;
    note.className = 'muted';
    note.textContent = it.note || kind;
    option.append(label, note);
    return option;
  };
  const find = async () => {
    const number = ++asked;
    try {
      const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(input.value)}`, { headers: { accept: 'application/json' } });
      if (!answer.ok) throw new Error(answer.status);
      const { groups } = await answer.json();
      if (number !== asked) return;
      let count = 0;
      items = groups.flatMap((group) => group.items.map((it) => line(it, group.label, count++)));
      const none = Object.assign(document.createElement('li'), { className: 'none', textContent: dialog.dataset.none });
      none.setAttribute('role', 'option');
      none.setAttribute('aria-disabled', 'true');
      list.replaceChildren(...(items.length ? items : [none]));
      choose(0);
    } catch {
      if (number === asked) items = [];
    }
  };
  dialog.addEventListener('shown', () => { input.value = ''; input.focus(); find(); });
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(find, 120); });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') { event.preventDefault(); choose(at + 1); }
    if (event.key === 'ArrowUp') { event.preventDefault(); choose(at - 1); }
  });
  dialog.querySelector('form').addEventListener('submit', (event) => {
    if (at < 0) return;
    event.preventDefault();
    location.assign(items[at].dataset.url);
  });
  list.addEventListener('click', (event) => {
    const url = event.target.closest('[data-url]')?.dataset.url;
    if (url) location.assign(url);
  });
}

/** Items that are dragged to another place of their list. */
function drag() {
  let item;
  const over = (event) => {
    const target = event.target.closest?.('.defined');
    return item && target && target !== item && target.parentElement === item.parentElement ? target : undefined;
  };
  const clear = () => all('.defined.target').forEach((it) => it.classList.remove('target'));
  document.addEventListener('dragstart', (event) => {
    if (!event.target.matches?.('.grip')) return;
    item = event.target.closest('.defined');
    item.classList.add('dragged');
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setDragImage(item, 10, 10);
  });
  document.addEventListener('dragover', (event) => {
    const target = over(event);
    if (!target) return;
    event.preventDefault();
    clear();
    target.classList.add('target');
  });
  document.addEventListener('drop', (event) => {
    const target = over(event);
    if (!target) return;
    event.preventDefault();
    const button = Object.assign(document.createElement('button'), { name: 'do', value: `move ${item.id} ${target.dataset.number - 1}`, hidden: true });
    button.dataset.reshape = 'order';
    item.closest('form').append(button);
    button.click();
    button.remove();
  });
  document.addEventListener('dragend', () => { clear(); item?.classList.remove('dragged'); item = undefined; });
}

document.addEventListener('keydown', shortcuts);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closeMenus(event); });
document.addEventListener('click', closeMenus);
document.addEventListener('submit', confirmed);
document.addEventListener('htmx:after:swap', () => bulk());
tellZone();
takeFocus();
bulk();
guard();
autosave();
preview();
snippet();
base();
copy();
upload();
focal();
reshape();
drag();
dialogs();
palette();
