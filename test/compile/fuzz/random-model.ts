import { buildOnnx } from '../../import/onnx/build-onnx.ts';
import type { Choices } from './choices.ts';
import { head, LAYERS } from './layers.ts';
import { ModelMaker, type Tensor } from './model-maker.ts';
import { chooseRows, type RowKind } from './random-rows.ts';

/** A random model as an ONNX file, and what its rows look like. */
export interface RandomModel {
  readonly bytes: Uint8Array;
  readonly operators: readonly string[];
  readonly rows: RowKind;
}

const SHAPES = [[4], [6], [2], [12], [4, 3], [2, 6], [1, 5, 5], [2, 4, 4], [3, 6, 5]];
/** Operators that leave a node in the float graph, whatever their operands. */
const COMPUTING = new Set(['Gemm', 'Conv', 'MatMul', 'BatchNormalization', 'Relu', 'LeakyRelu', 'Clip']);
/** Sizes beyond which layers are not added, so that a graph takes a fraction of a second. */
const MAX_VALUES = 300;

/** Inputs are features, sequences or small images, also of mixed units; layers are of every operator that is imported. */
export function randomModel(choices: Choices): RandomModel {
  const rowShape = choices.pick(SHAPES);
  const rows = chooseRows(choices, rowShape);
  const maker = new ModelMaker(choices, choices.pick([17, 13, 18, 11, 9, 21, 24]));
  let x: Tensor = { name: 'x', shape: [1, ...rowShape] };
  const isNormalized = choices.once(2);
  if (isNormalized || areMixed(rows)) x = normalized(maker, x, rows);
  maker.seen.push(x);
  const layers = choices.upTo(8);
  for (let k = 0; k < layers; k += 1) {
    const next = choices.pick(LAYERS)(maker, x);
    if (next === undefined || next.shape.reduce((a, b) => a * b, 1) > MAX_VALUES) continue;
    x = next;
    maker.seen.push(x);
  }
  // A model that only moves its input has nothing to prove.
  if (!maker.nodes.some(({ op }) => COMPUTING.has(op))) x = LAYERS[1]!(maker, x)!;
  const { output, type } = head(maker, x);
  const { nodes, weights, opset } = maker;
  const bytes = buildOnnx({ input: [1, ...rowShape], nodes, weights, opset, output, outputType: type });
  return { bytes, operators: nodes.map(({ op }) => op), rows };
}

/**
 * Whether columns are in very different units. A model that adds them up as they are needs more bits than there are: what
 * a step of one is to the others. Trained models bring them to one size first.
 */
function areMixed({ units }: RowKind): boolean {
  return Math.max(...units) > 10 * Math.min(...units);
}

/** Brings every column to about −1 … 1, as preprocessing inside a model does. */
function normalized(maker: ModelMaker, x: Tensor, { units, shifts }: RowKind): Tensor {
  const shape = x.shape.slice(1);
  const means = maker.floats(
    units.map((unit, i) => unit * shifts[i]!),
    shape,
  );
  const centred = maker.node('Sub', [x.name, means], x.shape);
  return maker.node('Div', [centred.name, maker.floats(units, shape)], x.shape);
}
