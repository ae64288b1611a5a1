import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkVerificationKey } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSuccessor } from '../../src/ceremony/check-successor.ts';
import { checkContributions } from '../../src/ceremony/contributions.ts';
import { elementBytes, toMontgomery } from '../../src/field/bn254.ts';
import { Bn254 } from '../../src/field/bn254-wasm.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey, type Zkey } from '../../src/formats/zkey.ts';
import { checkKey } from '../../src/key/check-key.ts';
import { findForgery } from '../../src/key/forgery.ts';
import { verificationKeyOf } from '../../src/key/key-points.ts';
import { contributeTo } from '../../src/setup/contribute-to.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';
import { makeArtifactKey } from '../../src/setup/make-artifact-key.ts';
import { pointOutsideG2 } from '../support/outside-g2.ts';
import {
  compileSmall,
  holdCurve,
  makePtau,
  type SmallCircuit,
  temporaryFolder,
} from '../support/small-circuit.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let circuit: SmallCircuit;
let development: Uint8Array;
let initial: Uint8Array;
let contributed: Uint8Array;
let curve: Bn254;

let release: () => Promise<void>;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  circuit = await compileSmall(folder.path);
  development = await developmentSetup(readR1cs(await readFile(circuit.r1csPath)));
  await makeArtifactKey(circuit.folder, { source: { kind: 'ptau', file: await makePtau(folder.path, 4) } });
  const key = join(circuit.folder, 'circuit.zkey');
  initial = await readFile(key);
  await contributeTo(circuit.folder, { name: 'Ada' });
  contributed = await readFile(key);
  curve = await Bn254.create();
});
afterAll(async () => {
  await folder.remove();
  await release();
});

/** A copy of a key that can be modified. */
function copyOf(bytes: Uint8Array): Zkey {
  return readZkey(Uint8Array.from(bytes)); // slice() of a Buffer would share its memory
}

/** k · generator of G2 in zkey form. */
function multipleOfGenerator(k: bigint): Uint8Array {
  const [scalar, product, affine] = [32, 192, 128].map((size) => curve.allocate(size)) as [
    number,
    number,
    number,
  ];
  const magnitude = k < 0n ? -k : k;
  curve.bytes(scalar, 32).set(elementBytes(magnitude));
  curve.ops.g2m_timesScalarAffine!(curve.g2, scalar, 32, product);
  if (k < 0n) curve.ops.g2m_neg!(product, product);
  curve.ops.g2m_batchToAffine!(product, 1, affine);
  return curve.bytes(affine, 128).slice();
}

describe('checkKey', () => {
  it('accepts keys made by setup and by a contribution', async () => {
    await expect(checkKey(copyOf(development), 'ready', 'a')).resolves.toMatchObject({ nPublic: 3 });
    await expect(checkKey(copyOf(contributed), 'ready', 'a')).resolves.toMatchObject({ nPublic: 3 });
    await expect(checkKey(copyOf(initial), 'awaiting contribution', 'a')).resolves.toMatchObject({
      nPublic: 3,
    });
  });

  it('refuses a key without a contribution in the state ready', async () => {
    await expect(checkKey(copyOf(initial), 'ready', 'a')).rejects.toMatchObject({
      code: 'QP5022',
      message: expect.stringContaining('QP7307'),
    });
  });

  it.each([1n, -1n, 2n, 4099n, -65536n])('refuses delta = %d · gamma', async (k) => {
    const zkey = copyOf(development);
    zkey.delta2.set(multipleOfGenerator(k));
    await expect(checkKey(zkey, 'ready', 'a')).rejects.toMatchObject({ code: 'QP5022' });
  });

  it('refuses gamma that is not the generator, equal and opposite IC points, and IC at infinity', async () => {
    const gamma = copyOf(development);
    gamma.gamma2.set(multipleOfGenerator(3n));
    const equal = copyOf(development);
    equal.ic.copyWithin(64, 128, 192);
    const infinite = copyOf(development);
    infinite.ic.fill(0, 64, 128);
    for (const [zkey, code] of [
      [gamma, 'QP7306'],
      [equal, 'QP7308'],
      [infinite, 'QP73'],
    ] as const) {
      for (const state of ['ready', 'awaiting contribution'] as const) {
        const message = expect.stringContaining(code);
        await expect(checkKey(zkey, state, 'a')).rejects.toMatchObject({ code: 'QP5022', message });
      }
    }
  });

  it.each(['a', 'b1', 'b2', 'c', 'h', 'alpha1', 'delta2'] as const)(
    'detects a point of %s off its curve',
    async (part) => {
      const zkey = copyOf(development);
      zkey[part].set(elementBytes(toMontgomery(5n)), 0);
      zkey[part].set(elementBytes(toMontgomery(6n)), 32);
      const message = expect.stringContaining('is not on the curve');
      await expect(checkKey(zkey, 'ready', 'a')).rejects.toMatchObject({ code: 'QP5022', message });
    },
  );

  it('detects a point of B2 that is on the curve, but not in G2', async () => {
    for (const index of [0, 3]) {
      const zkey = copyOf(development);
      zkey.b2.set(pointOutsideG2(), index * 128);
      const message = expect.stringContaining('A point of B2 is not in its group');
      await expect(checkKey(zkey, 'ready', 'a')).rejects.toMatchObject({ code: 'QP5022', message });
    }
  });

  it('detects a coordinate above the modulus', async () => {
    const zkey = copyOf(development);
    zkey.h.fill(0xff, 0, 32);
    await expect(checkKey(zkey, 'ready', 'a')).rejects.toThrow('too large');
  });
});

