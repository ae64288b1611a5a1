import type { ActivationNode, FloatGraph, FloatNode, LinearNode, MaxNode } from '../graph/float-graph.ts';
import { EXACT_BITS, EXACT_LIMIT, tooWide } from '../integer/bounds.ts';
import type {
  IntegerGraph,
  IntegerLinear,
  IntegerMax,
  IntegerNode,
  Requantize,
} from '../integer/integer-graph.ts';
import { type BitWidths, widthsOfLayer } from './bit-widths.ts';
import { effectiveLinear } from './effective-linear.ts';
import type { InputEncoding } from './input-encoding.ts';
import { integerActivation, isSigned } from './lower-activation.ts';
import { ValueMap } from './value-map.ts';
import { accumulatorScale } from './weight-scale.ts';

export interface LoweredGraph {
  readonly input: IntegerGraph['input'];
  readonly nodes: readonly IntegerNode[];
  /** Ids of the model's outputs, which share one scale. */
  readonly logits: Int32Array;
  readonly logitScale: number;
}

/**
 * The number of bits by which an activation shifts right.
 *
 * @param k index of the activation among the graph's nodes
 * @param scale of its operands
 * @param limit the largest absolute integer that its output may have on the calibration rows
 */
export type ShiftRule = (node: ActivationNode, k: number, scale: number, limit: number) => number;

/**
 * Lowers a float graph to integers: inputs are encoded, weights are rounded at one power-of-two scale per layer, and
 * activations are requantized with the shifts given by `shiftOf`. Only activations are requantized; other layers are
 * exact sums.
 */
export function lowerGraph(
  graph: FloatGraph,
  encoding: InputEncoding,
  shiftOf: ShiftRule,
  widths: BitWidths,
): LoweredGraph {
  const lowering = new Lowering(graph, encoding, shiftOf, widths);
  graph.nodes.forEach((node, k) => {
    lowering.lower(node, k);
  });
  return lowering.finish();
}

class Lowering {
  readonly #graph: FloatGraph;
  readonly #shiftOf: ShiftRule;
  readonly #widths: BitWidths;
  readonly #values: ValueMap;
  readonly #input: IntegerGraph['input'];
  readonly #nodes: IntegerNode[] = [];
  #next: number;

  constructor(graph: FloatGraph, encoding: InputEncoding, shiftOf: ShiftRule, widths: BitWidths) {
    this.#graph = graph;
    this.#shiftOf = shiftOf;
    this.#widths = widths;
    const last = graph.nodes.at(-1);
    this.#values = new ValueMap(last === undefined ? graph.input.count : last.first + last.count);
    this.#input = { ...graph.input, ...encoding };
    this.#next = graph.input.count;
    const widest = encoding.max.reduce((a, b) => Math.max(a, b));
    for (let id = 0; id < graph.input.count; id += 1) {
      this.#values.set(id, id, encoding.step[id]!, encoding.offset[id]!, encoding.max[id]! / widest);
    }
  }

  lower(node: FloatNode, k: number): void {
    if (node.op === 'linear') this.#map(node, this.#linear(node, this.#widthsOf(node.name).weights));
    else if (node.op === 'max') this.#map(node, this.#max(node));
    else this.#activation(node, k);
  }

  finish(): LoweredGraph {
    const { values, name } = this.#graph.output;
    const aligned = this.#align(values, `${name}/aligned`, this.#widths.weights);
    return { input: this.#input, nodes: this.#nodes, logits: aligned.ids, logitScale: aligned.scale };
  }

  #push<N extends IntegerNode>(node: Omit<N, 'first'>): N {
    const placed = { ...node, first: this.#next } as N;
    this.#nodes.push(placed);
    this.#next += placed.count;
    return placed;
  }

  #map(node: FloatNode, lowered: IntegerNode): void {
    for (let i = 0; i < node.count; i += 1)
      this.#values.set(node.first + i, lowered.first + i, lowered.scale);
  }

  #widthsOf(layer: string): ReturnType<typeof widthsOfLayer> {
    return widthsOfLayer(this.#widths, layer);
  }

