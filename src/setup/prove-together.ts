import { randomBytes } from 'node:crypto';
import { ELEMENT_BYTES, readElement, rootOfUnity } from '../field/bn254.ts';
import { Bn254 } from '../field/bn254-wasm.ts';
import type { Zkey } from '../formats/zkey.ts';
import { COEFFICIENT_BYTES } from '../formats/zkey-layout.ts';
import type { FfCurve } from '../key/snarkjs-session.ts';

/** Witnesses whose points are still being summed while the next one is added. */
const IN_FLIGHT = 2;

/**
 * Proves many witnesses under one key and verifies the proofs together, at a fraction of the cost of single proofs. The
 * equations e(Aₖ, Bₖ) = e(α, β) · e(Σᵢ sₖᵢ·ICᵢ, γ) · e(Cₖ, δ) are combined with a random factor ρₖ each. C is linear in
 * the witness and in the quotient, so the key's points are multiplied only once, by the combined values.
 */
export class ProveTogether {
  readonly #zkey: Zkey;
  readonly #curve: Bn254;
  readonly #ff: FfCurve;
  /** Address of a copy of section 4. */
  readonly #coefficients: number;
  /** Address of one witness. */
  readonly #wires: number;
  /** Addresses of columns over the domain. */
  readonly #a: number;
  readonly #b: number;
  /**
   * Addresses of Σ ρₖ · wire (not in Montgomery form), of Σ ρₖ · A·B on the odd coset and of Σ ρₖ · A∘B on the domain
   * (both in Montgomery form).
   */
  readonly #sums: { readonly wires: number; readonly coset: number; readonly c: number };
  readonly #scratch: number;
  /** Pairs (ρₖ·Aₖ, Bₖ). Worker threads compute the latest while this thread computes the next quotient. */
  readonly #pairs: Promise<readonly [Uint8Array, Uint8Array]>[] = [];

