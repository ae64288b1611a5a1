import { NARROWEST_BITS } from '../../quantize/bit-widths.ts';
import type { Candidate, Candidates } from './candidates.ts';
import type { Allocation } from './knobs.ts';
import { deviations, noiseOf, type Sample } from './sample.ts';

/** What one knob costs, and what it loses. */
interface KnobFacts {
  /** Constraints that one bit less saves, from so many bits. */
  readonly savedFrom: (bits: number) => number;
  /** Noise that the knob alone adds to the logits, by its width. */
  readonly noiseAt: (bits: number) => number;
}

/** Widths at which the noise of a knob is measured, with all others at the widest. */
const PROBED_BITS = [7, 5, 3] as const;
/** Where the cost of a bit is measured. Costs are sums of widths times values, so it is much the same elsewhere. */
const PRICED_BITS = 8;
/** A table does not cost less with every bit: that of one is measured over so many. */
const PRICED_SPAN = 3;

/** One step of a path, with the noise that the facts predict for it. */
export interface Step {
  readonly allocation: Allocation;
  readonly noise: number;
}

/**
 * A path of allocations from the widest to the narrowest: each step takes one bit from the knob that saves the most
 * constraints for the noise that this adds. The noise of independent rounding errors adds up, so it is measured for each
 * knob alone, and no step of the path has to be run.
 *
 * @throws QuietproofError if the widest bits are refused
 */
export function narrowingPath(candidates: Candidates, sample: Sample, widest: number): Step[] {
  const atWidest = candidates.orRefuse(candidates.uniform(widest));
  // Fewer bits may be refused where the widest are not: the bounds of a clip may be too close together for them.
  const priced = candidates.at(candidates.uniform(Math.min(PRICED_BITS, widest))) ?? atWidest;
  const base = noiseOf(deviations(atWidest.model, sample));
  const given = { widest, priced, base };
  const facts = candidates.knobs.map((_, knob) => factsOf(candidates, sample, knob, given));
  let allocation: Allocation = facts.map(({ noiseAt }) => withoutNoise(noiseAt, widest));
  const noise = (own: Allocation) => own.reduce((sum, bits, knob) => sum + facts[knob]!.noiseAt(bits), 0);
  const path = [{ allocation, noise: noise(allocation) }];
  for (let knob = bestToNarrow(facts, allocation); knob !== undefined; ) {
    allocation = allocation.with(knob, allocation[knob]! - 1);
    path.push({ allocation, noise: noise(allocation) });
    knob = bestToNarrow(facts, allocation);
  }
  return path;
}

/** The fewest bits that lose nothing: a grid of pixels, or weights that are all ±1, need no more. */
function withoutNoise(noiseAt: KnobFacts['noiseAt'], widest: number): number {
  let bits = widest;
  while (bits > NARROWEST_BITS && noiseAt(bits - 1) === 0) bits -= 1;
  return bits;
}

/** Undefined where no knob can lose a bit and save anything. */
function bestToNarrow(facts: readonly KnobFacts[], allocation: Allocation): number | undefined {
  let [best, price] = [undefined as number | undefined, Infinity];
  facts.forEach(({ savedFrom, noiseAt }, knob) => {
    const bits = allocation[knob]!;
    if (bits <= NARROWEST_BITS || savedFrom(bits) <= 0) return;
    const own = (noiseAt(bits - 1) - noiseAt(bits)) / savedFrom(bits);
    if (own < price) [best, price] = [knob, own];
  });
  return best;
}

interface Given {
  readonly widest: number;
  /** The model whose costs a bit less is compared with. */
  readonly priced: Candidate;
  /** The noise with all knobs at the widest. */
  readonly base: number;
}

function factsOf(
  candidates: Candidates,
  sample: Sample,
  knob: number,
  { widest, priced, base }: Given,
): KnobFacts {
  const measured = new Map<number, number>();
  for (const bits of PROBED_BITS.filter((own) => own < widest)) {
    const alone = candidates.at(candidates.uniform(widest).with(knob, bits));
    if (alone !== undefined) measured.set(bits, Math.max(0, noiseOf(deviations(alone.model, sample)) - base));
  }
  const noise = noiseByBits(measured, widest);
  return {
    savedFrom: savings(candidates, knob, { widest, priced }),
    noiseAt: (bits) => noise[bits]!,
  };
}

/** What a bit of one knob saves; one bit of a table saves more where it is wide. */
function savings(
  candidates: Candidates,
  knob: number,
  { widest, priced }: Pick<Given, 'widest' | 'priced'>,
): KnobFacts['savedFrom'] {
  const { allocation, cost } = priced;
  const bits = allocation[knob]!;
  const { isLookedUp } = candidates.knobs[knob]!;
  const costAt = (other: number) => candidates.at(allocation.with(knob, other))?.cost.constraints;
  const perBit = (other: number) => {
    const own = costAt(other);
    return own === undefined ? undefined : (cost.constraints - own) / (bits - other);
  };
  const below = (isLookedUp && perBit(Math.max(NARROWEST_BITS, bits - PRICED_SPAN))) ?? perBit(bits - 1) ?? 0;
  const above = (isLookedUp && widest > bits ? perBit(widest) : undefined) ?? below;
  return (from) => (from > bits ? above : below);
}

/**
 * From measurements at some widths: each further bit divides the noise by 4. Fewer bits may lose less by chance, but the
 * path must not rely on it. Infinite below the narrowest width that was not refused.
 */
function noiseByBits(measured: ReadonlyMap<number, number>, widest: number): number[] {
  const noise = new Array<number>(widest + 1).fill(0);
  for (let bits = widest - 1; bits >= NARROWEST_BITS; bits -= 1) {
    const nearest = Math.max(...Array.from(measured.keys()).filter((own) => own <= bits));
    const own = Number.isFinite(nearest) ? measured.get(nearest)! * 4 ** (nearest - bits) : Infinity;
    noise[bits] = Math.max(own, noise[bits + 1]!);
  }
  return noise;
}
