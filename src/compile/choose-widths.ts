import { type CircuitCost, circuitCost } from '../circuit/circuit-cost.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import {
  type BitWidths,
  DEFAULT_BITS,
  NARROWEST_AUTO_BITS,
  NARROWEST_BITS,
  uniformWidths,
} from '../quantize/bit-widths.ts';
import type { Calibration } from '../quantize/calibrate.ts';
import { countLabelFlips, labellerOf } from '../quantize/label-flips.ts';
import { type QuantizedModel, type QuantizeOptions, quantizer } from '../quantize/quantize.ts';

/** Label flips may exceed those at 8 bits by this share of the calibration rows. */
export const FLIP_TOLERANCE = 0.002;
/** How many of the widest choices for a domain are tried on the calibration rows. */
const MAX_CANDIDATES = 8;

export interface WidthChoice {
  readonly model: QuantizedModel;
  readonly cost: CircuitCost;
  /** One sentence for users: what was chosen, and why. */
  readonly reason: string;
}

interface Candidate {
  readonly model: QuantizedModel;
  readonly cost: CircuitCost;
}

/**
 * Implements `--bits auto`. Proving cost doubles at each power of two of constraints + public signals, so between two
 * powers more bits are free. Finds the smallest domain at which label flips on the calibration rows stay within
 * FLIP_TOLERANCE of those at 8 bits, and uses the widest weights, inputs and activations (≤ 8 bits) that fit it.
 */
export function chooseWidths(
  graph: FloatGraph,
  calibration: Calibration,
  options: QuantizeOptions,
): WidthChoice {
  const search = new WidthSearch(graph, calibration, options);
  const widest = search.at(uniformWidths(DEFAULT_BITS));
  const labeller = labellerOf(graph.output, options.decision);
  if (labeller === undefined) {
    return { ...widest, reason: `${describe(widest)}: the model has no labels to judge fewer bits by` };
  }
  const flipsOf = ({ model }: Candidate) => countLabelFlips(model, calibration, labeller);
  const rows = calibration.rows.length;
  const widestFlips = flipsOf(widest);
  const allowed = widestFlips + FLIP_TOLERANCE * rows;
  let chosen = widest;
  let flips = widestFlips;
  let tried = search.fitting(widest.cost.domainPower - 1);
  for (let found = true; found; ) {
    found = false;
    for (const candidate of tried) {
      const own = flipsOf(candidate);
      if (own > allowed) continue;
      chosen = candidate;
      flips = own;
      found = true;
      tried = search.fitting(chosen.cost.domainPower - 1);
      break;
    }
  }
  const power = chosen.cost.domainPower;
  const smaller = tried.length === 0 ? 'nothing' : `none of the ${tried.length} widest choices`;
  const why =
    `the smallest domain found, 2^${power}, in which label flips (${flips} of ${rows} rows) stay within 0.2 points ` +
    `of those at 8 bits (${widestFlips}); ${smaller} that fit${tried.length === 0 ? 's' : ''} 2^${power - 1} does`;
  return { ...chosen, reason: `${describe(chosen)}: ${why}` };
}

function describe({ model: { widths } }: Candidate): string {
  return `weights ${widths.weights}, input ${widths.input}, activations ${widths.activations} bits`;
}

/** Builds candidates by their widths. Costs are computed once per choice of widths. */
class WidthSearch {
  readonly #quantizeAt: (widths: BitWidths) => QuantizedModel;
  readonly #costs = new Map<string, CircuitCost>();

  constructor(graph: FloatGraph, calibration: Calibration, options: QuantizeOptions) {
    this.#quantizeAt = quantizer(graph, calibration, options);
  }

  at(widths: BitWidths): Candidate {
    const model = this.#quantizeAt(widths);
    return { model, cost: this.#costOf(widths, model) };
  }

  /** The widest choices that fit a domain, widest first, without those that another one covers in all three widths. */
  fitting(power: number): Candidate[] {
    const fitting: BitWidths[] = [];
    for (let weights = DEFAULT_BITS; weights >= NARROWEST_AUTO_BITS; weights -= 1) {
      for (let input = DEFAULT_BITS; input >= NARROWEST_BITS; input -= 1) {
        let activations = DEFAULT_BITS;
        while (activations >= NARROWEST_AUTO_BITS) {
          if (this.#costOf({ weights, input, activations }).domainPower <= power) break;
          activations -= 1;
        }
        if (activations >= NARROWEST_AUTO_BITS) fitting.push({ weights, input, activations });
      }
    }
    return fitting
      .filter((one) => !fitting.some((other) => other !== one && covers(other, one)))
      .sort((a, b) => total(b) - total(a) || narrowest(b) - narrowest(a) || b.weights - a.weights)
      .slice(0, MAX_CANDIDATES)
      .map((widths) => this.at(widths));
  }

  #costOf(widths: BitWidths, model?: QuantizedModel): CircuitCost {
    const name = `${widths.weights}/${widths.input}/${widths.activations}`;
    const cost = this.#costs.get(name) ?? circuitCost((model ?? this.#quantizeAt(widths)).graph);
    this.#costs.set(name, cost);
    return cost;
  }
}

function covers(a: BitWidths, b: BitWidths): boolean {
  return a.weights >= b.weights && a.input >= b.input && a.activations >= b.activations;
}

function total({ weights, input, activations }: BitWidths): number {
  return weights + input + activations;
}

function narrowest({ weights, input, activations }: BitWidths): number {
  return Math.min(weights, input, activations);
}
