import type { InputMode } from '@quietproof/verify';
import type { FloatGraph, LinearNode } from '../../graph/float-graph.ts';
import { RANKS } from '../../graph/float32.ts';
import { kindOf } from '../../graph/node-kinds.ts';
import { countValues, valuesOf } from '../../graph/use.ts';
import { type Bounds, EXACT_BITS, tooWide } from '../../integer/bounds.ts';
import { HELD_BY_CIRCUIT } from '../../integer/enforced-max.ts';
import { computeBounds } from '../../integer/execute.ts';
import { heldInputs } from '../../integer/held-inputs.ts';
import type {
  IntegerGraph,
  IntegerLinear,
  IntegerNode,
  Requantize,
  Thermometer,
} from '../../integer/integer-graph.ts';
import { type BitWidths, widthsOfLayer } from '../bit-widths.ts';
import { effectiveLinear } from '../effective-linear.ts';
import type { InputEncoding } from '../input-encoding.ts';
import { integerLinear } from '../integer-linear.ts';
import { joinPools, splitPools } from '../pool-runs.ts';
import type { ScaleSource } from '../scale-source.ts';
import { ValueMap } from '../value-map.ts';
import { Conditions, type NamedValue } from './conditions.ts';

export interface LoweredGraph {
  readonly input: IntegerGraph['input'];
  readonly nodes: readonly IntegerNode[];
  /** One per output of the model. */
  readonly outputs: readonly LoweredOutput[];
  /** By layer whose values do not all have the scale of its node: the scale of each. */
  readonly ownScales: ReadonlyMap<string, Float64Array>;
}

export interface LoweredOutput {
  /** Value ids of the output before its head. */
  readonly logits: Int32Array;
  /** real logit = integer · scale, the same for all of the output. */
  readonly scale: number;
}

/** Integer ids of values, and the scale of each: 0 for ZERO and ABSENT, which have any. */
export interface Aligned {
  readonly ids: Int32Array;
  readonly scales: Float64Array;
}

/** What the lowerings of a graph's nodes share: the integer nodes so far, and what each float value became. */
export class LoweringContext {
  readonly source: ScaleSource;
  readonly values: ValueMap;
  /** The comparisons of the graph's trees. */
  readonly conditions: Conditions;
  /** By node of the float graph (`finerCosts`). */
  readonly finerCosts: ReadonlyMap<string, number>;
  readonly #graph: FloatGraph;
  readonly #groups: Int32Array;
  readonly #widths: BitWidths;
  /** By value of the float graph: 1 if it is known never to be negative. */
  readonly #nonNegative: Uint8Array;
  readonly #input: IntegerGraph['input'];
  readonly #nodes: IntegerNode[] = [];
  readonly #ownScales = new Map<string, Float64Array>();
  /** By shift and integer ids: the first of the values rounded so, for other readers of them. */
  readonly #rounded = new Map<string, number>();
  #next: number;

