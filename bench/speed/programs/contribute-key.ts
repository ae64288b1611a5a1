import { readFile } from 'node:fs/promises';
import { zKey } from 'snarkjs';
import { checkCeremonyKey } from '#dist/ceremony/check-ceremony-key.js';
import { checkSuccessor } from '#dist/ceremony/check-successor.js';
import { snarkjsContributor } from '#dist/ceremony/contribute.js';
import { checkContributions } from '#dist/ceremony/contributions.js';
import { circuitDomainPower } from '#dist/formats/evaluation-domain.js';
import { readR1cs } from '#dist/formats/r1cs.js';
import { readZkey } from '#dist/formats/zkey.js';
import { checkKey } from '#dist/key/check-key.js';
import { withCurve } from '#dist/key/snarkjs-session.js';
import { wasmKeyChecker } from '#dist/key/wasm-key-checker.js';
import { nativeProver } from '#dist/prover/native-binary.js';
import { thisMachine } from '#dist/prover/worker-count.js';
import { nativeKeyChecker } from '#dist/setup/key-checker-for.js';
import { nativePreparer } from '#dist/setup/preparer.js';
import { serve, timed } from './serve.ts';

// contribute-key.js <snarkjs|native> <r1cs> <ptau>: contributes to the first key, checks the contribution, and checks the
// whole key against the circuit and the phase-1 file, which for snarkjs is its own `zkey verify`.
const [maker, r1csFile, ptau] = process.argv.slice(2) as [string, string, string];
const native = nativeProver();
if (native.state !== 'ready') throw new Error(native.reason);
const { binding } = native;
const isNative = maker === 'native';

const r1csBytes = await readFile(r1csFile);
const r1cs = readR1cs(r1csBytes, r1csFile);
const preparer = nativePreparer(binding);
const first = await preparer.newKey({ r1cs, r1csBytes, ptau, power: circuitDomainPower(r1cs) });
const checker = isNative ? nativeKeyChecker(binding, 'key') : wasmKeyChecker;

function contribute(): Promise<Uint8Array> {
  if (!isNative) return snarkjsContributor(first, 'bench');
  return binding.contribute(first, 'bench', undefined, thisMachine().cores);
}

async function checkStep(key: Uint8Array): Promise<void> {
  const zkey = readZkey(key);
  checkContributions(zkey, 'key');
  await checkKey(zkey, 'ready', 'key', checker);
  await checkSuccessor(readZkey(first), zkey, 'key', checker);
}

async function checkWhole(key: Uint8Array): Promise<void> {
  if (isNative) {
    await checkCeremonyKey({ key, file: 'key', r1cs, r1csBytes, ptau }, checker, {}, preparer);
    return;
  }
  const phase1 = await readFile(ptau);
  if (await withCurve(() => zKey.verifyFromR1cs(r1csBytes, phase1, key))) return;
  throw new Error('snarkjs refuses the key');
}

await serve({}, async () => {
  const made = await timed(contribute);
  const step = await timed(() => checkStep(made.value));
  const whole = await timed(() => checkWhole(made.value));
  return {
    contributeMs: made.ms,
    contributeCpuMs: made.cpuMs,
    stepMs: step.ms,
    stepCpuMs: step.cpuMs,
    wholeMs: whole.ms,
    wholeCpuMs: whole.cpuMs,
  };
});
