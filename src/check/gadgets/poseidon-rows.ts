import { poseidonConstants } from '@quietproof/verify';
import { BigForm } from '../linear-form.ts';

/** Inputs of a permutation's S-boxes, and its output, as linear expressions over symbols. */
export interface PoseidonRows {
  /** Input of each S-box, in order, without the first round's S-box on the constant element. */
  readonly reads: readonly BigForm[];
  /** The first element of the final state. */
  readonly out: BigForm;
}

const FULL_ROUNDS = 8;
const known = new Map<number, PoseidonRows>();

/**
 * The standard Poseidon permutation of width t (eprint 2019/458), run over expressions: S-box x^5; 4 full rounds, the
 * partial rounds, 4 full rounds; each round adds its constants, then applies the S-boxes, then the MDS matrix. Symbol 0
 * is 1, symbols 1 … t − 1 are the inputs, symbol t + k is the output of S-box k. The rounds are not rewritten:
 * rewritten circuits are compared with this.
 */
export function poseidonRows(t: number): PoseidonRows {
  const made = known.get(t) ?? derive(t);
  known.set(t, made);
  return made;
}

export function poseidonSBoxes(t: number): number {
  return poseidonRows(t).reads.length;
}

function derive(t: number): PoseidonRows {
  const { roundConstants, mds, partialRounds } = poseidonConstants(t);
  const reads: BigForm[] = [];
  let state = Array.from({ length: t }, (_, i) => (i === 0 ? new BigForm() : BigForm.wire(i)));
  for (let round = 0; round < FULL_ROUNDS + partialRounds; round += 1) {
    const isFull = round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + partialRounds;
    const powered = state.map((value, i) => {
      const x = new BigForm().addForm(value, 1n).add(0, roundConstants[round]![i]!);
      if (!isFull && i > 0) return x;
      const { constant } = x;
      if (constant !== undefined) return BigForm.constant(constant ** 5n);
      reads.push(x);
      return BigForm.wire(t - 1 + reads.length);
    });
    state = mds.map((row) => {
      const mixed = new BigForm();
      powered.forEach((value, i) => {
        mixed.addForm(value, row[i]!);
      });
      return mixed;
    });
  }
  return { reads, out: state[0]! };
}
