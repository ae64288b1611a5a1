import { ZERO } from '../graph/float-graph.ts';
import { type Bounds, lowerBound } from '../integer/bounds.ts';
import type {
  IntegerBlock,
  IntegerDiagonal,
  IntegerLinear,
  Requantize,
  Table,
} from '../integer/integer-graph.ts';
import { type Argument, classify, type Instances, type Layer, type LayerArgument } from './layer.ts';
import { copyOf, type OutputWire } from './shared-wires.ts';

/** The part of a linear node that one layer computes: a block, with the diagonals and biases of its outputs. */
export interface LinearPart {
  readonly start: number;
  /** Its sources, like those of the diagonals, may be slots of other wires than those of values. */
  readonly block: IntegerBlock;
  readonly diagonals: readonly IntegerDiagonal[];
  readonly bias: Float64Array;
}

/** The linear node that passes on what a node reads, where that is on wires. */
export function identityOf(node: Requantize | Table): IntegerLinear {
  const weights = new Float64Array(node.count).fill(1);
  return {
    ...node,
    op: 'linear',
    blocks: [],
    diagonals: [{ weights, source: node.source }],
    bias: new Float64Array(node.count),
  };
}

/** Splits a node by blocks. A node without blocks becomes one part of one row, with a position per output. */
export function partsOf(node: IntegerLinear): LinearPart[] {
  const none = { taps: 0, weights: new Float64Array(0), gather: new Int32Array(0) };
  // Circom has no arrays without entries, so constants are zero times zero and a bias.
  const zero = { taps: 1, weights: new Float64Array(1), gather: new Int32Array(node.count).fill(ZERO) };
  const isConstant = node.diagonals.every(({ weights }) => weights.every((weight) => weight === 0));
  const noBlock: IntegerBlock = { rows: 1, positions: node.count, ...(isConstant ? zero : none) };
  let start = 0;
  return (node.blocks.length === 0 ? [noBlock] : node.blocks).map((block) => {
    const end = start + block.rows * block.positions;
    const part = {
      start,
      block,
      diagonals: node.diagonals
        .map(({ weights, source }) => ({
          weights: weights.slice(start, end),
          source: source.slice(start, end),
        }))
        .filter(({ weights }) => weights.some((weight) => weight !== 0)),
      bias: node.bias.slice(start, end),
    };
    start = end;
    return part;
  });
}

/** The biases over wires: a wire carries value − base (the proved minimum), so Σ weight · base is added to the bias. */
export function foldBases(part: LinearPart, bounds: Bounds): Float64Array {
  const { rows, positions, taps, weights, gather } = part.block;
  const bias = Float64Array.from(part.bias);
  for (let position = 0; position < positions; position += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const base = lowerBound(bounds, gather[position * taps + tap]!);
      if (base === 0) continue;
      for (let row = 0; row < rows; row += 1) {
        bias[row * positions + position]! += weights[row * taps + tap]! * base;
      }
    }
  }
  for (const diagonal of part.diagonals) {
    diagonal.weights.forEach((weight, i) => {
      bias[i]! += weight * lowerBound(bounds, diagonal.source[i]!);
    });
  }
  return bias;
}

/** The wire of an output that is its sum and a constant. */
export function wireOfSum(part: LinearPart, output: number, constant: number): OutputWire {
  const { positions, taps, weights, gather } = part.block;
  const row = Math.floor(output / positions);
  const position = output % positions;
  let source: number | undefined;
  let sum = 0;
  let terms = 0;
  const add = (id: number, weight: number) => {
    if (weight === 0) return;
    terms += 1;
    [source, sum] = [id, weight];
  };
  for (let tap = 0; tap < taps; tap += 1) add(gather[position * taps + tap]!, weights[row * taps + tap]!);
  for (const diagonal of part.diagonals) add(diagonal.source[output]!, diagonal.weights[output]!);
  if (source === undefined) return 'constant';
  return terms === 1 && sum === 1 && constant === 0 ? copyOf(source) : 'row';
}

/**
 * A part of which one bit may be the whole sum: where that sum is one wire, an equality would merge the bit with it, and
 * with the bits of others that read it. A tap on padding keeps them apart (see SharedWires).
 *
 * @param oneBit by output: whether its sum is decomposed into one bit
 */
