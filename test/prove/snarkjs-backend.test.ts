import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCircom } from '../../src/circuit/circom-compiler.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import type { Prover } from '../../src/prove/backend.ts';
import { snarkjsBackend } from '../../src/prove/snarkjs-backend.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';
import { verificationKeyOf } from '../../src/setup/key-points.ts';

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
let prover: Prover;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'backend-'));
  const { r1csPath } = await compileCircom({ source: SQUARE, outDir: folder });
  const bytes = await developmentSetup(readR1cs(await readFile(r1csPath), 'square.r1cs'), {});
  // As the pool does: the key lies in shared memory.
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const verificationKey = verificationKeyOf(readZkey(bytes));
  prover = await snarkjsBackend.load({ path: 'circuit.zkey', bytes: shared, verificationKey });
});
afterAll(async () => {
  await prover.close();
  await rm(folder, { recursive: true, force: true });
});

describe('snarkjs backend', () => {
  it('proves a witness and accepts its own proof', async () => {
    const result = await prover.prove(witness(1n, 49n, 7n));
    expect(result.publicSignals).toEqual(['49', '7']);
    expect(result.proof).toMatchObject({ protocol: 'groth16', curve: 'bn128' });
    expect(await prover.check(result)).toBe(true);
  });

  it('makes a fresh proof each time', async () => {
    const [one, two] = [await prover.prove(witness(1n, 9n, 3n)), await prover.prove(witness(1n, 9n, 3n))];
    expect(one.proof.pi_a).not.toEqual(two.proof.pi_a);
  });

  it('finds its own proof wrong for a witness that breaks a constraint', async () => {
    expect(await prover.check(await prover.prove(witness(1n, 50n, 7n)))).toBe(false);
  });

  it('finds a proof wrong for other public signals', async () => {
    const { proof } = await prover.prove(witness(1n, 49n, 7n));
    expect(await prover.check({ proof, publicSignals: ['64', '8'] })).toBe(false);
  });

  it('builds the curve once, in this thread', async () => {
    const cache = globalThis as { curve_bn128?: { tm: { singleThread: boolean } } };
    const before = cache.curve_bn128;
    await prover.prove(witness(1n, 4n, 2n));
    expect(cache.curve_bn128).toBe(before);
    expect(before?.tm.singleThread).toBe(true);
  });
});
