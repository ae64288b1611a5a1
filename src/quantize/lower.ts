import { factsOf } from '../graph/activation-facts.ts';
import type { ActivationNode, FloatGraph, FloatNode, LinearNode, MaxNode } from '../graph/float-graph.ts';
import { countValues } from '../graph/use.ts';
import { EXACT_BITS, tooWide } from '../integer/bounds.ts';
import type {
  IntegerGraph,
  IntegerLinear,
  IntegerMax,
  IntegerNode,
  Requantize,
} from '../integer/integer-graph.ts';
import { type BitWidths, widthsOfLayer } from './bit-widths.ts';
import { constantOutputs, effectiveLinear } from './effective-linear.ts';
import type { InputEncoding } from './input-encoding.ts';
import { integerLinear } from './integer-linear.ts';
import { integerActivation, isSigned } from './lower-activation.ts';
import { joinPools, splitPools } from './pool-runs.ts';
import type { ScaleSource } from './scale-source.ts';
import { stepGroups } from './step-groups.ts';
import { ValueMap } from './value-map.ts';

export interface LoweredGraph {
  readonly input: IntegerGraph['input'];
  readonly nodes: readonly IntegerNode[];
  /** Ids of the model's outputs, which share one scale. */
  readonly logits: Int32Array;
  readonly logitScale: number;
  /** By layer whose values do not all have the scale of its node: the scale of each. */
  readonly ownScales: ReadonlyMap<string, Float64Array>;
}

/**
 * Lowers a float graph to integers: inputs are encoded, weights and activations are rounded at the scales of `source`.
 * Only activations are requantized; other layers are exact sums. What does not depend on the input becomes a constant of
 * the layer that reads it, and leaves no node behind.
 */
export function lowerGraph(
  graph: FloatGraph,
  encoding: InputEncoding,
  source: ScaleSource,
  widths: BitWidths,
): LoweredGraph {
  const lowering = new Lowering(graph, encoding, source, widths);
  for (const node of graph.nodes) lowering.lower(node);
  return lowering.finish();
}

/** Integer ids of values, and the scale of each: 0 for ZERO and ABSENT, which have any. */
interface Aligned {
  readonly ids: Int32Array;
  readonly scales: Float64Array;
}

class Lowering {
  readonly #graph: FloatGraph;
  readonly #groups: Int32Array;
  readonly #source: ScaleSource;
  readonly #widths: BitWidths;
  readonly #values: ValueMap;
  readonly #input: IntegerGraph['input'];
  readonly #nodes: IntegerNode[] = [];
  readonly #ownScales = new Map<string, Float64Array>();
  #next: number;

  constructor(graph: FloatGraph, encoding: InputEncoding, source: ScaleSource, widths: BitWidths) {
    this.#graph = graph;
    this.#groups = stepGroups(graph);
    this.#source = source;
    this.#widths = widths;
    this.#values = new ValueMap(countValues(graph));
    const { offset, step, max } = encoding;
    this.#input = { ...graph.input, offset, step, max };
    this.#next = graph.input.count;
    const widest = max.reduce((a, b) => Math.max(a, b));
    for (let id = 0; id < graph.input.count; id += 1) {
      const reach = source.varies(id) ? max[id]! / widest : 0;
      const own = { integerId: id, scale: step[id]!, offset: offset[id]!, reach };
      this.#values.set(id, { ...own, largest: source.magnitude(id, own) });
    }
  }

  lower(node: FloatNode): void {
    if (node.op === 'linear') this.#linearNode(node);
    else if (node.op === 'max') this.#max(node);
    else this.#activation(node);
  }

  finish(): LoweredGraph {
    const { values, name } = this.#graph.output;
    const { ids, scales } = this.#align(values, `${name}/aligned`, this.#widths.weights);
    return {
      input: this.#input,
      nodes: this.#nodes,
      logits: ids,
      logitScale: largestOf(scales),
      ownScales: this.#ownScales,
    };
  }

  #push<N extends IntegerNode>(node: Omit<N, 'first' | 'scale'>, scales: Float64Array): N {
    const scale = scales.reduce((a, b) => Math.max(a, b));
    const placed = { ...node, first: this.#next, scale } as N;
    if (scales.some((own) => own !== scale)) this.#ownScales.set(node.name, scales);
    this.#nodes.push(placed);
    this.#next += placed.count;
    return placed;
  }

