// An endpoint in a process of its own. Writes a line for each answer that it gives, as a server would send it, until it
// has given `count` of them; then waits until all that is due is proved, and ends.
import { createPrivateKey } from 'node:crypto';
import { ModelAnswerer } from '#dist/prove/model-answerer.js';
import { openEndpoint } from '#dist/server/serve/open-endpoint.js';

const { folder, origin, key, artifactDir, rows, count } = JSON.parse(process.env.ENDPOINT);
const policy = { prove: 'all', within: 3600, retention: 86_400 };
const endpoint = await openEndpoint({
  folder,
  origin,
  key: createPrivateKey(key),
  models: [{ artifactDir, policy }],
  publishEvery: 30,
  workers: 1,
});
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
say('open');
const [model] = endpoint.models;
const answerer = await ModelAnswerer.open(artifactDir);
let given = 0;
/** A client that asks again as soon as it has its answer. */
async function client() {
  while (given < count) {
    given += 1;
    const row = given % rows.length;
    const context = Buffer.from(`row ${row}`);
    const answer = await endpoint.answer({ model, row: answerer.encode(rows[row]), context });
    say({ ...answer, row, outputs: answer.outputs.map(String) });
    await pause(Math.random() * 10);
  }
}
await Promise.all([client(), client(), client()]);
while (endpoint.metrics.waiting > 0) await pause(20);
await endpoint.close();
