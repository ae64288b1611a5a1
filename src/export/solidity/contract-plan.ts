import { Q, R, type SignalPlan } from '@quietproof/verify';

/** Measured gas, calls included: an ecMul with its ecAdd, one ecAdd, and testing one bit of one signal. */
const GAS = { multiply: 5_900, add: 370, testBit: 105 };

/**
 * Whether to sum a group of signals bit by bit: only if that is cheaper even when all bits are set. Each bit costs one
 * doubling for the whole group, and up to one addition per signal.
 */
function isSmall(max: readonly bigint[]): boolean {
  const perBit = GAS.add + max.length * (GAS.testBit + GAS.add);
  return bitsOf(max) * perBit < max.length * GAS.multiply;
}

/** From this many equal bounds on, a loop takes less code than separate range checks. */
export const LOOP_FROM = 3;

/** How the contract treats the public signals: which are summed bit by bit, which are multiplied, and their bounds. */
export interface ContractPlan {
  readonly max: readonly bigint[];
  /** The small signals: one contiguous range, since outputs and inputs are each small or large as a whole. */
  readonly small: { readonly first: number; readonly count: number; readonly bits: number };
  /** Indices of all other signals. */
  readonly large: readonly number[];
  /** Runs of adjacent signals with the same bound. */
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
    // The contract relies on its range checks alone, so each must also imply that the signal is below the group order.
    if (bound >= R) throw new RangeError(`bound of signal ${index} is not below the group order`);
    const last = runs.at(-1);
    if (last?.max === bound) last.count += 1;
    else runs.push({ first: index, count: 1, max: bound });
  }
  return runs;
}

/** Bits of the largest value. */
function bitsOf(values: readonly bigint[]): number {
  return values.reduce((bits, value) => Math.max(bits, value.toString(2).length), 0);
}

/** −y in the base field, the second coordinate of −P. */
export function negated(y: string | bigint): bigint {
  const value = BigInt(y);
  return value === 0n ? 0n : Q - value;
}

/** Bytes of code, measured with `SOLC_SETTINGS`. A test compares the estimates with compiled contracts. */
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