  #map(floatId: number, integerId: number, scale: number): void {
    this.#values.set(floatId, { integerId, scale, largest: this.#source.magnitude(floatId, { scale }) });
  }

  #widthsOf(layer: string): ReturnType<typeof widthsOfLayer> {
    return widthsOfLayer(this.#widths, layer);
  }

  #linearNode(node: LinearNode): void {
    const { weights } = this.#widthsOf(node.name);
    const linear = effectiveLinear(node, this.#values);
    const isConstant = constantOutputs(linear);
    if (!isConstant.every(Boolean)) {
      const values = Int32Array.from({ length: node.count }, (_, i) => node.first + i);
      const { ids, scales } = this.#linear(node, values, weights);
      ids.forEach((id, i) => {
        this.#map(node.first + i, id, scales[i]!);
      });
    }
    isConstant.forEach((constant, i) => {
      if (constant) this.#values.setConstant(node.first + i, linear.bias[i]!);
    });
  }

  /** @param values what the outputs stand for in the float graph */
  #linear(node: Omit<LinearNode, 'first' | 'op'>, values: Int32Array, weightBits: number): Aligned {
    const { name, origin, count } = node;
    const split = splitPools(node.blocks, (id) => this.#groups[id]!);
    const linear = effectiveLinear({ ...node, op: 'linear', first: 0, blocks: split }, this.#values);
    const scales = this.#source.scales({ name, linear, values, weightBits });
    const integers = integerLinear(name, linear, scales, this.#values);
    const blocks = joinPools(integers.blocks, split.length > node.blocks.length);
    const { first } = this.#push<IntegerLinear>(
      { op: 'linear', name, origin, count, ...integers, blocks },
      scales,
    );
    return { ids: Int32Array.from({ length: count }, (_, i) => first + i), scales };
  }

  #max(node: MaxNode): void {
    const { weights } = this.#widthsOf(node.name);
    const { ids, scales } = this.#align(node.gather, `${node.name}/aligned`, weights);
    const own = Float64Array.from({ length: node.count }, (_, i) =>
      largestOf(scales.subarray(i * node.taps, (i + 1) * node.taps)),
    );
    const { name, origin, count, taps } = node;
    const { first } = this.#push<IntegerMax>({ op: 'max', name, origin, count, taps, gather: ids }, own);
    own.forEach((scale, i) => {
      this.#map(node.first + i, first + i, scale);
    });
  }

  /**
   * Outputs are in the order of their sources' ids, not in the order of the float graph. The activation of a convolution
   * then reads the convolution's outputs in order even if the model transposes between the two.
   */
  #activation(node: ActivationNode): void {
    const constant = this.#constantActivation(node);
    if (constant !== undefined) {
      constant.forEach((value, i) => {
        this.#values.setConstant(node.first + i, value);
      });
      return;
    }
    const { name, origin, count } = node;
    const widths = this.#widthsOf(name);
    const { ids, scales: known } = this.#align(node.source, `${name}/aligned`, widths.weights);
    const scales = known.map((scale) => scale || largestOf(known));
    const limit = 2 ** (widths.activations - (isSigned(node.fn) ? 1 : 0)) - 1;
    const shift = this.#source.shift(node, scales, limit);
    if (shift >= EXACT_BITS) throw tooWide(name);
    const outScale = scales.reduce((a, b) => Math.max(a, b)) * 2 ** shift;
    const { activation, scale: activeScale } = integerActivation(node, outScale, widths.activations);
    const order = Array.from(ids.keys()).sort((a, b) => ids[a]! - ids[b]!);
    // A power of two: only a leaky ReLU changes the scale.
    const ratio = activeScale / outScale;
    const own = scales.map((scale) => scale * 2 ** shift * ratio);
    const { first } = this.#push<Requantize>(
      {
        ...{ op: 'requantize', name, origin, count, shift, activation },
        source: Int32Array.from(order, (i) => ids[i]!),
      },
      Float64Array.from(order, (i) => own[i]!),
    );
    order.forEach((i, rank) => {
      this.#map(node.first + i, first + rank, own[i]!);
    });
  }

  /** The outputs of an activation that are the same for every input: it has one value, or reads constants. */
  #constantActivation({ fn, source }: ActivationNode): Float64Array | undefined {
    const { apply, range } = factsOf(fn);
    if (range.min === range.max) return new Float64Array(source.length).fill(range.min);
    if (!source.every((id) => this.#values.isConstant(id))) return undefined;
    return Float64Array.from(source, (id) => apply(this.#values.offset(id)));
  }

  /**
   * Integer ids of values without an offset, with one scale within each step group; adds a linear node if they are not
   * outputs of one node.
   */
  #align(floatIds: Int32Array, name: string, weightBits: number): Aligned {
    const present = floatIds.filter((id) => id >= 0);
    const isPlain = present.every((id) => id >= this.#graph.input.count && !this.#values.isConstant(id));
    if (isPlain && (this.#haveOneScale(present) || this.#haveOneNode(present))) {
      const scales = Float64Array.from(floatIds, (id) => this.#values.scale(id));
      return { ids: this.#values.integerIds(floatIds), scales };
    }
    const distinct = Int32Array.from(new Set(present));
    const count = distinct.length;
    const aligned = this.#linear(
      {
        ...{ name, origin: [], count, blocks: [] },
        diagonals: [{ weights: new Float64Array(count).fill(1), source: distinct }],
        bias: new Float64Array(count),
      },
      distinct,
      weightBits,
    );
    const place = new Map(Array.from(distinct, (id, i) => [id, i]));
    const ids = floatIds.map((id) => (id < 0 ? id : aligned.ids[place.get(id)!]!));
    const scales = Float64Array.from(floatIds, (id) => (id < 0 ? 0 : aligned.scales[place.get(id)!]!));
    return { ids, scales };
  }

  #haveOneScale(floatIds: Int32Array): boolean {
    return new Set(Array.from(floatIds, (id) => this.#values.scale(id))).size === 1;
  }

  #haveOneNode(floatIds: Int32Array): boolean {
    const ids = this.#values.integerIds(floatIds);
    return this.#nodes.some(({ first, count }) => ids.every((id) => id >= first && id < first + count));
  }
}

/** The largest of scales, of which those of ZERO and ABSENT are 0; 1 if there are no others. */
function largestOf(scales: Float64Array): number {
  return scales.reduce((a, b) => Math.max(a, b), 0) || 1;
}
