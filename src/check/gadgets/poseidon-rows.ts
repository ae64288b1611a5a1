import { poseidonConstants } from '@quietproof/verify';
import { SCALAR_FIELD } from '../../field/bn254.ts';
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
 * is 1, symbols 1 … t − 1 are the inputs, symbol t + k is the output of S-box k. Rewritten circuits are compared with
 * this; a test compares it with the rounds themselves, at random values of all symbols.
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
  /** @returns the S-box's output: its own symbol, or what a constant becomes */
  const box = (x: BigForm): BigForm => {
    const { constant } = x;
    if (constant !== undefined) return BigForm.constant(constant ** 5n);
    reads.push(x);
    return BigForm.wire(t - 1 + reads.length);
  };
  const fullRounds = (from: readonly BigForm[], first: number): BigForm[] => {
    let state = [...from];
    for (let round = first; round < first + FULL_ROUNDS / 2; round += 1) {
      const added = state.map((value, i) => sumOf([value, 1n]).add(0, roundConstants[round]![i]!));
      const powered = added.map(box);
      state = mds.map((row) => sumOf(...powered.map((value, i) => [value, row[i]!] as const)));
    }
    return state;
  };
  const lastFull = FULL_ROUNDS / 2 + partialRounds;
  const inputs = Array.from({ length: t }, (_, i) => (i === 0 ? new BigForm() : BigForm.wire(i)));
  const before = fullRounds(inputs, 0);
  const after = runPartialRounds(
    { mds, constants: roundConstants.slice(FULL_ROUNDS / 2, lastFull) },
    before,
    box,
  );
  return { reads, out: fullRounds(after, lastFull)[0]! };
}

interface PartialRounds {
  readonly mds: readonly (readonly bigint[])[];
  /** One list per round. */
  readonly constants: readonly (readonly bigint[])[];
}

/**
 * The partial rounds apply one S-box each, to element 0. Everything else in them is linear, and the same in each round
 * but for the constants: a round takes a state v to M·(v + c), with the S-box's output in place of element 0. So what an
 * element of the first state, or an S-box's output, adds to later states depends only on how many rounds ago it was,
 * and is computed once for all of them.
 */
function runPartialRounds(
  { mds, constants }: PartialRounds,
  before: readonly BigForm[],
  box: (x: BigForm) => BigForm,
): BigForm[] {
  const count = constants.length;
  const unit = (place: number): bigint[] => mds.map((_, i) => (i === place ? 1n : 0n));
  const step = (v: readonly bigint[]) => mix(mds, [0n, ...v.slice(1)]);
  /** By rounds since: what a state grew to. */
  const later = (v: readonly bigint[]) => {
    const states = [v];
    for (let round = 0; round < count; round += 1) states.push(step(states.at(-1)!));
    return states;
  };
  const ofElement = before.map((_, i) => later(unit(i)));
  const ofBox = later(mix(mds, unit(0)));
  const outputs: BigForm[] = [];
  let constant = unit(-1);
  /** Element i of the state before a round. */
  const element = (i: number, round: number) =>
    sumOf(
      ...before.map((form, k) => [form, ofElement[k]![round]![i]!] as const),
      ...outputs.map((form, k) => [form, ofBox[round - 1 - k]![i]!] as const),
    ).add(0, constant[i]!);
  constants.forEach((own, round) => {
    outputs.push(box(element(0, round).add(0, own[0]!)));
    constant = step(constant.map((value, i) => value + own[i]!));
  });
  return before.map((_, i) => element(i, count));
}

function mix(mds: PartialRounds['mds'], v: readonly bigint[]): bigint[] {
  return mds.map((row) => row.reduce((sum, own, i) => sum + own * v[i]!, 0n) % SCALAR_FIELD);
}

function sumOf(...terms: (readonly [form: BigForm, scale: bigint])[]): BigForm {
  const sum = new BigForm();
  for (const [form, scale] of terms) sum.addForm(form, scale);
  return sum;
}
