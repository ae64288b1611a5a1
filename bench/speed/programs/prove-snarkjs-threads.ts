import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { groth16 } from 'snarkjs';
import { openWitnessCalculator } from '#dist/artifact/open-witness-calculator.js';
import { encodeWitnessFile } from '#dist/formats/wtns.js';
import { readJob } from './prove-job-file.ts';
import { serve, timed } from './serve.ts';

// prove-snarkjs-threads.js <artifact> <row.json>: unmodified snarkjs, with its own threads on all cores.
const [artifact, row] = process.argv.slice(2) as [string, string];
const job = await readJob(row);
const calculator = await openWitnessCalculator(artifact);
const zkey = {
  type: 'mem',
  data: new Uint8Array(await readFile(path.join(artifact, 'circuit.zkey'))),
} as const;
const verificationKey = JSON.parse(await readFile(path.join(artifact, 'verification-key.json'), 'utf8'));

await serve({}, async () => {
  const { value: made, ms: witnessMs } = await timed(() =>
    calculator.calculate(job.integers, job.salt, job.context),
  );
  const wtns = { type: 'mem', data: encodeWitnessFile(made.witness) } as const;
  const { value, ms: proveMs, cpuMs } = await timed(() => groth16.prove(zkey, wtns));
  const { value: holds, ms: checkMs } = await timed(() =>
    groth16.verify(verificationKey, value.publicSignals, value.proof),
  );
  if (!holds) throw new Error('the proof does not verify');
  return { witnessMs, proveMs, cpuMs, checkMs, rowMs: witnessMs + proveMs };
});
