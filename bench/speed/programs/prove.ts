import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openWitnessCalculator } from '#dist/artifact/open-witness-calculator.js';
import type { BackendName } from '#dist/prover/backend.js';
import { backendNamed } from '#dist/prover/backends.js';
import { readJob } from './prove-job-file.ts';
import { serve, timed } from './serve.ts';

// prove.js <backend> <artifact> <row.json> <threads>: verified proofs in sequence, with key and calculator loaded.
const [name, artifact, row, threads] = process.argv.slice(2) as [BackendName, string, string, string];
const job = await readJob(row);
const calculator = await openWitnessCalculator(artifact);
const zkey = path.join(artifact, 'circuit.zkey');
const verificationKey = JSON.parse(await readFile(path.join(artifact, 'verification-key.json'), 'utf8'));
const backend = backendNamed(name);
const { value: prover, ms: loadMs } = await timed(async () => {
  const { bytes } = await backend.share(zkey);
  const shared = bytes === undefined ? {} : { bytes };
  return backend.load({ path: zkey, ...shared, verificationKey, threads: Number(threads) });
});

const engine = backend.engine === undefined ? {} : { engine: backend.engine };
await serve({ loadMs, ...engine }, async () => {
  const { value: made, ms: witnessMs } = await timed(() =>
    calculator.calculate(job.integers, job.salt, job.context),
  );
  const { ms: proveMs, cpuMs } = await timed(() => prover.prove(made.witness));
  return { witnessMs, proveMs, cpuMs, rowMs: witnessMs + proveMs };
});
