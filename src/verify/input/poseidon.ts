import { FpInvertBatch } from '@noble/curves/abstract/modular.js';
import { poseidon as noblePoseidon, type PoseidonFn } from '@noble/curves/abstract/poseidon.js';
import { bn254 } from '@noble/curves/bn254.js';
import { Grain } from './grain.ts';

/** Largest number of inputs of one permutation. */
export const MAX_POSEIDON_INPUTS = 16;

const FULL_ROUNDS = 8;
/**
 * Partial rounds for widths t = 2 to 17, x^5 over the scalar field of BN254 at 128 bits: Poseidon paper
 * (eprint 2019/458), table of the authors' calc_round_numbers.py; the parameters every circom Poseidon uses.
 */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68] as const;

const permutations = new Map<number, PoseidonFn>();

/**
 * Poseidon of 1 to 16 scalars over BN254's scalar field, equal to circom's: the state is [0, inputs…], the result its
 * first element. The first use of a width generates its constants (about 10 ms for the widest).
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  const width = inputs.length + 1;
  return permutation(width)([0n, ...inputs])[0] as bigint;
}

/** Round constants and MDS matrix of width `t`, e.g. for a circuit template. @throws RangeError unless 2 ≤ t ≤ 17 */
export function poseidonConstants(t: number): {
  roundConstants: bigint[][];
  mds: bigint[][];
  partialRounds: number;
} {
  const partialRounds = PARTIAL_ROUNDS[t - 2];
  if (partialRounds === undefined)
    throw new RangeError(`Poseidon is defined here for widths 2 to 17, not ${t}`);
  const { Fr } = bn254.fields;
  const grain = new Grain({ width: t, fullRounds: FULL_ROUNDS, partialRounds });
  const elements = (order?: bigint) => Array.from({ length: t }, () => grain.next(order));
  const roundConstants = Array.from({ length: FULL_ROUNDS + partialRounds }, () => elements(Fr.ORDER));
  const [xs, ys] = [elements(), elements()];
  // A Cauchy matrix: 1 / (x + y). None of the sums is zero for these widths.
  const sums = xs.flatMap((x) => ys.map((y) => Fr.create(x + y)));
  const inverses = FpInvertBatch(Fr, sums, true);
  const mds = xs.map((_, row) => inverses.slice(row * t, (row + 1) * t));
  return { roundConstants, mds, partialRounds };
}

function permutation(t: number): PoseidonFn {
  const known = permutations.get(t);
  if (known !== undefined) return known;
  const { roundConstants, mds, partialRounds } = poseidonConstants(t);
  const options = {
    Fp: bn254.fields.Fr,
    t,
    roundsFull: FULL_ROUNDS,
    roundsPartial: partialRounds,
    sboxPower: 5,
  };
  const made = noblePoseidon({ ...options, roundConstants, mds });
  permutations.set(t, made);
  return made;
}
