import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import type { FloatGraph } from '../../src/graph/float-graph.ts';
import { Dice } from './random-graph.ts';

/**
 * The largest difference between two graphs' outputs on random rows, relative to the second one's largest output in
 * the row (or to 1).
 */
export function relativeDifference(a: FloatGraph, b: FloatGraph, seed: number, rows = 2): number {
  const dice = new Dice(seed);
  let worst = 0;
  for (let row = 0; row < rows; row += 1) {
    const input = dice.tensor(b.input.count).data;
    const [left, right] = [a, b].map((graph) => outputsOf(graph, executeFloat(graph, input)));
    if (left!.length !== right!.length) return Infinity;
    const scale = Math.max(1, ...right!.map(Math.abs));
    // NaN counts as different.
    for (let i = 0; i < left!.length; i += 1) {
      const difference = Math.abs(left![i]! - right![i]!) / scale;
      if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
    }
  }
  return worst;
}
