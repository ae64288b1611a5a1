import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../../src/check/check-circuit.ts';
import { circuitCost } from '../../../src/circuit/circuit-cost.ts';
import { integerLogits } from '../../../src/compile/quality/compare.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { quantizer } from '../../../src/quantize/quantize.ts';
import { compileGraph } from '../../check/compile-checked.ts';
import { answersOf } from '../ml/ensembles.ts';
import type { AttributeSpec, ModelSpec } from './build-onnx.ts';
import { largestError, noise, runModel } from './compare.ts';

interface Case {
  readonly op: string;
  readonly shape: readonly number[];
  readonly opset?: number;
  readonly domain?: string;
  readonly attributes?: Record<string, AttributeSpec>;
  /** Sizes of the scale and the bias. */
  readonly scale?: readonly number[];
  readonly bias?: readonly number[];
}

const ML = { domain: 'ai.onnx.ml', opset: 0 };
const CASES: readonly (readonly [name: string, own: Case])[] = [
  ['LayerNormalization', { op: 'LayerNormalization', shape: [12], scale: [12], bias: [12] }],
  [
    'LayerNormalization of two axes',
    { op: 'LayerNormalization', shape: [3, 4], scale: [3, 4], attributes: { axis: 1 } },
  ],
  ['LayerNormalization of each position', { op: 'LayerNormalization', shape: [2, 6], scale: [6], bias: [6] }],
  ['RMSNormalization', { op: 'RMSNormalization', shape: [12], scale: [12], opset: 23 }],
  ['InstanceNormalization', { op: 'InstanceNormalization', shape: [2, 3, 3], scale: [2], bias: [2] }],
  [
    'GroupNormalization',
    {
      op: 'GroupNormalization',
      shape: [4, 3],
      scale: [4],
      bias: [4],
      opset: 21,
      attributes: { num_groups: 2 },
    },
  ],
  ['LpNormalization', { op: 'LpNormalization', shape: [8], attributes: { axis: 1 } }],
  ['LpNormalization of magnitudes', { op: 'LpNormalization', shape: [8], attributes: { axis: 1, p: 1 } }],
  ['Normalizer L1', { op: 'Normalizer', shape: [6], attributes: { norm: 'L1' }, ...ML }],
  ['Normalizer L2', { op: 'Normalizer', shape: [6], attributes: { norm: 'L2' }, ...ML }],
  ['Normalizer MAX', { op: 'Normalizer', shape: [6], attributes: { norm: 'MAX' }, ...ML }],
];

function modelOf({ op, shape, opset = 17, domain, attributes = {}, scale, bias }: Case): ModelSpec {
  const sizes = [scale, bias].filter((own) => own !== undefined);
  const weights = Object.fromEntries(
    sizes.map((own, i) => [
      `w${i}`,
      {
        shape: own,
        data: [
          ...noise(
            own.reduce((a, b) => a * b, 1),
            40 + i,
          ),
        ],
      },
    ]),
  );
  const node = { op, inputs: ['x', ...Object.keys(weights)], output: 'y', attributes };
  return {
    ...{ input: [1, ...shape], opset, weights },
    ...(domain === undefined ? {} : { learnedOpset: 1 }),
    nodes: [domain === undefined ? node : { ...node, domain }],
  };
}

/** Rows of different sizes and centres, none of which is far smaller than the others. */
function rowsFor(shape: readonly number[], count: number): Float64Array[] {
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => {
    const [factor, centre] = noise(2, 900 + i);
    return noise(size, i + 1).map((value) => Math.fround(value * (1.5 + factor! / 2) + centre! / 2));
  });
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Rows for which the runtime's rules for 0 and for signs differ, small ones, and equal values. */
const hostileRows = (size: number): Float64Array[] => [
  noise(size, 5).map((value) => Math.fround(value / 1024)),
  noise(size, 6).map((value) => -Math.abs(value)),
  new Float64Array(size),
  new Float64Array(size).fill(-3),
  new Float64Array(size).with(1, 2),
  new Float64Array(size).with(1, -2),
];

describe.each(CASES)('%s', (_, own) => {
  it('gives what ONNX Runtime gives, of zeros and negative values too', async () => {
    const rows = [...rowsFor(own.shape, 10), ...hostileRows(sizeOf(own.shape))];
    const { graph, theirs } = await answersOf(modelOf(own), rows);
    for (const [i, row] of rows.entries())
      expect(largestError(runModel(graph, row), theirs[i]!)).toBeLessThan(1e-4);
  });

  it('is within 1 % of the span at 10 bits', async () => {
    // A largest value near 0 is a divisor that no rounding leaves as it is.
    const isOfLargest = own.attributes?.norm === 'MAX';
    const rows = rowsFor(own.shape, 50).map((row) => (isOfLargest ? row.map(Math.abs) : row));
    const { graph, theirs } = await answersOf(modelOf(own), rows);
    const options = { input: 'digest', decisions: [{ kind: 'logits' }] } as const;
    const model = quantizer(graph, calibrate(graph, rows.slice(0, 30)), options)(uniformWidths(10));
    const all = theirs.flatMap((answer) => [...answer]);
    const errors = rows.flatMap((row, i) =>
      Array.from(integerLogits(model, row), (value, k) => Math.abs(value - theirs[i]![k]!)),
    );
    expect(Math.max(...errors)).toBeLessThan((Math.max(...all) - Math.min(...all)) / 100);
  });
});

it('a quotient by magnitudes has the predicted cost, is proved sound, and keeps a row of zeros', async () => {
  const own: Case = { op: 'Normalizer', shape: [3], attributes: { norm: 'L1' }, ...ML };
  const { graph } = await answersOf(modelOf(own), []);
  const options = { input: 'digest', decisions: [{ kind: 'logits' }] } as const;
  const model = quantizer(graph, calibrate(graph, rowsFor(own.shape, 20)), options)(uniformWidths(6));
  const checked = await compileGraph(model.graph);
  expect(checked.r1cs.nConstraints).toBe(circuitCost(model.graph).constraints);
  expect(checkCircuit(checked).problems).toEqual([]);
  expect(integerLogits(model, new Float64Array(3))).toEqual(new Float64Array(3));
});
