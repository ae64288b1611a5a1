import { bn254 } from '@noble/curves/bn254.js';
import { type ProofJson, R, type VerificationKeyJson } from '@quietproof/verify';
import { g1Json, g2Json } from '../../../verify/support/points.ts';

const G1 = bn254.G1.Point.BASE;
const G2 = bn254.G2.Point.BASE;
const { Fr } = bn254.fields;

/**
 * A key of any size whose secrets are known, with which it makes proofs for any signals, as the maker of a key can. The
 * secrets follow from a seed, so that measurements are reproducible.
 */
export class SyntheticKey {
  readonly verificationKey: VerificationKeyJson;
  readonly #alpha: bigint;
  readonly #beta: bigint;
  readonly #delta: bigint;
  readonly #ic: readonly bigint[];
  #state: bigint;

  constructor(signals: number, seed = 1n) {
    this.#state = seed;
    [this.#alpha, this.#beta, this.#delta] = [this.#draw(), this.#draw(), this.#draw()];
    this.#ic = Array.from({ length: signals + 1 }, () => this.#draw());
    this.verificationKey = {
      protocol: 'groth16',
      curve: 'bn128',
      nPublic: signals,
      vk_alpha_1: g1Json(G1.multiply(this.#alpha)),
      vk_beta_2: g2Json(G2.multiply(this.#beta)),
      vk_gamma_2: g2Json(G2),
      vk_delta_2: g2Json(G2.multiply(this.#delta)),
      IC: this.#ic.map((scalar) => g1Json(G1.multiply(scalar))),
    };
  }

  /** A proof that is valid for these signals, found by solving the equation for C. */
  prove(signals: readonly bigint[]): ProofJson {
    const [a, b] = [this.#draw(), this.#draw()];
    const c = this.#c(a * b, signals);
    return {
      protocol: 'groth16',
      curve: 'bn128',
      pi_a: g1Json(G1.multiply(a)),
      pi_b: g2Json(G2.multiply(b)),
      pi_c: g1Json(G1.multiply(c)),
    };
  }

  /**
   * For proofs in a row: the factor of C for A = a·G1 and B = b·G2, and what is added to it when a grows by 1 and the
   * signal `index` by `by`.
   */
  chain(
    signals: readonly bigint[],
    {
      a,
      b,
      index,
      by,
    }: { readonly a: bigint; readonly b: bigint; readonly index: number; readonly by: bigint },
  ): { readonly c: bigint; readonly step: bigint } {
    const step = Fr.div(Fr.create(b - this.#ic[index + 1]! * by), this.#delta);
    return { c: this.#c(a * b, signals), step };
  }

  #c(product: bigint, signals: readonly bigint[]): bigint {
    const sum = this.#ic.slice(1).reduce((acc, ic, i) => acc + ic * signals[i]!, this.#ic[0]!);
    return Fr.div(Fr.create(product - this.#alpha * this.#beta - sum), this.#delta);
  }

  /** The value of signal `index` for which the sum over all signals is the point at infinity. */
  cancel(signals: readonly bigint[], index: number): bigint {
    const others = this.#ic.slice(1).reduce((acc, ic, i) => (i === index ? acc : acc + ic * signals[i]!), 0n);
    return Fr.div(Fr.create(-(this.#ic[0]! + others)), this.#ic[index + 1]!);
  }

  /** A deterministic number below r. Not random. */
  #draw(): bigint {
    this.#state = Fr.create(this.#state * this.#state * this.#state * 7n + 0x9e3779b97f4a7c15n);
    return this.#state % R;
  }
}