  private constructor(zkey: Zkey, curve: Bn254, ff: FfCurve) {
    const column = () => curve.allocate(zkey.domainSize * ELEMENT_BYTES);
    this.#zkey = zkey;
    this.#curve = curve;
    this.#ff = ff;
    this.#coefficients = curve.allocate(zkey.coefficients.length);
    curve.bytes(this.#coefficients, zkey.coefficients.length).set(zkey.coefficients);
    this.#wires = curve.allocate(zkey.nWires * ELEMENT_BYTES);
    [this.#a, this.#b] = [column(), column()];
    this.#sums = { wires: curve.allocate(zkey.nWires * ELEMENT_BYTES), coset: column(), c: column() };
    this.#scratch = curve.allocate(3 * ELEMENT_BYTES);
  }

  static async create(zkey: Zkey, ff: FfCurve): Promise<ProveTogether> {
    return new ProveTogether(zkey, await Bn254.create(), ff);
  }

  /** Adds the proof of a witness: 32 little-endian bytes per wire, starting with the constant 1. */
  async add(witness: Uint8Array): Promise<void> {
    const rho = readElement(new Uint8Array([...randomBytes(16), ...new Uint8Array(16)]));
    const pair = this.#provePair(witness, rho);
    pair.catch(() => {}); // reported by hold()
    this.#pairs.push(pair);
    this.#addQuotient(witness, rho);
    await this.#pairs.at(-IN_FLIGHT);
  }

  async #provePair(witness: Uint8Array, rho: bigint): Promise<readonly [Uint8Array, Uint8Array]> {
    const [zkey, ff] = [this.#zkey, this.#ff];
    const [a, b] = await Promise.all([
      ff.G1.multiExpAffine(zkey.a, witness),
      ff.G2.multiExpAffine(zkey.b2, witness),
    ]);
    return [ff.G1.timesScalar(ff.G1.add(zkey.alpha1, a), rho), ff.G2.add(zkey.beta2, b)];
  }

  #addQuotient(witness: Uint8Array, rho: bigint): void {
    const [zkey, curve, sums] = [this.#zkey, this.#curve, this.#sums];
    curve.setScalar(this.#scratch, rho);
    curve.bytes(this.#wires, zkey.nWires * ELEMENT_BYTES).set(witness);
    this.#addScaled(sums.wires, this.#wires, zkey.nWires);
    this.#evaluateRows();
    // On the domain, C = A∘B for a witness that satisfies the circuit.
    const product = curve.allocate(zkey.domainSize * ELEMENT_BYTES);
    this.#multiply(this.#a, this.#b, product);
    this.#addScaled(sums.c, product, zkey.domainSize);
    this.#toOddCoset(this.#a);
    this.#toOddCoset(this.#b);
    this.#multiply(this.#a, this.#b, product);
    this.#addScaled(sums.coset, product, zkey.domainSize);
    curve.release(product);
  }

  /** Whether the combined equation holds. With an invalid proof among them it does with probability 2^-128. */
  async hold(): Promise<boolean> {
    const [zkey, curve, ff, sums] = [this.#zkey, this.#curve, this.#ff, this.#sums];
    const { G1 } = ff;
    const [sub, size] = [curve.ops.frm_sub!, zkey.domainSize * ELEMENT_BYTES];
    this.#toOddCoset(sums.c);
    for (let at = 0; at < size; at += ELEMENT_BYTES) sub(sums.coset + at, sums.c + at, sums.coset + at);
    curve.ops.frm_batchFromMontgomery!(sums.coset, zkey.domainSize, sums.coset);
    const quotient = curve.bytes(sums.coset, size).slice();
    const wires = curve.bytes(sums.wires, zkey.nWires * ELEMENT_BYTES).slice();
    const publicBytes = (zkey.nPublic + 1) * ELEMENT_BYTES;
    const inputs = await G1.multiExpAffine(zkey.ic, wires.subarray(0, publicBytes));
    const h = await G1.multiExpAffine(zkey.h, quotient);
    const c = G1.add(h, await G1.multiExpAffine(zkey.c, wires.subarray(publicBytes)));
    const constant = G1.timesScalar(zkey.alpha1, readElement(wires)); // wire 0 is constant 1: its sum is Σ ρₖ
    const right = [G1.neg(constant), zkey.beta2, G1.neg(inputs), zkey.gamma2, G1.neg(c), zkey.delta2];
    const left = (await Promise.all(this.#pairs)).flat();
    return ff.pairingEq(...left, ...right);
  }

  /** A·w and B·w. Section 4 stores values times 2^512, so the product with a plain wire is in Montgomery form. */
  #evaluateRows(): void {
    const [curve, zkey, coefficients] = [this.#curve, this.#zkey, this.#coefficients];
    const [a, b] = [this.#a, this.#b];
    const [mul, add] = [curve.ops.frm_mul!, curve.ops.frm_add!];
    const words = curve.words();
    const product = this.#scratch + ELEMENT_BYTES;
    for (const column of [a, b]) curve.bytes(column, zkey.domainSize * ELEMENT_BYTES).fill(0);
    const end = coefficients + zkey.coefficients.length;
    for (let record = coefficients; record < end; record += COEFFICIENT_BYTES) {
      const at = (words[record / 4] === 0 ? a : b) + words[record / 4 + 1]! * ELEMENT_BYTES;
      mul(record + 12, this.#wires + words[record / 4 + 2]! * ELEMENT_BYTES, product);
      add(at, product, at);
    }
  }

  /** Replaces values on the domain by those on the odd points of the doubled domain, in place. */
  #toOddCoset(column: number): void {
    const curve = this.#curve;
    const n = this.#zkey.domainSize;
    const [one, step] = [this.#scratch + ELEMENT_BYTES, this.#scratch + 2 * ELEMENT_BYTES];
    curve.setScalar(one, 1n);
    curve.setScalar(step, rootOfUnity(Math.log2(n) + 1));
    curve.ops.frm_ifft!(column, n);
    curve.ops.frm_batchApplyKey!(column, n, one, step, column);
    curve.ops.frm_fft!(column, n);
  }

  #multiply(a: number, b: number, out: number): void {
    const mul = this.#curve.ops.frm_mul!;
    const end = this.#zkey.domainSize * ELEMENT_BYTES;
    for (let at = 0; at < end; at += ELEMENT_BYTES) mul(a + at, b + at, out + at);
  }

  /** sum += ρ · values */
  #addScaled(sum: number, values: number, count: number): void {
    const [mul, add] = [this.#curve.ops.frm_mul!, this.#curve.ops.frm_add!];
    const product = this.#scratch + ELEMENT_BYTES;
    for (let at = 0; at < count * ELEMENT_BYTES; at += ELEMENT_BYTES) {
      mul(values + at, this.#scratch, product);
      add(sum + at, product, sum + at);
    }
  }
}
