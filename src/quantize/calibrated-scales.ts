import type { FloatGraph } from '../graph/float-graph.ts';
import { tabulatedFacts } from '../graph/functions/tabulated-facts.ts';
import type { Calibration } from './calibrate.ts';
import type { ValueUse } from './lower/node-lowering.ts';
import { roundingErrors } from './rounding-errors.ts';
import type { ScaledLayer, ScaleSource } from './scale-source.ts';
import { groupSums, magnitudeOf, rangeOf, type SumGroup } from './sum-groups.ts';
import { tableWindow } from './table-window.ts';
import { valueUse } from './value-use.ts';
import { accumulatorScale } from './weight-scale.ts';

/**
 * What rounding the weights and the bias may add to a sum: this share of the sum's real range, at a width of 0 bits; it
 * halves with every bit (1/64 at 8 bits). Taken as the root of the sum of squares over the terms.
 */
const ERROR_SHARE = 4;
/** No sum gets steps finer than its layer's by more powers of two. */
const MAX_FINER = 20;
/**
 * A value that is rounded to the bits of an activation is not below this share of the layer's largest one, in steps: it
 * keeps all but three of the bits.
 */
const SMALLEST_SHARE = 1 / 8;

/**
 * Scales by calibration. A layer has the scale at which its weights fit their bits; a group of sums whose error would
 * then be more than ERROR_SHARE of its range, or whose values would be rounded to a few steps, has finer ones. The circuit
 * pays for the finer ones alone, one constraint a bit.
 *
 * @param groups by value: its step group (`stepGroups`)
 */
export function calibratedScales(
  graph: FloatGraph,
  calibration: Calibration,
  groups: Int32Array,
): ScaleSource {
  const use = valueUse(graph);
  const { low, high } = calibration;
  const magnitudes = groupMagnitudes(graph, groups, calibration);
  return {
    scales: (layer) => new LayerScales(layer, groupSums(layer, calibration, groups, use.passed)).choose(use),
    shift: ({ values, span: passed }, scales, limit) => {
      const inSteps = scales.map((scale, i) => Math.max(-low[values[i]!]!, high[values[i]!]!, 0) / scale);
      const largest = inSteps.reduce((a, b) => Math.max(a, b));
      const span = passed / scales.reduce((a, b) => Math.max(a, b));
      let shift = 0;
      for (let unit = 2; (2 * largest) / unit > limit && span / unit >= limit * SMALLEST_SHARE; unit *= 2) {
        shift += 1;
      }
      return shift;
    },
    window: ({ name, fn, source }, scale, bits) => {
      if (fn.kind !== 'tabulated') throw new Error(`layer "${name}" has no table`);
      const own = source.filter((id) => id >= 0);
      const min = own.reduce((least, id) => Math.min(least, low[id]!), Infinity);
      const max = own.reduce((most, id) => Math.max(most, high[id]!), -Infinity);
      return tableWindow(name, tabulatedFacts(fn.of), { min, max }, scale, bits);
    },
    varies: (id) => low[id] !== high[id],
    magnitude: (id, { scale, offset = 0 }) => {
      const isInput = id < graph.input.count;
      const largest = isInput ? Math.max(offset - low[id]!, high[id]! - offset) : magnitudes[id]!;
      return largest / scale;
    },
  };
}

/** By value: the largest magnitude of its node's values in its step group. */
function groupMagnitudes(graph: FloatGraph, groups: Int32Array, { low, high }: Calibration): Float64Array {
  const magnitudes = new Float64Array(groups.length);
  for (const { first, count } of graph.nodes) {
    const largest = new Map<number, number>();
    for (let id = first; id < first + count; id += 1) {
      largest.set(groups[id]!, Math.max(largest.get(groups[id]!) ?? 0, -low[id]!, high[id]!));
    }
    for (let id = first; id < first + count; id += 1) magnitudes[id] = largest.get(groups[id]!)!;
  }
  return magnitudes;
}

class LayerScales {
  readonly #layer: ScaledLayer;
  readonly #base: number;
  readonly #groups: readonly SumGroup[];

  constructor(layer: ScaledLayer, groups: readonly SumGroup[]) {
    this.#layer = layer;
    this.#base = accumulatorScale(layer.linear, layer.weightBits);
    this.#groups = groups;
  }

  choose({ isRounded }: ValueUse): Float64Array {
    this.#keepResiduals();
    this.#boundErrors();
    this.#liftSmall((group) => group.outputs.some((i) => isRounded[this.#layer.values[i]!] === 1));
    return this.#scales();
  }

  #scales(): Float64Array {
    const scales = new Float64Array(this.#layer.values.length);
    for (const { outputs, finer } of this.#groups)
      for (const i of outputs) scales[i] = this.#base / 2 ** finer;
    return scales;
  }

  /**
   * Keeps a residual added to a convolution exact: the scale is refined until each coefficient that is the scale over a
   * power of two is an integer. Other coefficients are rounded like weights.
   */
  #keepResiduals(): void {
    const { blocks, diagonals } = this.#layer.linear;
    if (blocks.length === 0) return;
    for (const group of this.#groups) {
      for (const { weights } of diagonals) {
        for (const i of group.outputs) {
          const magnitude = Math.abs(weights[i]!);
          if (magnitude > 0) group.finer = Math.max(group.finer, powersBetween(this.#base, magnitude) ?? 0);
        }
      }
    }
  }

  #boundErrors(): void {
    const share = ERROR_SHARE / 2 ** this.#layer.weightBits;
    let open = this.#groups;
    while (open.length > 0) {
      const squares = roundingErrors(this.#layer.linear, this.#scales());
      open = open.filter((group) => {
        const error = Math.sqrt(group.outputs.reduce((worst, i) => Math.max(worst, squares[i]!), 0));
        return error > share * rangeOf(group) && group.finer < MAX_FINER;
      });
      for (const group of open) group.finer += 1;
    }
  }

  #liftSmall(isRounded: (group: SumGroup) => boolean): void {
    const inSteps = (group: SumGroup) => (magnitudeOf(group) / this.#base) * 2 ** group.finer;
    const largest = this.#groups.reduce((most, group) => Math.max(most, inSteps(group)), 0);
    for (const group of this.#groups) {
      if (magnitudeOf(group) === 0 || !isRounded(group)) continue;
      while (inSteps(group) < largest * SMALLEST_SHARE && group.finer < MAX_FINER) group.finer += 1;
    }
  }
}

/** log2(coarse / fine) if that is a whole number ≥ 0. */
function powersBetween(coarse: number, fine: number): number | undefined {
  let powers = 0;
  let rest = coarse / fine;
  for (; rest > 1; rest /= 2) powers += 1;
  return rest === 1 ? powers : undefined;
}
