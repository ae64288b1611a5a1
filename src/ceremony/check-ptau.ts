import { randomFillSync } from 'node:crypto';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { ELEMENT_BYTES, readElement } from '../field/bn254.ts';
import { type PtauFile, PTAU_SECTION as S } from '../formats/ptau.ts';
import { G1_BYTES, G2_BYTES } from '../formats/zkey-layout.ts';
import type { FfCurve } from '../key/snarkjs-session.ts';

/**
 * Checks that the points of a ceremony file that a circuit of this power uses are consistent: powers of a single τ, the
 * Lagrange bases derived from them, and both times α and β. Does not check the contributions (snarkjs
 * `powersoftau verify` does, in minutes to hours).
 *
 * Each check compares one random combination of all points, so a wrong point goes unnoticed with probability about
 * 2^-128.
 *
 * @throws QuietproofError QP5005
 */
export async function checkPtau(ptau: PtauFile, power: number, curve: FfCurve, file: string): Promise<void> {
  const n = 2 ** power;
  // A file of exactly this power lacks the last one.
  const powers = await ptau.points(S.tauG1, 0, ptau.header.power > power ? 2 * n : 2 * n - 1);
  const wrong =
    (await wrongPowers(ptau, powers, curve)) ??
    (await wrongDoubledBasis(ptau, powers, n, curve)) ??
    (await wrongBasis(ptau, powers, n, curve));
  if (wrong === undefined) return;
  const fix = 'Download the ceremony file again, or use a published one';
  throw new QuietproofError('QP5005', { what: wrong, where: file, fix });
}

async function wrongPowers(ptau: PtauFile, powers: Uint8Array, curve: FfCurve): Promise<string | undefined> {
  const { G1, G2 } = curve;
  const inG2 = await ptau.points(S.tauG2, 0, 2);
  const [one, tau] = [inG2.subarray(0, G2_BYTES), inG2.subarray(G2_BYTES)];
  if (!G1.eq(powers.subarray(0, G1_BYTES), G1.g) || !G2.eq(one, G2.g)) {
    return 'The powers of tau do not start at the generators';
  }
  if (!(await geometric(curve, powers, tau))) return 'The powers of tau are not powers of a single number';
  const [beta1, beta2] = [await ptau.points(S.betaTauG1, 0, 1), await ptau.points(S.betaG2, 0, 1)];
  if (!(await sameRatio(curve, G1.g, beta1, G2.g, beta2))) return 'beta differs between the two groups';
  return undefined;
}

/** Checks the basis of 2n points, from which a key's H points are taken. */
async function wrongDoubledBasis(
  ptau: PtauFile,
  powers: Uint8Array,
  n: number,
  curve: FfCurve,
): Promise<string | undefined> {
  const { values, coefficients } = await randomPolynomial(curve, 2 * n);
  const basis = await curve.G1.multiExpAffine(await ptau.points(S.lagrangeTauG1, 2 * n - 1, 2 * n), values);
  const { G1, G2 } = curve;
  const known = powers.length / G1_BYTES;
  const coefficient = (i: number) => coefficients.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES);
  const sum = await G1.multiExpAffine(powers, coefficients.subarray(0, known * ELEMENT_BYTES));
  if (G1.eq(basis, sum)) return undefined;
  if (known < 2 * n) {
    // snarkjs takes infinity for the power that the file lacks; another tool may compute it.
    const before = G1.timesScalar(powers.subarray(-G1_BYTES), readElement(coefficient(known)));
    const tau = await ptau.points(S.tauG2, 1, 1);
    if (await sameRatio(curve, before, G1.add(basis, G1.neg(sum)), G2.g, tau)) return undefined;
  }
  return 'The Lagrange basis of the doubled domain does not fit the powers of tau';
}

/** Checks the basis of n points in both groups, and its multiples by α and β. */
async function wrongBasis(
  ptau: PtauFile,
  powers: Uint8Array,
  n: number,
  curve: FfCurve,
): Promise<string | undefined> {
  const { G1, G2 } = curve;
  const { values, coefficients } = await randomPolynomial(curve, n);
  const combine = async (section: number) =>
    (section === S.lagrangeTauG2 ? G2 : G1).multiExpAffine(await ptau.points(section, n - 1, n), values);
  const inG1 = await combine(S.lagrangeTauG1);
  if (!G1.eq(inG1, await G1.multiExpAffine(powers.subarray(0, n * G1_BYTES), coefficients))) {
    return 'The Lagrange basis does not fit the powers of tau';
  }
  const inG2 = await combine(S.lagrangeTauG2);
  if (!(await sameRatio(curve, G1.g, inG1, G2.g, inG2))) return 'The Lagrange bases in G1 and G2 differ';
  for (const [section, start, name] of [
    [S.lagrangeAlphaTauG1, S.alphaTauG1, 'alpha'],
    [S.lagrangeBetaTauG1, S.betaTauG1, 'beta'],
  ] as const) {
    const fits = await sameRatio(curve, await ptau.points(start, 0, 1), await combine(section), G2.g, inG2);
    if (!fits) return `The Lagrange basis times ${name} does not fit`;
  }
  return undefined;
}

/** Whether points[i + 1] = τ · points[i] for all i. */
async function geometric(curve: FfCurve, points: Uint8Array, tau2: Uint8Array): Promise<boolean> {
  const scalars = randomFillSync(new Uint8Array((points.length / G1_BYTES - 1) * 16));
  const lower = await curve.G1.multiExpAffine(points.subarray(0, points.length - G1_BYTES), scalars);
  const upper = await curve.G1.multiExpAffine(points.subarray(G1_BYTES), scalars);
  return sameRatio(curve, lower, upper, curve.G2.g, tau2);
}

/** A random polynomial with n coefficients, and its values at the n-th roots of unity, as plain numbers. */
async function randomPolynomial(
  { Fr }: FfCurve,
  n: number,
): Promise<{ coefficients: Uint8Array; values: Uint8Array }> {
  const coefficients = randomFillSync(new Uint8Array(n * ELEMENT_BYTES));
  for (let top = ELEMENT_BYTES - 1; top < coefficients.length; top += ELEMENT_BYTES)
    coefficients[top]! &= 0x1f;
  return {
    coefficients: await Fr.batchFromMontgomery(coefficients),
    values: await Fr.batchFromMontgomery(await Fr.fft(coefficients)),
  };
}

/** Whether the discrete logarithms satisfy b1 / a1 = b2 / a2. False if a point is at infinity. */
async function sameRatio(
  curve: FfCurve,
  a1: Uint8Array,
  b1: Uint8Array,
  a2: Uint8Array,
  b2: Uint8Array,
): Promise<boolean> {
  const { G1, G2 } = curve;
  if (G1.isZero(a1) || G1.isZero(b1) || G2.isZero(a2) || G2.isZero(b2)) return false;
  return curve.pairingEq(a1, b2, G1.neg(b1), a2);
}
