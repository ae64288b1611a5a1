import { ELEMENT_BYTES, rootOfUnity, SCALAR_FIELD } from '../field/bn254.ts';
import type { Bn254 } from '../field/bn254-wasm.ts';
import { circuitDomainPower, publicCount } from '../formats/evaluation-domain.ts';
import type { R1cs, SparseMatrix } from '../formats/r1cs.ts';

/** Addresses of secret scalars in Montgomery form. */
export interface Toxic {
  readonly tau: number;
  readonly alpha: number;
  readonly beta: number;
  readonly inverseDelta: number;
}

/** Addresses of scalars in Montgomery form: one per wire or, for `h`, one per domain point. */
export interface QapAtTau {
  readonly a: number;
  readonly b: number;
  /** β·A + α·B + C per wire; divided by δ for wires that are not public. */
  readonly k: number;
  readonly h: number;
}

/**
 * Evaluates the circuit's polynomials at τ, using the Lagrange basis of the domain, in the curve's memory.
 *
 * @returns undefined if τ happens to be in the domain (draw again)
 */
export function evaluateQap(curve: Bn254, r1cs: R1cs, toxic: Toxic): QapAtTau | undefined {
  const power = circuitDomainPower(r1cs);
  const scalars = (n: number) => curve.allocate(n * ELEMENT_BYTES);
  const qap = {
    a: scalars(r1cs.nWires),
    b: scalars(r1cs.nWires),
    k: scalars(r1cs.nWires),
    h: scalars(2 ** power),
  };
  const lagrange = scalars(2 ** power);
  // The prover gives (A·B − C) on the odd points of the doubled domain: h is the Lagrange basis of these, at τ, over δ.
  if (!lagrangeAtTau(curve, toxic.tau, power, 1n, 1n, lagrange)) return undefined;
  if (!lagrangeAtTau(curve, toxic.tau, power + 1, rootOfUnity(power + 1), 2n, qap.h)) return undefined;
  scale(curve, qap.h, 2 ** power, toxic.inverseDelta);
  const coefficients = loadCoefficients(curve, r1cs);
  accumulate(curve, r1cs.a, coefficients, lagrange, qap.a);
  for (let wire = 0; wire <= publicCount(r1cs); wire += 1) {
    const at = qap.a + wire * ELEMENT_BYTES;
    curve.ops.frm_add!(at, lagrange + (r1cs.nConstraints + wire) * ELEMENT_BYTES, at);
  }
  accumulate(curve, r1cs.b, coefficients, lagrange, qap.b);
  accumulate(curve, r1cs.c, coefficients, lagrange, qap.k);
  combine(curve, r1cs, toxic, qap);
  return qap;
}

/**
 * The Lagrange basis of the 2^power-th roots of unity at τ, for the points first, first·ω^stride, …:
 * L_i(τ) = ω^i (τ^n − 1) / (n (τ − ω^i)).
 *
 * @returns false if τ is itself one of these roots
 */
function lagrangeAtTau(
  curve: Bn254,
  tau: number,
  power: number,
  first: bigint,
  stride: bigint,
  out: number,
): boolean {
  const { ops } = curve;
  const [mul, sub] = [ops.frm_mul!, ops.frm_sub!];
  const count = 2 ** power / Number(stride);
  const mark = curve.mark();
  const points = curve.allocate(count * ELEMENT_BYTES);
  const [step, vanishing, factor] = [0, 1, 2].map(() => curve.allocate(ELEMENT_BYTES)) as [
    number,
    number,
    number,
  ];
  curve.setScalar(step, rootOfUnity(power) ** stride % SCALAR_FIELD);
  curve.setScalar(points, first);
  for (let i = 1; i < count; i += 1) mul(points + (i - 1) * ELEMENT_BYTES, step, points + i * ELEMENT_BYTES);
  for (let i = 0; i < count; i += 1) sub(tau, points + i * ELEMENT_BYTES, out + i * ELEMENT_BYTES);
  ops.frm_copy!(tau, vanishing);
  for (let i = 0; i < power; i += 1) ops.frm_square!(vanishing, vanishing);
  curve.setScalar(factor, 1n);
  sub(vanishing, factor, vanishing);
  if (ops.frm_isZero!(vanishing)) return false;
  curve.reserveScratch(2 * count * ELEMENT_BYTES);
  ops.frm_batchInverse!(out, ELEMENT_BYTES, count, out, ELEMENT_BYTES);
  curve.setScalar(factor, 2n ** BigInt(power));
  ops.frm_inverse!(factor, factor);
  mul(vanishing, factor, factor);
  scale(curve, out, count, factor);
  for (let i = 0; i < count; i += 1)
    mul(out + i * ELEMENT_BYTES, points + i * ELEMENT_BYTES, out + i * ELEMENT_BYTES);
  curve.release(mark);
  return true;
}

function scale(curve: Bn254, values: number, count: number, factor: number): void {
  const mul = curve.ops.frm_mul!;
  for (let i = 0; i < count; i += 1) mul(values + i * ELEMENT_BYTES, factor, values + i * ELEMENT_BYTES);
}

function loadCoefficients(curve: Bn254, r1cs: R1cs): number {
  const count = r1cs.coefficients.length / ELEMENT_BYTES;
  const address = curve.allocate(r1cs.coefficients.length);
  curve.bytes(address, r1cs.coefficients.length).set(r1cs.coefficients);
  for (let i = 0; i < count; i += 1)
    curve.ops.frm_toMontgomery!(address + i * ELEMENT_BYTES, address + i * ELEMENT_BYTES);
  return address;
}

/** out[wire] += coefficient · lagrange[row] over all terms of a matrix. */
function accumulate(
  curve: Bn254,
  matrix: SparseMatrix,
  coefficients: number,
  lagrange: number,
  out: number,
): void {
  const [mul, add] = [curve.ops.frm_mul!, curve.ops.frm_add!];
  const product = curve.allocate(ELEMENT_BYTES);
  const { rowStart, wire, coefficient } = matrix;
  for (let row = 0; row + 1 < rowStart.length; row += 1) {
    const basis = lagrange + row * ELEMENT_BYTES;
    for (let t = rowStart[row]!; t < rowStart[row + 1]!; t += 1) {
      const at = out + wire[t]! * ELEMENT_BYTES;
      mul(coefficients + coefficient[t]! * ELEMENT_BYTES, basis, product);
      add(at, product, at);
    }
  }
}

/** k = β·a + α·b + k; divided by δ for wires that are not public. */
function combine(curve: Bn254, r1cs: R1cs, toxic: Toxic, { a, b, k }: QapAtTau): void {
  const [mul, add] = [curve.ops.frm_mul!, curve.ops.frm_add!];
  const product = curve.allocate(ELEMENT_BYTES);
  for (let wire = 0; wire < r1cs.nWires; wire += 1) {
    const offset = wire * ELEMENT_BYTES;
    mul(toxic.beta, a + offset, product);
    add(k + offset, product, k + offset);
    mul(toxic.alpha, b + offset, product);
    add(k + offset, product, k + offset);
    if (wire > publicCount(r1cs)) mul(k + offset, toxic.inverseDelta, k + offset);
  }
}