describe('the forgery', () => {
  /** `checkVerificationKey` refuses δ = ±γ, so β and δ are swapped for the check. */
  const checkedWithAnyDelta = (zkey: Zkey) => {
    const key = verificationKeyOf(zkey);
    const swapped = checkVerificationKey({ ...key, vk_beta_2: key.vk_delta_2, vk_delta_2: key.vk_beta_2 });
    return { ...swapped, beta: swapped.delta, delta: swapped.beta };
  };

  it.each([1n, -1n, 2n, -2n])('works on a key with delta = %d · gamma', async (k) => {
    const zkey = copyOf(development);
    zkey.delta2.set(multipleOfGenerator(k));
    expect(await findForgery(zkey, checkedWithAnyDelta(zkey))).toBe(k);
  });

  it('works only on a key that awaits its contribution', async () => {
    const forgeryFor = async (bytes: Uint8Array) =>
      findForgery(copyOf(bytes), checkedWithAnyDelta(copyOf(bytes)));
    expect(await forgeryFor(initial)).toBe(1n);
    expect(await forgeryFor(contributed)).toBeUndefined();
    expect(await forgeryFor(development)).toBeUndefined();
  });
});

describe('contribution checks', () => {
  const chain = (zkey: Zkey) => checkContributions(zkey, 'a.zkey');
  const successor = (after: Zkey) => checkSuccessor(copyOf(initial), after, 'a.zkey');

  it('accept a contributed key', async () => {
    chain(copyOf(contributed));
    await successor(copyOf(contributed));
  });

  it('refuse a changed delta, transcript or proof of knowledge', async () => {
    const other = copyOf(development);
    const delta = copyOf(contributed);
    delta.delta1.set(other.delta1);
    const delta2 = copyOf(contributed);
    delta2.delta2.set(other.delta2);
    const transcript = copyOf(contributed);
    transcript.transcript.contributions[0]!.transcript[5]! ^= 1;
    const knowledge = copyOf(contributed);
    knowledge.transcript.contributions[0]!.g2Spx.set(other.beta2);
    for (const zkey of [delta, delta2, transcript, knowledge]) {
      expect(() => chain(zkey)).toThrow('QP5024');
    }
  });

  it('refuse a change of any point that a contribution must not change, and inconsistent C and H', async () => {
    for (const part of ['ic', 'a', 'b1', 'alpha1', 'beta1'] as const) {
      const zkey = copyOf(contributed);
      zkey[part].set(copyOf(development)[part]);
      await expect(successor(zkey), part).rejects.toMatchObject({ code: 'QP5021' });
    }
    for (const part of ['c', 'h'] as const) {
      const zkey = copyOf(contributed);
      zkey[part].copyWithin(0, 64, 128);
      await expect(successor(zkey), part).rejects.toMatchObject({ code: 'QP5024' });
    }
  });
});
