import { readFile } from 'node:fs/promises';
import {
  checkVerificationKey,
  decodeProof,
  groth16Holds,
  prepareKey,
  type VerificationKeyJson,
} from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readZkey } from '../../src/formats/zkey.ts';
import { verificationKeyOf } from '../../src/key/key-points.ts';
import type { Backend, Prover, SharedKey } from '../../src/prover/backend.ts';
import { ALL_BACKENDS } from '../support/backends.ts';
import { type SquareCircuit, squareCircuit, squareWitness } from '../support/square-circuit.ts';

let circuit: SquareCircuit;
let verificationKey: VerificationKeyJson;
let otherKey: VerificationKeyJson;
beforeAll(async () => {
  circuit = await squareCircuit();
  verificationKey = verificationKeyOf(readZkey(await readFile(circuit.zkey)));
  otherKey = verificationKeyOf(readZkey(await circuit.makeKey('other.zkey')));
});
afterAll(() => circuit.remove());

describe.each(ALL_BACKENDS)('backend $name', (backend: Backend) => {
  let shared: SharedKey;
  let prover: Prover;
  const load = (key: VerificationKeyJson, threads = 1) =>
    backend.load({
      path: circuit.zkey,
      verificationKey: key,
      threads,
      ...(shared.bytes !== undefined && { bytes: shared.bytes }),
    });
  beforeAll(async () => {
    shared = await backend.share(circuit.zkey);
    prover = await load(verificationKey);
  });
  afterAll(async () => {
    await prover.close();
    shared.release();
  });

  it('proves a witness; the proof verifies for its public signals and no others', async () => {
    const { proof, publicSignals } = await prover.prove(squareWitness(1n, 49n, 7n));
    expect(publicSignals).toEqual(['49', '7']);
    expect(proof).toMatchObject({ protocol: 'groth16', curve: 'bn128' });
    const prepared = prepareKey(checkVerificationKey(verificationKey));
    expect(groth16Holds(prepared, decodeProof(proof), [49n, 7n])).toBe(true);
    expect(groth16Holds(prepared, decodeProof(proof), [64n, 8n])).toBe(false);
  });

  it('makes a fresh proof each time', async () => {
    const [one, two] = [
      await prover.prove(squareWitness(1n, 9n, 3n)),
      await prover.prove(squareWitness(1n, 9n, 3n)),
    ];
    expect(one.proof.pi_a).not.toEqual(two.proof.pi_a);
  });

  it('proves with several threads', async () => {
    const fast = await load(verificationKey, 3);
    expect((await fast.prove(squareWitness(1n, 4n, 2n))).publicSignals).toEqual(['4', '2']);
    await fast.close();
  });

  it('returns no proof for a witness that violates a constraint', async () => {
    await expect(prover.prove(squareWitness(1n, 50n, 7n))).rejects.toMatchObject({ code: 'QP6003' });
  });

  it('returns no proof that verifiers would refuse under their key', async () => {
    const proving = load(otherKey).then((other) => other.prove(squareWitness(1n, 49n, 7n)));
    await expect(proving).rejects.toMatchObject({ code: expect.stringMatching(/^QP6(003|103)$/) });
  });

  it('reads a witness in shared memory', async () => {
    const wires = squareWitness(1n, 25n, 5n);
    const inShared = new Uint8Array(new SharedArrayBuffer(wires.length));
    inShared.set(wires);
    expect((await prover.prove(inShared)).publicSignals).toEqual(['25', '5']);
  });
});