export function withOwnBits(
  part: LinearPart,
  bias: Float64Array,
  oneBit: (output: number) => boolean,
): LinearPart {
  const isMerged = (output: number) =>
    oneBit(output) && typeof wireOfSum(part, output, bias[output]!) === 'object';
  if (!bias.some((_, output) => isMerged(output))) return part;
  const { rows, positions, taps, weights, gather } = part.block;
  const widened = <T extends Float64Array | Int32Array>(own: T, groups: number, last: number) =>
    Array.from({ length: groups }, (_, k) => [...own.subarray(k * taps, (k + 1) * taps), last]).flat();
  const block = {
    ...{ rows, positions, taps: taps + 1 },
    weights: Float64Array.from(widened(weights, rows, 1)),
    gather: Int32Array.from(widened(gather, positions, ZERO)),
  };
  return { ...part, block };
}

/** What each position reads: its taps, then one source per diagonal and row. */
export function wiring(part: LinearPart): Pick<Layer, 'positions' | 'inputs' | 'sources' | 'outputs'> {
  const { rows, positions, taps, gather } = part.block;
  const inputs = taps + part.diagonals.length * rows;
  const sources = new Int32Array(positions * inputs);
  for (let position = 0; position < positions; position += 1) {
    const own = sources.subarray(position * inputs, (position + 1) * inputs);
    own.set(gather.subarray(position * taps, (position + 1) * taps));
    part.diagonals.forEach((diagonal, d) => {
      for (let row = 0; row < rows; row += 1) {
        own[taps + d * rows + row] = diagonal.source[row * positions + position]!;
      }
    });
  }
  return { positions, inputs, sources, outputs: rows };
}

interface NamedArgument {
  readonly name: string;
  readonly value: Argument;
}

export interface VaryingArgument {
  readonly name: string;
  readonly at: (position: number) => Argument;
}

export interface Arguments {
  readonly shared: readonly NamedArgument[];
  readonly varying: readonly VaryingArgument[];
}

/** Arguments in the template's order: shared ones once, the others by class of position. */
export function instancesOf(part: LinearPart, parts: readonly Arguments[]): Instances {
  const shared = parts.flatMap((own) => own.shared);
  const varying = parts.flatMap((own) => own.varying);
  const { classOf, members } = classify(part.block.positions, (position) =>
    varying.map(({ at }) => at(position)),
  );
  const args: LayerArgument[] = [
    ...shared.map(({ name, value }) => ({ name, value: { shared: value } })),
    ...varying.map(({ name }, k) => ({ name, value: { byClass: members.map((member) => member[k]!) } })),
  ];
  return {
    args: TEMPLATE_ORDER.flatMap((name) => args.filter((argument) => argument.name === name)),
    classOf,
  };
}

/** Parameters of the templates Linear, LinearRequantize and Table, in the order of their declaration. */
const TEMPLATE_ORDER = [
  ...['rows', 'taps', 'weights', 'diagonals', 'scales', 'bias'],
  ...['shift', 'unit', 'kind', 'bits', 'p', 'q'],
  ...['form', 'halves', 'isRead', 'least', 'coefficients'],
] as const;

/** The entries at one position of an array with one entry per output: one per row. */
export function rowsAt(
  values: ArrayLike<number>,
  { rows, positions }: IntegerBlock,
  position: number,
): number[] {
  return Array.from({ length: rows }, (_, row) => values[row * positions + position]!);
}

export function sumArguments(part: LinearPart, bias: Float64Array): Arguments {
  const { block, diagonals } = part;
  const { rows, taps, weights } = block;
  // circom does not accept empty arrays as arguments.
  const weightRows = Array.from({ length: rows }, (_, row) =>
    taps === 0 ? [0] : weights.subarray(row * taps, (row + 1) * taps),
  );
  const noScales = [new Array<number>(rows).fill(0)];
  return {
    shared: [
      { name: 'rows', value: rows },
      { name: 'taps', value: taps },
      { name: 'weights', value: weightRows },
      { name: 'diagonals', value: diagonals.length },
    ],
    varying: [
      {
        name: 'scales',
        at: (position) =>
          diagonals.length === 0 ? noScales : diagonals.map((d) => rowsAt(d.weights, block, position)),
      },
      { name: 'bias', at: (position) => rowsAt(bias, block, position) },
    ],
  };
}
