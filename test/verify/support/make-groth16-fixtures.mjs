/**
 * Writes test/fixtures/groth16/*.json: real keys and proofs of two tiny circuits, made with circom and snarkjs.
 * Setups are random, so every run writes different files. Run it only to change the circuits.
 *
 *   npm run build && node test/verify/support/make-groth16-fixtures.mjs
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { contextSignal, inputDigest } from '@quietproof/verify';
import * as snarkjs from 'snarkjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../../..');
const out = path.join(root, 'test/fixtures/groth16');
const folder = mkdtempSync(path.join(tmpdir(), 'groth16-'));
const at = (name) => path.join(folder, name);
const random = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex');

const EMPTY = String(contextSignal(new Uint8Array()));
const ORDER_7 = String(contextSignal(new TextEncoder().encode('order 7')));
const DIGEST = String(inputDigest([1, 2, 3, 4], [8, 8, 8, 8], 1234567890n));

const circuits = {
  'digest-label': [
    { root: '2', digest: DIGEST, context: EMPTY },
    { root: '3', digest: DIGEST, context: ORDER_7 },
  ],
  'public-logits': [
    { x: ['1', '2', '3'], context: EMPTY },
    { x: ['200', '0', '255'], context: ORDER_7 },
  ],
};

async function powersOfTau() {
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  await snarkjs.powersOfTau.newAccumulator(curve, 4, at('0.ptau'));
  await snarkjs.powersOfTau.contribute(at('0.ptau'), at('1.ptau'), 'one', random());
  await snarkjs.powersOfTau.preparePhase2(at('1.ptau'), at('final.ptau'));
}

async function proveAll(name, key, inputs) {
  const proofs = [];
  for (const input of inputs) {
    const wasm = at(`${name}_js/${name}.wasm`);
    proofs.push(await snarkjs.groth16.fullProve(input, wasm, key));
  }
  return { verificationKey: await snarkjs.zKey.exportVerificationKey(key), proofs };
}

async function makeFixture(name, inputs) {
  const circom = path.join(root, 'node_modules/circom2/cli.js');
  // circom2 sees only the folder it runs in.
  const source = path.join(here, `${name}.circom`);
  copyFileSync(source, at(`${name}.circom`));
  execFileSync(process.execPath, [circom, `${name}.circom`, '--r1cs', '--wasm'], { cwd: folder });
  const zkey = at(`${name}.0.zkey`);
  await snarkjs.zKey.newZKey(at(`${name}.r1cs`), at('final.ptau'), zkey);
  await snarkjs.zKey.contribute(zkey, at(`${name}.1.zkey`), 'one', random());
  await snarkjs.zKey.contribute(zkey, at(`${name}.2.zkey`), 'two', random());
  const fixture = {
    ...(await proveAll(name, at(`${name}.1.zkey`), inputs)),
    otherSetup: await proveAll(name, at(`${name}.2.zkey`), inputs),
    uncontributedKey: await snarkjs.zKey.exportVerificationKey(zkey),
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, `${name}.json`), `${JSON.stringify(fixture, null, 1)}\n`);
}

await powersOfTau();
for (const [name, inputs] of Object.entries(circuits)) await makeFixture(name, inputs);
rmSync(folder, { recursive: true });
process.exit(0);
