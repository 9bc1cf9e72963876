// Help of a model with writing: asked for here, shown as it is written, beside what is there. Only a click takes it.

const dialog = document.getElementById('help');
const form = document.getElementById('entry');
const { url, csrf, collection, entry, asset } = dialog.dataset;
const part = (name) => dialog.querySelector(`[data-${name}]`);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The words of more than this, of both texts, are not compared one by one. */
const PAIRS_MAX = 4_000_000;
/** Tasks whose text stands behind the one that is there. */
const BEHIND = ['draft', 'continue'];
/** Tasks that look at all of the entry. */
const OF_ALL = ['title', 'summary', 'tags', 'seo-description'];
/** Where the ids of taken suggestions wait beside a working copy. */
const WAITING = `help ${location.pathname}`;

let target;
let before = '';
let stop;
let found;

/** The text of a field as Markdown, as it stands in the form now. */
async function markdownOf(field) {
  const isTree = field.dataset.editor === 'blocks' && form?.elements[`${field.name}.form`]?.value === 'blocks';
  if (!isTree) return field.value;
  const address = field.closest('[data-convert-url]').dataset.convertUrl;
  const answer = await send(address, { document: JSON.parse(field.value) });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return (await answer.json()).markdown;
}

/** All text of the form, in its order. */
async function wholeText() {
  const fields = all('.sheet textarea[name^="f."]:not(.code), .sheet input[type="text"][name^="f."]');
  const texts = await Promise.all(fields.map(markdownOf));
  return texts.filter((it) => it.trim() !== '').join('\n\n');
}

function send(address, body, headers = {}, signal = undefined) {
  return fetch(address, {
    method: 'POST', signal, body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrf, accept: 'application/json', ...headers },
  });
}

const chosen = () => dialog.querySelector('[name="help-task"]:checked')?.value;
const input = () => document.getElementById(target);
const valueOf = (id) => document.getElementById(id).value;

/** What is asked for, with what the task takes and nothing else. */
async function question(task) {
  if (task === 'alt-text') return { asset };
  const asked = { collection };
  if (entry) asked.entry = entry;
  if (task === 'tags') asked.field = target.replace(/^f\./, '');
  if (task !== 'draft') asked.text = OF_ALL.includes(task) ? await wholeText() : before;
  const said = { instruction: valueOf('help-instruction').trim() };
  if (['draft', 'rewrite'].includes(task)) said.tone = valueOf('help-tone');
  if (task === 'rewrite') said.length = valueOf('help-length');
  if (task === 'translate') said.locale = valueOf('help-locale');
  return { ...asked, ...Object.fromEntries(Object.entries(said).filter(([, it]) => it !== '')) };
}

/** The events of a stream: `event:` and `data:` on a line each, and an empty line. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const pieces = text.split('\n\n');
    text = pieces.pop();
    for (const piece of pieces) {
      const line = (name) => piece.split('\n').find((it) => it.startsWith(`${name}: `))?.slice(name.length + 2);
      if (line('data')) yield [line('event'), JSON.parse(line('data'))];
    }
  }
}

async function suggest() {
  const task = chosen();
  show({ state: dialog.dataset.writing, isWriting: true });
  stop = new AbortController();
  try {
    before = asset || task === 'tags' ? input()?.value ?? '' : await markdownOf(input());
    const answer = await send(`${url}/${task}`, await question(task), { accept: 'text/event-stream' }, stop.signal);
    if (!answer.ok) return refused(await answer.json());
    let text = '';
    for await (const [event, data] of events(answer.body)) {
      if (event === 'error') return refused(data);
      if (event === 'end') return finished(task, data);
      text += data.text;
      part('text').textContent = text;
      part('suggestion').hidden = false;
    }
    refused({ detail: dialog.dataset.failed });
  } catch (error) {
    if (error.name === 'AbortError') show({});
    else refused({ detail: error.message || dialog.dataset.failed });
  } finally {
    stop = undefined;
  }
}

function refused({ detail, hint, errors }) {
  const told = [detail, ...(errors ?? []).map((it) => it.message), hint];
  show({ problem: told.filter(Boolean).join(' ') });
}

function finished(task, suggestion) {
  found = suggestion;
  if (!suggestion.text && !suggestion.terms?.length) return refused({ detail: dialog.dataset.nothing });
  show({ isReady: true });
  if (task === 'tags') return showTerms(suggestion);
  const isNew = BEHIND.includes(task) || before.trim() === '';
  part('text').replaceChildren(...(isNew ? [suggestion.text] : compared(before.trim(), suggestion.text.trim())));
  const tokens = suggestion.tokens.read + suggestion.tokens.written;
  const facts = dialog.dataset.facts.replace('{model}', suggestion.model).replace('{tokens}', tokens);
  part('told').textContent = suggestion.reason === 'length' ? `${dialog.dataset.cut} ${facts}` : facts;
  part('take').focus();
}

function showTerms({ terms, proposals, model }) {
  const line = (it) => {
    const [label, box] = [document.createElement('label'), document.createElement('input')];
    Object.assign(box, { type: 'checkbox', value: it.id, checked: true });
    label.className = 'check';
    label.append(box, ` ${it.title}`);
    return label;
  };
  part('text').replaceChildren(...terms.map(line));
  const names = proposals.length ? ` ${dialog.dataset.proposals.replace('{names}', proposals.join(', '))}` : '';
  part('told').textContent = `${model}.${names}`;
}

function show({ state = '', problem = '', isWriting = false, isReady = false }) {
  part('state').textContent = state;
  part('problem').textContent = problem;
  part('problem').hidden = problem === '';
  part('stop').hidden = !isWriting;
  part('suggest').disabled = isWriting;
  if (!isReady) { found = undefined; part('text').replaceChildren(); part('told').textContent = ''; }
  part('suggestion').hidden = !isReady;
  part('take').closest('.bulk').hidden = !isReady;
}

/** What differs between two texts, word by word, by the longest common subsequence. */
function compared(from, to) {
  const [old, now] = [from, to].map((it) => it.split(/(\s+)/).filter((word) => word !== ''));
  if (old.length * now.length > PAIRS_MAX) return [mark('del', from), mark('ins', to)];
  const width = now.length + 1;
  const length = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      length[i * width + j] = old[i] === now[j]
        ? length[(i + 1) * width + j + 1] + 1
        : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const pieces = [];
  const add = (kind, word) => {
    if (pieces.at(-1)?.[0] === kind) pieces.at(-1)[1] += word;
    else pieces.push([kind, word]);
  };
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) { add('same', old[i]); i += 1; j += 1; }
    else if (j >= now.length || (i < old.length && length[(i + 1) * width + j] >= length[i * width + j + 1])) { add('del', old[i]); i += 1; }
    else { add('ins', now[j]); j += 1; }
  }
  return pieces.map(([kind, text]) => (kind === 'same' ? text : mark(kind, text)));
}

