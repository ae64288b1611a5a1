import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeWitnessFile } from '#dist/formats/wtns.js';
import { backendNamed } from '#dist/prover/backends.js';
import { serve, timed } from './serve.ts';

// prove-witness.js <folder with key> <witness.wtns>: verified native proofs of one witness, on one thread.
const [folder, file] = process.argv.slice(2) as [string, string];
const witness = decodeWitnessFile(await readFile(file));
const verificationKey = JSON.parse(await readFile(path.join(folder, 'verification-key.json'), 'utf8'));
const backend = backendNamed('native');
const zkey = path.join(folder, 'circuit.zkey');
const { value: prover, ms: loadMs } = await timed(async () => {
  const { bytes } = await backend.share(zkey);
  const shared = bytes === undefined ? {} : { bytes };
  return backend.load({ path: zkey, ...shared, verificationKey, threads: 1 });
});

await serve({ loadMs, ...(backend.engine !== undefined && { engine: backend.engine }) }, async () => {
  const { ms: proveMs, cpuMs } = await timed(() => prover.prove(witness));
  return { proveMs, cpuMs };
});
