import { NARROWEST_BITS, WIDEST_BITS } from '../../quantize/bit-widths.ts';
import { compareRows, type ReferenceRows } from '../quality/compare.ts';
import type { Contract, Judge } from '../quality/contract.ts';
import { type Judgement, judge } from '../quality/judge.ts';
import type { OutputRule } from '../reference/output-rule.ts';
import type { Candidate, Candidates } from './candidates.ts';
import { narrowingPath, type Step } from './path.ts';
import { deviations, isEstimatedWithin, type Sample } from './sample.ts';

export interface SearchTask {
  readonly candidates: Candidates;
  /** Calibration rows, which choose the path. */
  readonly sample: Sample;
  /** Held-out rows, which decide where on the path to stop; enough to judge the contract. */
  readonly heldOut: ReferenceRows;
  /** One per output. */
  readonly rules: readonly OutputRule[];
  readonly by: Judge;
  readonly contract: Contract;
}

export interface SearchResult extends Candidate {
  /** Kept, or broken at the widest bits. */
  readonly judgement: Judgement;
  /** Candidates that were judged on the held-out rows. */
  readonly judged: number;
}

/**
 * Where the held-out rows are tried, in powers of two of the noise's standard deviation below the last step that the
 * sample allows. Few, because each is a chance for a row that lies on the boundary between two labels to flip and end
 * the search.
 */
const HALVINGS = [7, 4, 2, 1, 0.5, 0.25, 0] as const;

/**
 * Implements `--bits auto`: the cheapest integer model that keeps the contract on the held-out rows.
 *
 * Calibration rows alone choose a path from the widest widths to the narrowest. The held-out rows follow it until a model
 * breaks the contract, and the last one that kept it is chosen. So the confidence of the flips' bound holds for the
 * chosen model, although several were tried: an order that is fixed beforehand, followed until the first failure, calls
 * a model good that is not in at most one case of 20 (a fixed sequence of tests). Picking the best of many would not.
 */
export function chooseWidths(task: SearchTask): SearchResult {
  const { candidates, sample } = task;
  const widest = widestBits(candidates);
  const path = narrowingPath(candidates, sample, widest);
  const steps = stepsToJudge(path, lastAllowed(task, path));
  let chosen: SearchResult | undefined;
  let judged = 0;
  for (const { allocation } of steps) {
    const candidate = candidates.at(allocation);
    if (candidate === undefined || isNoCheaper(candidate, chosen)) continue;
    const judgement = judgeCandidate(task, candidate);
    judged += 1;
    if (judgement.result !== 'kept') return { ...(chosen ?? { ...candidate, judgement }), judged };
    chosen = { ...candidate, judgement, judged };
  }
  return { ...chosen!, judged };
}

/** The widest bits at which no layer's numbers are too large. */
export function widestBits(candidates: Candidates): number {
  let bits = WIDEST_BITS;
  while (bits > NARROWEST_BITS && candidates.at(candidates.uniform(bits)) === undefined) bits -= 1;
  return bits;
}

function judgeCandidate({ heldOut, rules, by, contract }: SearchTask, { model }: Candidate): Judgement {
  return judge(by, contract, compareRows(model, heldOut, rules));
}

function isNoCheaper({ cost }: Candidate, chosen: Candidate | undefined): boolean {
  return chosen !== undefined && cost.constraints >= chosen.cost.constraints;
}

/** The last step of the path at which the sample's estimate is within the contract: by halving, 0 if there is none. */
function lastAllowed({ candidates, sample, by, rules, contract, heldOut }: SearchTask, path: Step[]): number {
  const isAllowed = ({ allocation }: Step) => {
    const candidate = candidates.at(allocation);
    if (candidate === undefined) return false;
    const found = deviations(candidate.model, sample);
    return isEstimatedWithin(contract, by, found, sample, rules, heldOut.outputs[0]!);
  };
  let [low, high] = [0, path.length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isAllowed(path[middle]!)) low = middle;
    else high = middle;
  }
  return low;
}

/** From the widest on, closer together towards the last allowed step. Depends on the sample alone. */
function stepsToJudge(path: readonly Step[], last: number): Step[] {
  const limit = path[last]!.noise;
  const places = HALVINGS.map((halvings) => {
    const beyond = path.findIndex(({ noise }) => noise > limit / 4 ** halvings);
    return Math.min(last, beyond === -1 ? last : Math.max(0, beyond - 1));
  });
  return Array.from(new Set([0, ...places])).map((place) => path[place]!);
}
