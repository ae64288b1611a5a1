import { Q, R, type SignalPlan } from '@quietproof/verify';

/** Gas with the call around it: an ecMul and an ecAdd; an ecAdd; looking at one bit of one signal. Measured. */
const GAS = { multiply: 5_900, add: 370, look: 105 };

/**
 * Whether a group of signals is summed bit by bit: where that is cheaper even when all bits are set. A bit costs one
 * doubling for all of them, and an addition for each.
 */
function isSmall(max: readonly bigint[]): boolean {
  const perBit = GAS.add + max.length * (GAS.look + GAS.add);
  return bitsOf(max) * perBit < max.length * GAS.multiply;
}

/** A loop is smaller than this many range checks written out. */
export const LOOP_FROM = 3;

/** How the contract treats the public signals: which are summed bit by bit, which are multiplied, and their bounds. */
export interface ContractPlan {
  readonly max: readonly bigint[];
  /** The small signals: one range, since groups are small or large as a whole. */
  readonly small: { readonly first: number; readonly count: number; readonly bits: number };
  /** Indices of the others. */
  readonly large: readonly number[];
  /** Runs of neighbours with the same bound. */
  readonly bounds: readonly BoundRun[];
}

export interface BoundRun {
  readonly first: number;
  readonly count: number;
  readonly max: bigint;
}

export function planContract(signals: SignalPlan): ContractPlan {
  const { output, input, max } = signals;
  const [smallOutput, smallInput] = [isSmall(output), isSmall(input)];
  const first = smallOutput ? 0 : output.length;
  const count = (smallOutput ? output.length : 0) + (smallInput ? input.length : 0);
  const bits = count === 0 ? 0 : bitsOf(max.slice(first, first + count));
  const large = max.flatMap((_, index) => (index >= first && index < first + count ? [] : [index]));
  return { max, small: { first, count, bits }, large, bounds: boundRuns(max) };
}

function boundRuns(max: readonly bigint[]): BoundRun[] {
  const runs: { first: number; count: number; max: bigint }[] = [];
  for (const [index, bound] of max.entries()) {
    // The checks in the contract stand for the check against the order of the groups, too.
    if (bound >= R) throw new RangeError(`bound of signal ${index} is not below the group order`);
    const last = runs.at(-1);
    if (last?.max === bound) last.count++;
    else runs.push({ first: index, count: 1, max: bound });
  }
  return runs;
}

/** Bits of the largest. */
function bitsOf(values: readonly bigint[]): number {
  return values.reduce((bits, value) => Math.max(bits, value.toString(2).length), 0);
}

/** −y in the base field: the second coordinate of −P. */
export function negated(y: string | bigint): bigint {
  const value = BigInt(y);
  return value === 0n ? 0n : Q - value;
}

/** Bytes of code, measured with the compiler's settings of this folder, and held to its own figures by a test. */
const BYTES = { base: 1900, sumSmall: 240, small: 80, large: 100, bound: 25, loop: 55 };

/** Upper estimate of the deployed code in bytes; EIP-170 allows 24,576. */
export function estimateCodeSize({ small, large, bounds }: ContractPlan): number {
  const checks = bounds.map(({ count, max }) => {
    const perCheck = BYTES.bound + Math.ceil(max.toString(16).length / 2);
    return count < LOOP_FROM ? count * perCheck : BYTES.loop + perCheck;
  });
  const sums = (small.count === 0 ? 0 : BYTES.sumSmall) + BYTES.small * small.count;
  return BYTES.base + sums + BYTES.large * large.length + checks.reduce((sum, bytes) => sum + bytes, 0);
}

export const MAX_CODE_SIZE = 24_576;
