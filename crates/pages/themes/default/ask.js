// Shows an answer as it is written. Without this the form is sent as forms are, and the page has the whole answer.

const form = document.querySelector('form[data-stream]');
const answer = document.getElementById('answer');
const problem = document.getElementById('problem');
const part = (name) => answer.querySelector(`[data-${name}]`);

/** Stops the answer that is being written. */
let asked;

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

async function ask(question) {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  begin();
  try {
    const response = await fetch(form.dataset.stream, {
      method: 'POST',
      signal: mine.signal,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ question, locale: document.documentElement.lang }),
    });
    if (!response.ok) return refused(await response.json());
    let text = '';
    for await (const [event, data] of events(response.body)) {
      if (event === 'error') return refused(data);
      if (event === 'end') return finished(data);
      if (event === 'sources') showSources(data.sources);
      if (event === 'text') {
        text += data.text;
        showText(text);
      }
    }
    refused({});
  } catch (error) {
    if (error.name !== 'AbortError') refused({});
  } finally {
    if (asked === mine) answer.parentElement.ariaBusy = 'false';
  }
}

function begin() {
  problem.hidden = true;
  answer.hidden = false;
  answer.parentElement.ariaBusy = 'true';
  for (const name of ['text', 'nothing', 'from', 'written']) part(name).hidden = true;
  part('waiting').hidden = false;
}

function showSources(sources) {
  const line = ({ title, url }) => {
    const [item, link] = ['li', 'a'].map((it) => document.createElement(it));
    Object.assign(link, { href: url, textContent: title });
    item.append(link);
    return item;
  };
  part('from').querySelector('ol').replaceChildren(...sources.map(line));
  part('from').hidden = sources.length === 0;
}

/** What a model says is text and nothing else. */
function showText(text) {
  part('waiting').hidden = true;
  part('text').hidden = false;
  part('text').textContent = text;
}

function finished({ answer: text, sources, model }) {
  part('waiting').hidden = true;
  showSources(sources);
  if (text === null) {
    part('nothing').hidden = false;
    return;
  }
  showText(text);
  part('written').textContent = part('written').dataset.written.replace('{model}', () => model);
  part('written').hidden = false;
}

function refused({ detail, problems }) {
  const told = problems?.[0]?.message ?? detail;
  problem.textContent = told ? `${told.charAt(0).toUpperCase()}${told.slice(1)}.` : form.dataset.failed;
  problem.hidden = false;
  answer.hidden = true;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  ask(new FormData(form).get('question'));
});
