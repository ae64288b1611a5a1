import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readZkey } from '../../src/formats/zkey.ts';
import { verificationKeyOf } from '../../src/key/key-points.ts';
import { snarkjsBackend } from '../../src/prover/snarkjs-backend.ts';
import { type SquareCircuit, squareCircuit, squareWitness } from '../support/square-circuit.ts';

let circuit: SquareCircuit;
beforeAll(async () => {
  circuit = await squareCircuit();
});
afterAll(() => circuit.remove());

async function load(change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes, key?: Uint8Array) {
  const own = new Uint8Array(await readFile(circuit.zkey));
  const changed = change(key ?? own);
  const bytes = new SharedArrayBuffer(changed.length);
  new Uint8Array(bytes).set(changed);
  const verificationKey = verificationKeyOf(readZkey(own));
  return snarkjsBackend.load({ path: circuit.zkey, bytes, verificationKey, threads: 1 });
}

it('the snarkjs backend builds the curve once, in this thread', async () => {
  const cache = globalThis as { curve_bn128?: { tm: { singleThread: boolean } } };
  await load();
  const curve = cache.curve_bn128;
  expect(curve?.tm.singleThread).toBe(true);
  await load();
  expect(cache.curve_bn128).toBe(curve);
});

describe('the snarkjs backend refuses', () => {
  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 200)],
    ['with another count of wires', (bytes: Uint8Array) => withWord(bytes, 12 + 12 + 4 + 12 + 72, 7)],
    ['with an impossible domain', (bytes: Uint8Array) => withWord(bytes, 12 + 12 + 4 + 12 + 80, 3)],
  ])('a key %s', async (_, change) => {
    await expect(load(change)).rejects.toMatchObject({ code: 'QP5013', exit: 2 });
  });

  it('the key of another setup', async () => {
    const other = await circuit.makeKey('other.zkey');
    await expect(load(undefined, other)).rejects.toMatchObject({ code: 'QP6103' });
  });

  it('a witness of another circuit', async () => {
    const prover = await load();
    await expect(prover.prove(squareWitness(1n, 49n))).rejects.toMatchObject({ code: 'QP4606', exit: 2 });
  });
});

function withWord(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
}
