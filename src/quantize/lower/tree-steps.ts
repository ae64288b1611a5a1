import { roundV2 as nearest } from '@quietproof/verify';
import type { TreesNode } from '../../graph/float-graph.ts';

/** How the numbers of an ensemble become integers. */
export interface TreeSteps {
  /** A power of two. Before the division of an average. */
  readonly step: number;
  readonly toInteger: (weight: number) => number;
  /** Whether some number is rounded. */
  readonly isRounded: boolean;
}

/** Rounding all leaves of a sum changes it by less than this share of the largest sum: a quarter of a float32 step. */
const ROUNDED_SHARE = 2 ** -26;

/**
 * The step of the leaves: fine enough that rounding all of them changes no sum by more than the runtime's own float32
 * arithmetic does, and no finer than the numbers themselves need. More bits cost only where a sum is compared.
 */
export function treeSteps(node: TreesNode): TreeSteps {
  const { trees, base, aggregate } = node;
  const sum = largestSum(node);
  const weights = trees.flatMap(({ leaves }) => leaves.flatMap((leaf) => leaf.map(({ weight }) => weight)));
  const numbers = [...weights, ...base.map((own) => own * divisorOf(aggregate, trees.length))];
  const finest = powerBelow((2 * ROUNDED_SHARE * sum) / (trees.length + 1));
  const exact = numbers.reduce((step, number) => Math.min(step, lowestBit(number, step, finest)), sum || 1);
  const step = Math.max(powerBelow(exact), finest);
  const toInteger = (weight: number) => nearest(weight / step) + 0;
  return { step, toInteger, isRounded: numbers.some((number) => toInteger(number) * step !== number) };
}

/** At least the magnitude of every sum that occurs when the trees are added up, before the division of an average. */
export function largestSum({ trees, base, count, aggregate }: TreesNode): number {
  const sums = Float64Array.from(base, (own) => Math.abs(own) * divisorOf(aggregate, trees.length));
  for (const { leaves } of trees) {
    const largest = new Float64Array(count);
    for (const { target, weight } of leaves.flat()) {
      largest[target] = Math.max(largest[target]!, Math.abs(weight));
    }
    largest.forEach((weight, target) => {
      sums[target]! += weight;
    });
  }
  return sums.reduce((a, b) => Math.max(a, b));
}

/** What a sum is divided by. */
export function divisorOf(aggregate: TreesNode['aggregate'], trees: number): number {
  return aggregate === 'average' ? trees : 1;
}

/** The largest power of two that is not above a positive number; 1 for 0. */
function powerBelow(number: number): number {
  if (number === 0) return 1;
  let power = 1;
  while (power > number) power /= 2;
  while (power * 2 <= number) power *= 2;
  return power;
}

/** The largest power of two not above `step` of which the number is a multiple, as far as it is not below `finest`. */
function lowestBit(number: number, step: number, finest: number): number {
  let power = powerBelow(step);
  while (power > finest && !Number.isInteger(number / power)) power /= 2;
  return power;
}
