import { type Block, type Diagonal, type LinearNode, ZERO } from '../graph/float-graph.ts';
import type { ValueMap } from './value-map.ts';

/**
 * A linear node on its integer sources: each weight times the scale of its source, and in the bias the offsets of the
 * sources. Ids are those of the float graph; a constant source is ZERO.
 */
export interface EffectiveLinear {
  readonly blocks: readonly EffectiveBlock[];
  readonly diagonals: readonly EffectiveDiagonal[];
  readonly bias: Float64Array;
}

/** What is known of the sources of a block's taps, or of a diagonal's outputs (see ValueMap). */
interface Sources {
  readonly reach: Float64Array;
  readonly largest: Float64Array;
}

export interface EffectiveBlock extends Block, Sources {}

export interface EffectiveDiagonal extends Diagonal, Sources {}

/**
 * Expresses a float linear node in terms of its integer sources: each coefficient is multiplied by the scale of its
 * source, and the offsets of the sources move into the bias (per output, so zero padding stays exact).
 */
export function effectiveLinear(node: LinearNode, values: ValueMap): EffectiveLinear {
  const bias = Float64Array.from(node.bias);
  const blocks = node.blocks.map((block) => scaleBlock(block, values));
  let start = 0;
  for (const block of node.blocks) {
    addBlockOffsets(block, values, bias, start);
    start += block.rows * block.positions;
  }
  const diagonals = node.diagonals.map((diagonal) => scaleDiagonal(diagonal, values, bias));
  return { blocks, diagonals, bias };
}

/** By output: whether it is its bias, whatever the sources are. */
export function constantOutputs({ blocks, diagonals, bias }: EffectiveLinear): boolean[] {
  const isConstant = Array.from(bias, () => true);
  let start = 0;
  for (const { rows, positions, taps, weights } of blocks) {
    for (let row = 0; row < rows; row += 1) {
      const isZero = weights.subarray(row * taps, (row + 1) * taps).every((weight) => weight === 0);
      if (!isZero) isConstant.fill(false, start, start + positions);
      start += positions;
    }
  }
  for (const { weights } of diagonals) {
    weights.forEach((weight, i) => {
      if (weight !== 0) isConstant[i] = false;
    });
  }
  return isConstant;
}

function scaleDiagonal(diagonal: Diagonal, values: ValueMap, bias: Float64Array): EffectiveDiagonal {
  const weights = diagonal.weights.map((weight, i) => weight * values.scale(diagonal.source[i]!));
  diagonal.weights.forEach((weight, i) => {
    bias[i]! += weight * values.offset(diagonal.source[i]!);
  });
  const source = diagonal.source.map((id) => (values.isConstant(id) ? ZERO : id));
  const reach = Float64Array.from(source, (id) => values.reach(id));
  return { weights, source, reach, largest: Float64Array.from(source, (id) => values.largest(id)) };
}

function addBlockOffsets(block: Block, values: ValueMap, bias: Float64Array, start: number): void {
  const { rows, positions, taps, weights, gather } = block;
  if (!gather.some((id) => values.offset(id) !== 0)) return;
  for (let row = 0; row < rows; row += 1) {
    for (let position = 0; position < positions; position += 1) {
      for (let tap = 0; tap < taps; tap += 1) {
        const offset = values.offset(gather[position * taps + tap]!);
        bias[start + row * positions + position]! += weights[row * taps + tap]! * offset;
      }
    }
  }
}

/**
 * Positions share weights, so a tap needs the same scale at all of them. If the scales differ (layers concatenated along
 * a spatial axis), the tap is split into one tap per scale, which reads ZERO at the positions with another scale.
 */
function scaleBlock(block: Block, values: ValueMap): EffectiveBlock {
  const { rows, positions, taps, weights } = block;
  const gather = block.gather.map((id) => (values.isConstant(id) ? ZERO : id));
  const columns: { tap: number; scale: number }[] = [];
  for (let tap = 0; tap < taps; tap += 1) {
    const scales = new Set<number>();
    for (let position = 0; position < positions; position += 1) {
      const id = gather[position * taps + tap]!;
      if (id !== ZERO) scales.add(values.scale(id));
    }
    for (const scale of scales.size === 0 ? [0] : scales) columns.push({ tap, scale });
  }
  const wide = new Float64Array(rows * columns.length);
  const places = new Int32Array(positions * columns.length);
  const reach = new Float64Array(columns.length);
  const largest = new Float64Array(columns.length);
  columns.forEach(({ tap, scale }, column) => {
    for (let row = 0; row < rows; row += 1) {
      wide[row * columns.length + column] = weights[row * taps + tap]! * scale;
    }
    for (let position = 0; position < positions; position += 1) {
      const id = gather[position * taps + tap]!;
      const hasScale = id !== ZERO && values.scale(id) === scale;
      places[position * columns.length + column] = hasScale ? id : ZERO;
      if (!hasScale) continue;
      reach[column] = Math.max(reach[column]!, values.reach(id));
      largest[column] = Math.max(largest[column]!, values.largest(id));
    }
  });
  return { rows, positions, taps: columns.length, weights: wide, gather: places, reach, largest };
}
