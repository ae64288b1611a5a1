import type { InputMode } from '@quietproof/verify';
import type { FloatGraph } from '../graph/float-graph.ts';
import { checkIntegerGraph } from '../integer/check-integer-graph.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { type BitWidths, checkWidths } from './bit-widths.ts';
import type { Calibration } from './calibrate.ts';
import { calibratedScales } from './calibrated-scales.ts';
import { applyDecisions, type Decision } from './decision.ts';
import type { FeatureRange } from './feature-range.ts';
import { gappedFeatures } from './gapped-features.ts';
import { encodeInputs, type InputEncoding, type RankedFeatures } from './input-encoding.ts';
import { leafBound } from './leaf-bound.ts';
import type { LoweredOutput } from './lower/context.ts';
import { lowerGraph } from './lower/lower-graph.ts';
import type { ScaleSource } from './scale-source.ts';
import { stepGroups } from './step-groups.ts';

export interface QuantizeOptions {
  readonly input: InputMode;
  /** One per output of the model. */
  readonly decisions: readonly Decision[];
  /** Declared ranges by feature (from a model card); they override calibration. */
  readonly declared?: readonly (FeatureRange | undefined)[];
  /** Which features are coded by rank (`rankedFeatures`); default: none. */
  readonly ranked?: RankedFeatures;
}

/** A quantized model: the integer graph, and where its logits are. */
export interface QuantizedModel {
  /** A label for people: no digest up to the circuit depends on it. */
  readonly name: string;
  readonly graph: IntegerGraph;
  /** The logits of each output, even if the statement contains only its label. */
  readonly outputs: readonly LoweredOutput[];
  readonly widths: BitWidths;
  readonly inputGrid: InputEncoding['grid'];
  /** How far the logits of an ensemble of trees may be from a runtime's (`leafBound`). */
  readonly leafBound?: number;
  /** By layer whose values are not all in the steps of its node: the scale of each. */
  readonly ownScales: ReadonlyMap<string, Float64Array>;
}

/**
 * Float graph → integer graph, at any widths. Deterministic: + − × ÷ and comparisons in a fixed order.
 *
 * @returns a function of the widths, which caches the input encodings between calls
 * @throws QuietproofError from the returned function: QP3002 (leaky slope), QP3006 and QP3015 (widths that cannot be), and
 *   what `isWidthRefusal` names
 */
export function quantizer(
  graph: FloatGraph,
  calibration: Calibration,
  options: QuantizeOptions,
): (widths: BitWidths) => QuantizedModel {
  const { input, decisions, declared = [], ranked = [] } = options;
  const groups = stepGroups(graph);
  const ofInputs = groups.subarray(0, graph.input.count);
  const values = graph.input.parts.flatMap((part) => Array.from({ length: part.count }, () => part.values));
  const encodings = new Map<number, InputEncoding>();
  const encodingAt = (bits: number) => {
    const known =
      encodings.get(bits) ??
      encodeInputs(calibration.accepted, {
        ...{ groups: ofInputs, bits, mode: input, declared, ranked, values },
        gapped: gappedFeatures(graph),
      });
    encodings.set(bits, known);
    return known;
  };
  const scales = calibratedScales(graph, calibration, groups);
  return (widths) => {
    return quantizeWith(graph, encodingAt(widths.input), scales, widths, { input, decisions });
  };
}

/** Float graph → integer graph from given choices: those of calibration, or those that a manifest records. */
export function quantizeWith(
  graph: FloatGraph,
  encoding: InputEncoding,
  scales: ScaleSource,
  widths: BitWidths,
  { input, decisions }: Pick<QuantizeOptions, 'input' | 'decisions'>,
): QuantizedModel {
  checkWidths(
    widths,
    graph.nodes.map(({ name }) => name),
  );
  const lowered = lowerGraph(graph, encoding, scales, widths, input);
  const { nodes, statement } = applyDecisions(lowered, graph.outputs, decisions, input);
  const { format, sha256 } = graph.source;
  const integer = { source: { format, sha256 }, input: lowered.input, nodes, statement };
  checkIntegerGraph(integer);
  // Refuses widths at which a number could exceed the exact integers.
  computeBounds(integer);
  const { outputs, ownScales } = lowered;
  const bound = leafBound(
    graph,
    encoding.codings.map((coding) => (coding.kind === 'rank32' ? coding : undefined)),
  );
  return {
    name: graph.name,
    graph: integer,
    outputs,
    widths,
    ownScales,
    inputGrid: encoding.grid,
    ...(bound !== undefined && { leafBound: bound }),
  };
}
