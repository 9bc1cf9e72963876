// What makes the admin pleasanter. Every page works without it.

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
  for (const width of all('[data-width]', pane)) {
    width.addEventListener('click', () => {
      pane.classList.toggle('phone', width.dataset.width === 'phone');
      all('[data-width]', pane).forEach((it) => it.setAttribute('aria-pressed', String(it === width)));
    });
  }
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
copy();
upload();
focal();
