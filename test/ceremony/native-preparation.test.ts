import { readFile } from 'node:fs/promises';
import { zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preparation } from '../../src/ceremony/key-preparer.ts';
import { snarkjsPreparer } from '../../src/ceremony/snarkjs-preparer.ts';
import { SCALAR_FIELD } from '../../src/field/bn254.ts';
import { circuitDomainPower } from '../../src/formats/evaluation-domain.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { checkKey } from '../../src/key/check-key.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import type { NativeBinding } from '../../src/prover/native-binding.ts';
import { nativePreparer } from '../../src/setup/preparer.ts';
import { type Constraint, networkLikeR1cs, synthesizeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

const native = nativeProver();
const binding = (native.state === 'ready' ? native.binding : undefined) as NativeBinding;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptaus: string[];
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptaus = [await makePtau(folder.path, 4), await makePtau(folder.path, 5)];
});
afterAll(async () => {
  await folder.remove();
  await release();
});

function prepared(r1csBytes: Uint8Array, ptau: string): Preparation {
  const r1cs = readR1cs(r1csBytes);
  return { r1cs, r1csBytes, ptau, power: circuitDomainPower(r1cs) };
}

const one = (wire: number, value = 1n) => new Map([[wire, value]]);

/** Sums with coefficients of every size, and of the constant, in all three matrices. */
function linear(nPublicInputs: number): Uint8Array {
  const nWires = nPublicInputs + 9;
  const coefficient = (i: number) => (i % 3 === 0 ? BigInt(i) ** 99n % SCALAR_FIELD : BigInt(i * i) - 40n);
  const sum = (row: number) =>
    new Map(
      Array.from({ length: 1 + (row % 4) }, (_, i) => [(row + i * 3) % nWires, coefficient(row * 5 + i)]),
    );
  const rows = Array.from({ length: 7 }, (_, row): Constraint => [sum(row + 1), one(0, 3n), sum(row + 2)]);
  const product: Constraint = [sum(9), sum(10), new Map()];
  return synthesizeR1cs({ nWires, nOutputs: 0, nPublicInputs, nPrivateInputs: 8 }, [...rows, product]);
}

const CIRCUITS: ReadonlyArray<[name: string, r1cs: Uint8Array]> = [
  ['whose rows are exactly a power of two', networkLikeR1cs(2, 4, 2, 1)],
  ['of sums, without public signals', linear(0)],
  ['with more public signals than constraints', linear(7)],
  [
    'with wires that no constraint uses',
    synthesizeR1cs({ nWires: 6, nOutputs: 1, nPublicInputs: 0, nPrivateInputs: 4 }, [
      [one(1), one(2), one(4)],
    ]),
  ],
  [
    'without private wires',
    synthesizeR1cs({ nWires: 3, nOutputs: 0, nPublicInputs: 2, nPrivateInputs: 0 }, [
      [one(1), one(2), one(0)],
    ]),
  ],
  ['without anything', synthesizeR1cs({ nWires: 1, nOutputs: 0, nPublicInputs: 0, nPrivateInputs: 0 }, [])],
];

describe.skipIf(native.state !== 'ready')('the native preparer', () => {
  it.each(CIRCUITS)('makes the key of snarkjs for a circuit %s', async (_, r1cs) => {
    for (const ptau of ptaus) {
      const preparation = prepared(r1cs, ptau);
      const made = await nativePreparer(binding).newKey(preparation);
      const expected = await snarkjsPreparer.newKey(preparation);
      expect(Buffer.compare(made, expected)).toBe(0);
    }
  });

  it('makes keys that snarkjs verifies, with points that pass our checks', async () => {
    const r1cs = linear(2);
    const preparation = prepared(r1cs, ptaus[1]!);
    await nativePreparer(binding).check(preparation);
    const made = await nativePreparer(binding).newKey(preparation);
    await checkKey(readZkey(made, 'key'), 'awaiting contribution', 'key');
    const contributed = await binding.contribute(made, 'Ada', undefined, 1);
    const phase1 = new Uint8Array(await readFile(ptaus[1]!));
    expect(await withCurve(() => zKey.verifyFromR1cs(r1cs, phase1, contributed))).toBe(true);
  });

  it('refuses what it cannot read with codes', async () => {
    const preparation = prepared(linear(2), ptaus[0]!);
    const prepare = (changed: Partial<Preparation>) =>
      nativePreparer(binding).newKey({ ...preparation, ...changed });
    await expect(prepare({ ptau: folder.path })).rejects.toMatchObject({ code: 'QP6302' });
    await expect(prepare({ r1csBytes: preparation.r1csBytes.subarray(1) })).rejects.toMatchObject({
      code: 'QP5011',
    });
    const larger = { r1csBytes: networkLikeR1cs(4, 4, 2, 1) };
    await expect(prepare(larger)).rejects.toMatchObject({ code: 'QP5001' });
  });

  it('stops when the signal is aborted', async () => {
    const stop = new AbortController();
    const preparation = { ...prepared(linear(2), ptaus[0]!), signal: stop.signal };
    const begun = [nativePreparer(binding).newKey(preparation), nativePreparer(binding).check(preparation)];
    stop.abort(new Error('stopped'));
    // Small as they are, they may be done before they look at the signal.
    for (const result of await Promise.allSettled(begun)) {
      if (result.status === 'rejected') expect(result.reason.message).toBe('stopped');
    }
    await expect(nativePreparer(binding).newKey(preparation)).rejects.toThrow('stopped');
  });
});
