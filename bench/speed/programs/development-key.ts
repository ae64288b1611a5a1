import { readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readR1cs } from '#dist/formats/r1cs.js';
import { nativeProver } from '#dist/prover/native-binary.js';
import { developmentSetup } from '#dist/setup/development-setup.js';
import { serve, timed } from './serve.ts';

// development-key.js <JavaScript|native> <artifact>: makes a key from the artifact's r1cs file and discards it.
const [maker, artifact] = process.argv.slice(2) as [string, string];
const file = path.join(artifact, 'circuit.r1cs');
const discarded = path.join(artifact, 'discarded.zkey');

async function make(): Promise<unknown> {
  if (maker === 'JavaScript') return developmentSetup(readR1cs(await readFile(file), file));
  const native = nativeProver();
  if (native.state !== 'ready') throw new Error(native.reason);
  return native.binding.developmentKey(await readFile(file), discarded, availableParallelism());
}

await serve({}, async () => {
  const { ms, cpuMs } = await timed(make);
  await rm(discarded, { force: true });
  return { keySeconds: ms / 1000, cpuMs };
});
