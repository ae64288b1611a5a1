import { SCALAR_FIELD } from '../../field/bn254.ts';
import { FULL_ROUNDS, type PoseidonForm } from './poseidon-form.ts';

/** The signals of one permutation, under their names in `circuits/poseidon.circom`. */
export interface PoseidonTrace {
  readonly square: readonly bigint[];
  readonly fourth: readonly bigint[];
  readonly fifth: readonly bigint[];
  readonly out: bigint;
}

/** Number of S-boxes that have wires: all but the one on the constant element in the first round. */
export function poseidonPowers(form: Pick<PoseidonForm, 't' | 'partialRounds'>): number {
  return FULL_ROUNDS * form.t + form.partialRounds - 1;
}

/**
 * Computes Poseidon and keeps the powers of every S-box.
 *
 * @param inputs t − 1 canonical field elements
 */
export function poseidonTrace(form: PoseidonForm, inputs: readonly bigint[]): PoseidonTrace {
  if (inputs.length !== form.t - 1) throw new RangeError(`${inputs.length} inputs for width ${form.t}`);
  const powers = new Powers();
  let state: bigint[] = [0n, ...inputs];
  for (let round = 0; round < FULL_ROUNDS; round += 1) {
    if (round === FULL_ROUNDS / 2) state = partialRounds(form, state, powers);
    const constants = form.full[round]!;
    const powered = state.map((value, i) => {
      const x = (value + constants[i]!) % SCALAR_FIELD;
      return round === 0 && i === 0 ? fifthPower(x) : powers.of(x);
    });
    state = form.mds.map((row) => sum(row, powered) % SCALAR_FIELD);
  }
  const { square, fourth, fifth } = powers;
  return { square, fourth, fifth, out: state[0]! };
}

function partialRounds(form: PoseidonForm, entry: readonly bigint[], powers: Powers): bigint[] {
  const { entryPart, kernel, offset, exitEntry, feed } = form;
  const rest = entry.slice(1);
  let first = entry[0]!;
  for (let p = 0; p < form.partialRounds; p += 1) {
    const power = powers.of((first + offset[p]!) % SCALAR_FIELD);
    first = kernel[0]! * power + partOf(entryPart[p + 1] ?? exitEntry[0]!, rest);
    const fed = feed[p]!;
    // Not reduced: 68 products more make a number 7 bits longer.
    for (let i = 0; i < rest.length; i += 1) rest[i]! += fed[i]! * power;
  }
  const reduced = rest.map((value) => value % SCALAR_FIELD);
  return [first % SCALAR_FIELD, ...exitEntry.slice(1).map((row) => partOf(row, reduced) % SCALAR_FIELD)];
}

/** A row times the state without its first element, which these rows do not read. */
function partOf(row: readonly bigint[], rest: readonly bigint[]): bigint {
  let total = 0n;
  for (let i = 0; i < rest.length; i += 1) total += row[i + 1]! * rest[i]!;
  return total;
}

class Powers {
  readonly square: bigint[] = [];
  readonly fourth: bigint[] = [];
  readonly fifth: bigint[] = [];

  of(x: bigint): bigint {
    const square = (x * x) % SCALAR_FIELD;
    const fourth = (square * square) % SCALAR_FIELD;
    const fifth = (fourth * x) % SCALAR_FIELD;
    this.square.push(square);
    this.fourth.push(fourth);
    this.fifth.push(fifth);
    return fifth;
  }
}

function fifthPower(x: bigint): bigint {
  const square = (x * x) % SCALAR_FIELD;
  return (((square * square) % SCALAR_FIELD) * x) % SCALAR_FIELD;
}

/** Σ a·b, not reduced: one reduction of the sum is cheaper than one per product. */
function sum(a: readonly bigint[], b: readonly bigint[]): bigint {
  let total = 0n;
  for (let i = 0; i < a.length; i += 1) total += a[i]! * b[i]!;
  return total;
}