  /** @param facts by value: its step group (`stepGroups`); by node: what finer steps of its values cost */
  constructor(
    graph: FloatGraph,
    { groups, finerCosts }: { groups: Int32Array; finerCosts: ReadonlyMap<string, number> },
    encoding: InputEncoding,
    source: ScaleSource,
    widths: BitWidths,
  ) {
    this.#graph = graph;
    this.#groups = groups;
    this.finerCosts = finerCosts;
    this.source = source;
    this.#widths = widths;
    this.values = new ValueMap(countValues(graph));
    this.conditions = new Conditions(graph, this);
    this.#nonNegative = new Uint8Array(countValues(graph));
    for (const node of graph.nodes) kindOf(node).markNonNegative(node, this.#nonNegative);
    const { codings, max } = encoding;
    const { name, shape, count } = graph.input;
    this.#input = { name, shape, count, codings, max };
    this.#next = graph.input.count;
    const widest = max.reduce((a, b, id) => (codings[id]!.kind === 'affine' ? Math.max(a, b) : a), 0);
    for (const [id, coding] of codings.entries()) {
      // Only trees read the others, and they compare ranks.
      if (coding.kind !== 'affine') continue;
      const reach = source.varies(id) ? max[id]! / widest : 0;
      const own = { integerId: id, scale: coding.step, offset: coding.offset, reach };
      this.values.set(id, { ...own, largest: source.magnitude(id, own) });
    }
  }

  /** @param mode of the statement's input */
  finish(mode: InputMode): LoweredGraph {
    if (HELD_BY_CIRCUIT[mode]) this.#holdInRange();
    const outputs = this.#graph.outputs.map(({ values, name }) => {
      const nodes = this.#nodes.length;
      const { ids, scales } = this.align(values, `${name}/aligned`, this.#widths.weights);
      const isNew = this.#nodes.length > nodes;
      return { logits: ids, scale: largestOf(scales) / (isNew ? this.#keepApart() : 1) };
    });
    return { input: this.#input, nodes: this.#nodes, outputs, ownScales: this.#ownScales };
  }

  /**
   * An output that is an input as it is would be the same wire, and the input would have none of its own: such outputs are
   * in half the steps. @returns by how much their scale was divided
   */
  #keepApart(): number {
    const node = this.#nodes.at(-1)!;
    if (node.op !== 'linear' || node.blocks.length > 0) return 1;
    const { diagonals, bias, count, scale, name } = node;
    const isInput = (source: Int32Array, i: number) => source[i]! >= 0 && source[i]! < this.#input.count;
    const passes = Array.from({ length: count }, (_, i) =>
      diagonals.some(({ weights, source }) => weights[i] === 1 && isInput(source, i)),
    );
    if (!passes.includes(true)) return 1;
    const doubled = diagonals.map((own) => ({ ...own, weights: own.weights.map((weight) => 2 * weight) }));
    const finer = { ...node, diagonals: doubled, bias: bias.map((sum) => 2 * sum), scale: scale / 2 };
    this.#nodes.splice(-1, 1, finer);
    const own = this.#ownScales.get(name);
    if (own !== undefined)
      this.#ownScales.set(
        name,
        own.map((each) => each / 2),
      );
    return 2;
  }

  /** What is known of a value, which is not constant, as far as trees compare it. */
  compared(floatId: number): NamedValue {
    if (floatId < this.#graph.input.count) {
      const { codings, max } = this.#input;
      const coding = codings[floatId]!;
      return {
        name: `feature ${floatId}`,
        integerId: floatId,
        lo: 0,
        hi: max[floatId]!,
        // A category is its place.
        coding: coding.kind === 'category' ? { kind: 'affine', offset: 0, step: 1 } : coding,
      };
    }
    const integerId = this.values.integerId(floatId);
    const node = this.#nodes.find(({ first, count }) => integerId >= first && integerId < first + count)!;
    const { lo, hi } = this.bounds();
    return {
      ...{ name: `${node.name} ${integerId - node.first}`, integerId },
      ...{ lo: lo[integerId]!, hi: hi[integerId]! },
      coding: { kind: 'affine', offset: this.values.offset(floatId), step: this.values.scale(floatId) },
    };
  }

  /** Proved ranges, by integer id, of all that has been appended. */
  bounds(): Bounds {
    return computeBounds({ input: this.#input, nodes: this.#nodes });
  }

  /**
   * Nothing but a thermometer holds a rank or a category in its range where the circuit has to: one that no tree reads gets
   * one with a single cut.
   */
  #holdInRange(): void {
    const held = heldInputs({ input: this.#input, nodes: this.#nodes });
    for (const [id, coding] of this.#input.codings.entries()) {
      if (coding.kind === 'affine' || this.#input.max[id]! <= 1 || held.has(id)) continue;
      this.push<Thermometer>(
        {
          ...{ op: 'thermometer', name: `feature ${id}/range`, origin: [], count: 1, source: id },
          cuts: Float64Array.of(coding.kind === 'rank32' ? RANKS.zero : 1),
        },
        Float64Array.of(1),
      );
    }
  }

  /** Appends an integer node. @param scales one per output, powers of two apart */
  push<N extends IntegerNode>(node: Omit<N, 'first' | 'scale'>, scales: Float64Array): N {
    const scale = scales.reduce((a, b) => Math.max(a, b));
    const placed = { ...node, first: this.#next, scale } as N;
    if (scales.some((own) => own !== scale)) this.#ownScales.set(node.name, scales);
    this.#nodes.push(placed);
    this.#next += placed.count;
    return placed;
  }

  /** Notes which integer stands for a value of the float graph. */
  map(floatId: number, integerId: number, scale: number): void {
    this.values.set(floatId, { integerId, scale, largest: this.source.magnitude(floatId, { scale }) });
  }

  /** The bits of a layer. */
  widthsOf(layer: string): ReturnType<typeof widthsOfLayer> {
    return widthsOfLayer(this.#widths, layer);
  }

  /** Appends a linear node, rounded. @param values what the outputs stand for in the float graph */
  linear(node: Omit<LinearNode, 'first' | 'op'>, values: Int32Array, weightBits: number): Aligned {
    const { name, origin, count } = node;
    const split = splitPools(node.blocks, (id) => this.#groups[id]!);
    const linear = effectiveLinear({ ...node, op: 'linear', first: 0, blocks: split }, this.values);
    const scales = this.source.scales({ name, linear, values, weightBits });
    const integers = integerLinear(name, linear, scales, this.values);
    const blocks = joinPools(integers.blocks, split.length > node.blocks.length);
    const { first } = this.push<IntegerLinear>(
      { op: 'linear', name, origin, count, ...integers, blocks },
      scales,
    );
    return { ids: valuesOf({ first, count }), scales };
  }

  /**
   * Integer ids of values without an offset, with one scale within each step group; adds a linear node if they are not
   * outputs of one node.
   */
  align(floatIds: Int32Array, name: string, weightBits: number): Aligned {
    const present = floatIds.filter((id) => id >= 0);
    const isPlain = present.every((id) => this.#isPlain(id));
    if (isPlain && (this.#haveOneScale(present) || this.#haveOneNode(present))) {
      const scales = Float64Array.from(floatIds, (id) => this.values.scale(id));
      return { ids: this.values.integerIds(floatIds), scales };
    }
    const distinct = Int32Array.from(new Set(present));
    const count = distinct.length;
    const aligned = this.linear(
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

  /**
   * Integer ids of values without an offset, rounded to so many bits on the calibration rows; values that have them
   * already stay as they are. Adds a requantize node, which costs nothing where it shifts by 0.
   */
  round(floatIds: Int32Array, name: string, bits: number, weightBits: number): Aligned {
    const distinct = Int32Array.from(new Set(floatIds)).sort();
    const aligned = this.align(distinct, `${name}/aligned`, weightBits);
    const isSigned = distinct.some((id) => this.#nonNegative[id] === 0);
    const limit = 2 ** (bits - (isSigned ? 1 : 0)) - 1;
    const shift = this.source.shift({ name, values: distinct, span: Infinity }, aligned.scales, limit);
    if (shift >= EXACT_BITS) throw tooWide(name);
    const scales = aligned.scales.map((scale) => scale * 2 ** shift);
    const known = `${shift} ${aligned.ids}`;
    const first = this.#rounded.get(known) ?? this.#pushRounded(name, shift, aligned.ids, scales);
    this.#rounded.set(known, first);
    const place = new Map(Array.from(distinct, (id, i) => [id, i]));
    return {
      ids: floatIds.map((id) => first + place.get(id)!),
      scales: Float64Array.from(floatIds, (id) => scales[place.get(id)!]!),
    };
  }

  /** Whether a value is one of the model's input: its steps are no power of two times those of other layers. */
  isInput(floatId: number): boolean {
    return floatId >= 0 && floatId < this.#graph.input.count;
  }

  #isPlain(floatId: number): boolean {
    return !this.isInput(floatId) && !this.values.isConstant(floatId) && this.values.offset(floatId) === 0;
  }

  #pushRounded(name: string, shift: number, source: Int32Array, scales: Float64Array): number {
    const activation = { kind: 'clamp', low: null, high: null } as const;
    const count = source.length;
    return this.push<Requantize>(
      { op: 'requantize', name, origin: [], count, shift, activation, source },
      scales,
    ).first;
  }

  /**
   * Rounded values that are never negative, but may be 0: a smaller one than a step counts as one. Others stay as they are.
   *
   * @param floatIds what they stand for
   */
  atLeastOneStep(floatIds: Int32Array, rounded: Aligned, name: string): Aligned {
    if (!floatIds.every((id) => id >= 0 && this.#nonNegative[id] === 1)) return rounded;
    const distinct = Int32Array.from(new Set(rounded.ids)).sort();
    const { lo } = computeBounds({ input: this.#input, nodes: this.#nodes });
    if (distinct.every((id) => lo[id]! >= 1)) return rounded;
    const activation = { kind: 'clamp', low: 1, high: null } as const;
    const scaleOf = new Map(Array.from(rounded.ids, (id, i) => [id, rounded.scales[i]!]));
    const { first } = this.push<Requantize>(
      { op: 'requantize', name, origin: [], count: distinct.length, shift: 0, activation, source: distinct },
      Float64Array.from(distinct, (id) => scaleOf.get(id)!),
    );
    return { ...rounded, ids: rounded.ids.map((id) => first + distinct.indexOf(id)) };
  }

  #haveOneScale(floatIds: Int32Array): boolean {
    return new Set(Array.from(floatIds, (id) => this.values.scale(id))).size === 1;
  }

  #haveOneNode(floatIds: Int32Array): boolean {
    const ids = this.values.integerIds(floatIds);
    return this.#nodes.some(({ first, count }) => ids.every((id) => id >= first && id < first + count));
  }
}

/** The largest of scales, of which those of ZERO and ABSENT are 0; 1 if there are no others. */
export function largestOf(scales: Float64Array): number {
  return scales.reduce((a, b) => Math.max(a, b), 0) || 1;
}
