import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { snarkjsPreparer } from '#dist/ceremony/snarkjs-preparer.js';
import { circuitDomainPower } from '#dist/formats/evaluation-domain.js';
import { readR1cs } from '#dist/formats/r1cs.js';
import { nativeProver } from '#dist/prover/native-binary.js';
import { nativePreparer } from '#dist/setup/preparer.js';
import { serve, timed } from './serve.ts';

// prepare-key.js <snarkjs|native> <r1cs> <ptau>: checks the phase-1 file and makes the first key, and discards it.
const [maker, file, ptau] = process.argv.slice(2) as [string, string, string];

function preparer() {
  if (maker === 'snarkjs') return snarkjsPreparer;
  const native = nativeProver();
  if (native.state !== 'ready') throw new Error(native.reason);
  return nativePreparer(native.binding);
}

const r1csBytes = await readFile(file);
const r1cs = readR1cs(r1csBytes, file);
const preparation = { r1cs, r1csBytes, ptau, power: circuitDomainPower(r1cs) };

await serve({}, async () => {
  const check = await timed(() => preparer().check(preparation));
  const key = await timed(() => preparer().newKey(preparation));
  const digest = createHash('sha256').update(key.value).digest();
  return {
    checkMs: check.ms,
    checkCpuMs: check.cpuMs,
    keyMs: key.ms,
    keyCpuMs: key.cpuMs,
    keyDigest: digest.readUIntBE(0, 6),
  };
});
