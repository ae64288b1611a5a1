import type { FloatGraph } from '../graph/float-graph.ts';
import { type BitWidths, NARROWEST_BITS, uniformWidths, WIDEST_BITS } from '../quantize/bit-widths.ts';
import type { Calibration } from '../quantize/calibrate.ts';
import { countLabelFlips, labellerOf } from '../quantize/label-flips.ts';
import { type QuantizedModel, type QuantizeOptions, quantizer } from '../quantize/quantize.ts';
import { type CircuitCost, circuitCost } from './circuit-cost.ts';

/** Flips may exceed those at 8 bits by this share of the calibration rows. */
export const FLIP_TOLERANCE = 0.002;
/** How many of a domain's widest choices are tried on the calibration rows. */
const CANDIDATES = 8;

export interface WidthChoice {
  readonly model: QuantizedModel;
  readonly cost: CircuitCost;
  /** One sentence for people: what was chosen, and why. */
  readonly reason: string;
}

interface Candidate {
  readonly model: QuantizedModel;
  readonly cost: CircuitCost;
}

/**
 * `--bits auto`. Proving cost doubles at each power of two of constraints + public signals, so between two powers
 * width is free: takes the widest weights, inputs and activations (≤ 8 bits) of the smallest domain whose label
 * flips on the calibration rows stay within FLIP_TOLERANCE of the 8-bit ones.
 */
export function chooseWidths(
  graph: FloatGraph,
  calibration: Calibration,
  options: QuantizeOptions,
): WidthChoice {
  const quantizeAt = quantizer(graph, calibration, options);
  const build = (widths: BitWidths): Candidate => {
    const model = quantizeAt(widths);
    return { model, cost: circuitCost(model.graph) };
  };
  const widest = build(uniformWidths(WIDEST_BITS));
  const labeller = labellerOf(graph.output, options.decision);
  if (labeller === undefined) {
    return { ...widest, reason: `${describe(widest)}: the model has no labels to judge fewer bits by` };
  }
  const rows = calibration.rows.length;
  const widestFlips = countLabelFlips(widest.model, calibration, labeller);
  const allowed = widestFlips + FLIP_TOLERANCE * rows;
  let chosen = widest;
  let flips = widestFlips;
  for (let power = widest.cost.domainPower - 1; power > 0; power -= 1) {
    const found = widestWithin(
      power,
      build,
      (candidate) => countLabelFlips(candidate, calibration, labeller),
      allowed,
    );
    if (found === undefined) break;
    chosen = found.candidate;
    flips = found.flips;
    power = chosen.cost.domainPower;
  }
  const smaller = chosen.cost.domainPower - 1;
  const why =
    `the smallest domain, 2^${chosen.cost.domainPower}, in which label flips (${flips} of ${rows} rows) stay within ` +
    `0.2 points of those at 8 bits (${widestFlips}); nothing that fits 2^${smaller} does`;
  return { ...chosen, reason: `${describe(chosen)}: ${why}` };
}

function describe({ model: { widths } }: Candidate): string {
  return `weights ${widths.weights}, input ${widths.input}, activations ${widths.activations} bits`;
}

function widestWithin(
  power: number,
  build: (widths: BitWidths) => Candidate,
  flipsOf: (model: QuantizedModel) => number,
  allowed: number,
): { candidate: Candidate; flips: number } | undefined {
  for (const candidate of fittingCandidates(power, build).slice(0, CANDIDATES)) {
    const flips = flipsOf(candidate.model);
    if (flips <= allowed) return { candidate, flips };
  }
  return undefined;
}

/**
 * Choices that fit a domain and that none of the others exceeds in every width, widest first. Narrower weights or
 * inputs never leave less room for activations, so each pair starts from what its wider neighbours reached, and is
 * of interest only where it gets further.
 */
function fittingCandidates(power: number, build: (widths: BitWidths) => Candidate): Candidate[] {
  const fitting: Candidate[] = [];
  const reached = new Array<number>(WIDEST_BITS + 1).fill(NARROWEST_BITS - 1);
  for (let weights = WIDEST_BITS; weights >= NARROWEST_BITS; weights -= 1) {
    let activations = NARROWEST_BITS - 1;
    for (let input = WIDEST_BITS; input >= NARROWEST_BITS; input -= 1) {
      activations = Math.max(activations, reached[input]!);
      let furthest: Candidate | undefined;
      while (activations < WIDEST_BITS) {
        const candidate = build({ weights, input, activations: activations + 1 });
        if (candidate.cost.domainPower > power) break;
        furthest = candidate;
        activations += 1;
      }
      reached[input] = activations;
      if (furthest !== undefined) fitting.push(furthest);
    }
  }
  const total = ({ model: { widths } }: Candidate) => widths.weights + widths.input + widths.activations;
  return fitting
    .filter((one) => !fitting.some((other) => other !== one && covers(other.model.widths, one.model.widths)))
    .sort(
      (a, b) =>
        total(b) - total(a) || narrowest(b) - narrowest(a) || b.model.widths.weights - a.model.widths.weights,
    );
}

function covers(a: BitWidths, b: BitWidths): boolean {
  return a.weights >= b.weights && a.input >= b.input && a.activations >= b.activations;
}

function narrowest({ model: { widths } }: Candidate): number {
  return Math.min(widths.weights, widths.input, widths.activations);
}
