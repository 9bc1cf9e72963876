// A server of the tests that speaks the interface of OpenAI.

import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A model that says what it is told to, word by word; `gate` holds it back after the first word. */
export async function startModel() {
  const it = { says: '', status: 200, gate: undefined, closed: 0 };
  const server = createServer(async (request, response) => {
    let asked = '';
    for await (const piece of request) asked += piece;
    if (request.method === 'GET') return response.end(JSON.stringify({ data: [{ id: 'a-model' }] }));
    if (it.status !== 200) return response.writeHead(it.status).end('{"error":{"message":"no model today"}}');
    response.on('close', () => { if (!response.writableFinished) it.closed += 1; });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (data) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    for (const [number, word] of it.says.split(/(?<= )/).entries()) {
      if (number === 1) await it.gate;
      send({ choices: [{ delta: { content: word } }] });
      await delay(5);
    }
    send({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 120, completion_tokens: 9 } });
    return response.end('data: [DONE]\n\n');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  it.address = `http://127.0.0.1:${server.address().port}/v1`;
  it.stop = () => { server.close(); server.closeAllConnections(); };
  return it;
}
