import { pseudoRandom } from '../data/pseudo-random.ts';
import { ZERO } from '../graph/float-graph.ts';
import type { IntegerBlock, IntegerGraph } from '../integer/integer-graph.ts';
import { besideCut, cutsOfInputs } from './cut-values.ts';

/**
 * Input rows to try a circuit on, the same ones every time: all lows, all highs, then in turn corners of the input box
 * at which sums over the input are extreme (each feature at the end that the sign of its weight selects), random
 * corners, values next to the ends, and random rows. An input that a thermometer reads takes values beside its cuts instead
 * of random ones.
 */
export function sampleRows(graph: IntegerGraph, count: number): Float64Array[] {
  const { max } = graph.input;
  const random = pseudoRandom(count);
  const rows: Float64Array[] = [new Float64Array(max.length), Float64Array.from(max)];
  const extremes = extremeCorners(graph);
  const cuts = cutsOfInputs(graph);
  while (rows.length < count) {
    const turn = rows.length % 4;
    const extreme = turn === 0 || turn === 1 ? extremes.next().value : undefined;
    rows.push(
      extreme ??
        max.map((most, i) => {
          const own = cuts.get(i);
          if (turn === 3 && own !== undefined) return besideCut(own, random);
          if (turn === 2) return random() < 0.5 ? 0 : most;
          const low = Math.floor(random() * Math.min(2, most + 1));
          if (turn === 1) return random() < 0.5 ? low : most - low;
          return Math.floor(random() * (most + 1));
        }),
    );
  }
  return rows.slice(0, count);
}

/** For each sum over inputs: the corner at which it is largest, and the one at which it is smallest. */
function* extremeCorners(graph: IntegerGraph): Generator<Float64Array, undefined> {
  const { max, count } = graph.input;
  for (const node of graph.nodes) {
    if (node.op !== 'linear') continue;
    for (const block of node.blocks) {
      for (let row = 0; row < block.rows; row += 1) {
        const weight = weightsOfInput(block, row, Math.floor(block.positions / 2), count);
        if (weight === undefined) continue;
        yield max.map((most, i) => (weight[i]! > 0 ? most : 0));
        yield max.map((most, i) => (weight[i]! < 0 ? most : 0));
      }
    }
  }
  return undefined;
}

/** By input: its weight in one sum; undefined if the sum reads no input. */
function weightsOfInput(
  { taps, weights, gather }: IntegerBlock,
  row: number,
  position: number,
  inputs: number,
): Float64Array | undefined {
  const found = new Float64Array(inputs);
  let any = false;
  for (let tap = 0; tap < taps; tap += 1) {
    const id = gather[position * taps + tap]!;
    if (id === ZERO || id >= inputs) continue;
    found[id]! += weights[row * taps + tap]!;
    any = true;
  }
  return any ? found : undefined;
}
