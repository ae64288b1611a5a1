import { once } from 'node:events';
import { ModelAnswerer } from '../../../prove/model-answerer.ts';
import { openAnsweringApp } from '../../../server/http/open-app.ts';
import { readSigningKey } from '../../../sign/signing-key.ts';
import { ruleOfThumb } from './rule-of-thumb.ts';

/**
 * The provider of the demo, as a process of its own: `node provider.js <artifact> <key> <state> <origin> <seconds>`. On the
 * message `swap` it begins to cheat, in the way that is open to whoever owns the machine: the model's name, id, receipts
 * and log stay, and the numbers come from something cheaper.
 */
const [artifactDir, keyFile, folder, origin, within] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const { private: key } = await readSigningKey(keyFile);
const { app } = await openAnsweringApp({
  models: [{ artifactDir, name: 'tumour' }],
  serverVersion: '0.0.0',
  seal: {
    ...{ folder, origin, key, includeWithin: 10 },
    policy: { prove: 'all', within: Number(within), retention: 3600 },
  },
});
process.send!({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.on('message', (message) => message === 'swap' && swap());
// Its parent ends it, and takes it along if it ends otherwise.
await Promise.race([once(process, 'SIGTERM'), once(process, 'disconnect')]);
await app.close();
process.exit();

/** What answers from now on is not the model. */
function swap(): void {
  const { encode, answer } = ModelAnswerer.prototype;
  const rows = new WeakMap<object, readonly number[]>();
  ModelAnswerer.prototype.encode = function (row, index) {
    const encoded = encode.call(this, row, index);
    rows.set(encoded, row as readonly number[]);
    return encoded;
  };
  ModelAnswerer.prototype.answer = function (encoded) {
    const row = rows.get(encoded);
    return row === undefined ? answer.call(this, encoded) : { row: encoded, signals: [ruleOfThumb(row)] };
  };
}
