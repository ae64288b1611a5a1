import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  checkVerificationKey,
  decodeProof,
  groth16Holds,
  prepareKey,
  type VerificationKeyJson,
} from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCircom } from '../../src/circuit/circom-compiler.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import type { Backend, Prover, SharedKey } from '../../src/prove/backend.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';
import { verificationKeyOf } from '../../src/setup/key-points.ts';
import { ALL_BACKENDS } from '../support/backends.ts';

const SQUARE = `pragma circom 2.1.0;
template Square() { signal input in; signal output out; out <== in * in; }
component main {public [in]} = Square();
`;

/** Wires of the square: one, out, in. */
function witness(...wires: bigint[]): Uint8Array {
  const bytes = new Uint8Array(wires.length * 32);
  wires.forEach((wire, i) => {
    new DataView(bytes.buffer).setBigUint64(i * 32, wire, true);
  });
  return bytes;
}

let folder: string;
let zkey: string;
let verificationKey: VerificationKeyJson;
let otherKey: VerificationKeyJson;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'backend-'));
  const { r1csPath } = await compileCircom({ source: SQUARE, outDir: folder });
  const r1cs = readR1cs(await readFile(r1csPath), 'square.r1cs');
  const bytes = await developmentSetup(r1cs, {});
  zkey = path.join(folder, 'circuit.zkey');
  await writeFile(zkey, bytes);
  verificationKey = verificationKeyOf(readZkey(bytes));
  otherKey = verificationKeyOf(readZkey(await developmentSetup(r1cs, {})));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(ALL_BACKENDS)('backend $name', (backend: Backend) => {
  let shared: SharedKey;
  let prover: Prover;
  const load = (key: VerificationKeyJson, threads = 1) =>
    backend.load({
      path: zkey,
      verificationKey: key,
      threads,
      ...(shared.bytes !== undefined && { bytes: shared.bytes }),
    });
  beforeAll(async () => {
    shared = await backend.share(zkey);
    prover = await load(verificationKey);
  });
  afterAll(async () => {
    await prover.close();
    shared.release();
  });

  it('proves a witness; the proof holds for its public signals, and for no others', async () => {
    const { proof, publicSignals } = await prover.prove(witness(1n, 49n, 7n));
    expect(publicSignals).toEqual(['49', '7']);
    expect(proof).toMatchObject({ protocol: 'groth16', curve: 'bn128' });
    const prepared = prepareKey(checkVerificationKey(verificationKey));
    expect(groth16Holds(prepared, decodeProof(proof), [49n, 7n])).toBe(true);
    expect(groth16Holds(prepared, decodeProof(proof), [64n, 8n])).toBe(false);
  });

  it('makes a fresh proof each time', async () => {
    const [one, two] = [await prover.prove(witness(1n, 9n, 3n)), await prover.prove(witness(1n, 9n, 3n))];
    expect(one.proof.pi_a).not.toEqual(two.proof.pi_a);
  });

  it('proves with several threads', async () => {
    const fast = await load(verificationKey, 3);
    expect((await fast.prove(witness(1n, 4n, 2n))).publicSignals).toEqual(['4', '2']);
    await fast.close();
  });

  it('lets no proof out for a witness that breaks a constraint', async () => {
    await expect(prover.prove(witness(1n, 50n, 7n))).rejects.toMatchObject({ code: 'QP6003' });
  });

  it('lets no proof out that verifiers with their key would refuse', async () => {
    const proving = load(otherKey).then((other) => other.prove(witness(1n, 49n, 7n)));
    await expect(proving).rejects.toMatchObject({ code: expect.stringMatching(/^QP6(003|103)$/) });
  });

  it('reads a witness in memory that threads share', async () => {
    const wires = witness(1n, 25n, 5n);
    const inShared = new Uint8Array(new SharedArrayBuffer(wires.length));
    inShared.set(wires);
    expect((await prover.prove(inShared)).publicSignals).toEqual(['25', '5']);
  });
});