const mark = (kind, text) => Object.assign(document.createElement(kind), { textContent: text });

function take() {
  if (!found) return;
  const field = input();
  if (found.task === 'tags') takeTerms();
  else if (field.dataset.editor) {
    const where = BEHIND.includes(found.task) ? 'end' : 'all';
    field.dispatchEvent(new CustomEvent('editor-write', { detail: { markdown: found.text, where } }));
  } else {
    const isBehind = BEHIND.includes(found.task) && field.value.trim() !== '';
    field.value = isBehind ? `${field.value}\n\n${found.text}` : found.text;
    for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  remember(found.id);
  dialog.close();
  if (!field?.dataset.editor) field?.focus();
}

/** Puts the chosen terms into the picker, as if they had been found by hand. */
function takeTerms() {
  const picker = document.getElementById(target);
  const isMany = dialog.opener.hasAttribute('data-many');
  const titles = new Map(found.terms.map((it) => [it.id, it.title]));
  for (const { value } of all('input:checked', part('text'))) {
    let box = all('input', picker).find((it) => it.name === target && it.value === value);
    if (!box) {
      box = Object.assign(document.createElement('input'), { type: isMany ? 'checkbox' : 'radio', name: target, value });
      const [line, label, text] = ['li', 'label', 'span'].map((it) => document.createElement(it));
      line.className = 'pick';
      text.textContent = titles.get(value);
      label.append(box, ' ', text);
      line.append(label);
      picker.querySelector('.found').append(line);
    }
    box.checked = true;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** Sends the id with the form, so that the saved state says who helped; a working copy waits with it. */
function remember(id) {
  if (!form) return;
  form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'suggestion', value: id }));
  const waiting = [...JSON.parse(sessionStorage.getItem(WAITING) ?? '[]'), id];
  sessionStorage.setItem(WAITING, JSON.stringify(waiting));
}

function recall() {
  if (!form) return;
  if (!('kept' in dialog.dataset)) return sessionStorage.removeItem(WAITING);
  const there = all('[name="suggestion"]', form).map((it) => it.value);
  for (const value of JSON.parse(sessionStorage.getItem(WAITING) ?? '[]')) {
    if (there.includes(value)) continue;
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'suggestion', value }));
  }
}

/** Shows what the chosen task takes. */
function options() {
  for (const it of all('[data-for]', dialog)) it.hidden = !it.dataset.for.split(' ').includes(chosen());
  document.getElementById('help-instruction').required = chosen() === 'draft';
}

function open(button) {
  const tasks = button.dataset.help.split(' ');
  target = button.dataset.target;
  dialog.opener = button;
  part('label').textContent = button.dataset.label;
  for (const it of all('[name="help-task"]', dialog)) {
    it.closest('label').hidden = !tasks.includes(it.value);
    it.checked = it.value === tasks[0];
  }
  const language = form?.elements.locale?.value;
  if (language) document.getElementById('help-locale').value = language;
  show({});
  options();
  dialog.showModal();
}

for (const button of all('.help-open')) {
  button.hidden = false;
  button.addEventListener('click', () => open(button));
}
dialog.addEventListener('change', (event) => { if (event.target.name === 'help-task') { show({}); options(); } });
dialog.addEventListener('close', () => stop?.abort());
part('suggest').addEventListener('click', suggest);
part('stop').addEventListener('click', () => stop?.abort());
part('take').addEventListener('click', take);
part('leave').addEventListener('click', () => { show({}); part('suggest').focus(); });
recall();