  #linear(node: Omit<LinearNode, 'first' | 'op'>, weightBits: number): IntegerLinear {
    const effective = effectiveLinear({ ...node, op: 'linear', first: 0 }, this.#values);
    const scale = accumulatorScale(effective, weightBits);
    const toInteger = (real: number) => exactInteger(Math.floor(real / scale + 0.5), node.name);
    return this.#push<IntegerLinear>({
      op: 'linear',
      name: node.name,
      origin: node.origin,
      count: node.count,
      scale,
      blocks: effective.blocks.map(({ rows, positions, taps, weights, gather }) => ({
        rows,
        positions,
        taps,
        weights: weights.map(toInteger),
        gather: this.#values.integerIds(gather),
      })),
      diagonals: effective.diagonals.map((diagonal) => ({
        weights: diagonal.weights.map(toInteger),
        source: this.#values.integerIds(diagonal.source),
      })),
      bias: effective.bias.map(toInteger),
    });
  }

  #max(node: MaxNode): IntegerMax {
    const { weights } = this.#widthsOf(node.name);
    const { ids, scale } = this.#align(node.gather, `${node.name}/aligned`, weights);
    return this.#push<IntegerMax>({ ...node, op: 'max', gather: ids, scale });
  }

  /**
   * Outputs are in the order of their sources' ids, not in the order of the float graph. The activation of a convolution
   * then reads the convolution's outputs in order even if the model transposes between the two.
   */
  #activation(node: ActivationNode, k: number): void {
    const { weights, activations } = this.#widthsOf(node.name);
    const { ids, scale } = this.#align(node.source, `${node.name}/aligned`, weights);
    const order = Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
    const limit = 2 ** (activations - (isSigned(node.fn) ? 1 : 0)) - 1;
    const shift = this.#shiftOf(node, k, scale, limit);
    if (shift >= EXACT_BITS) throw tooWide(node.name);
    const outScale = scale * 2 ** shift;
    const { activation, scale: activeScale } = integerActivation(node, outScale);
    const lowered = this.#push<Requantize>({
      op: 'requantize',
      name: node.name,
      origin: node.origin,
      count: node.count,
      scale: activeScale,
      source: Int32Array.from(order, (i) => ids[i]!),
      shift,
      activation,
    });
    order.forEach((i, rank) => {
      this.#values.set(node.first + i, lowered.first + rank, activeScale);
    });
  }

  /** Integer ids of values that must share a scale and have no offset; adds a linear node if they do not. */
  #align(floatIds: Int32Array, name: string, weightBits: number): { ids: Int32Array; scale: number } {
    const present = floatIds.filter((id) => id >= 0);
    const scales = new Set(Array.from(present, (id) => this.#values.scale(id)));
    const areAligned = scales.size === 1 && present.every((id) => id >= this.#graph.input.count);
    if (areAligned) return { ids: this.#values.integerIds(floatIds), scale: Array.from(scales)[0]! };
    const distinct = Array.from(new Set(present));
    const aligned = this.#linear(
      {
        name,
        origin: [],
        count: distinct.length,
        blocks: [],
        diagonals: [
          { weights: new Float64Array(distinct.length).fill(1), source: Int32Array.from(distinct) },
        ],
        bias: new Float64Array(distinct.length),
      },
      weightBits,
    );
    const place = new Map(distinct.map((id, i) => [id, aligned.first + i]));
    return { ids: floatIds.map((id) => place.get(id) ?? id), scale: aligned.scale };
  }
}

function exactInteger(value: number, layer: string): number {
  if (!(Math.abs(value) <= EXACT_LIMIT)) throw tooWide(layer);
  return value;
}

/** For each activation the smallest shift at which its calibrated magnitude (by node) is within the limit. */
export function calibratedShifts(magnitudes: Float64Array): ShiftRule {
  return (_, k, scale, limit) => {
    let shift = 0;
    for (let unit = scale; magnitudes[k]! / unit > limit; unit *= 2) shift += 1;
    return shift;
  };
}
