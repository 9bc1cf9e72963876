// Passkeys: the browser makes one, or answers with one. Questions and answers are the JSON of WebAuthn.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (it) => it.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** What the browser is asked, with bytes where the question has text. */
function asked(question) {
  const known = (list) => list?.map((it) => ({ ...it, id: bytes(it.id) }));
  const options = { ...question.publicKey, challenge: bytes(question.publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
  return { publicKey: options };
}

/** What the browser answered, with text where it has bytes. */
function answered(made) {
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (made.response[part]) response[part] = text(made.response[part]);
  }
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    extensions: made.getClientExtensionResults(),
    response,
  };
}

/** Sends something to the server, and what it says. */
async function call(path, token, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': token },
    body: JSON.stringify(body),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(said);
  return JSON.parse(said);
}

const WAYS = {
  create: { path: '/admin/account/passkeys', act: (options) => navigator.credentials.create(options) },
  get: { path: '/admin/sign-in/passkey', act: (options) => navigator.credentials.get(options) },
};

async function go(button) {
  const { path, act } = WAYS[button.dataset.passkey];
  const { csrf, next } = button.dataset;
  const problem = document.querySelector('[data-passkey-problem]');
  problem.hidden = true;
  button.disabled = true;
  try {
    const { ticket, question } = await call(`${path}/new`, csrf, {});
    const answer = JSON.stringify(answered(await act(asked(question))));
    const name = document.getElementById('passkey-name')?.value ?? '';
    const { to } = await call(path, csrf, { ticket, answer, name, next: next ?? '' });
    location.assign(to);
  } catch (error) {
    // The browser says in words of its own why there is no passkey; the server says it in the person's language.
    problem.textContent = error instanceof DOMException || !error.message ? button.dataset.failed : error.message;
    problem.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const it of document.querySelectorAll('[data-passkey-add]')) it.hidden = false;
  for (const button of document.querySelectorAll('[data-passkey]')) {
    button.hidden = false;
    button.addEventListener('click', () => go(button));
  }
}
