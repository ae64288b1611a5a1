import type { InputMode } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { checkIntegerGraph } from '../integer/check-integer-graph.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { BitWidths } from './bit-widths.ts';
import type { Calibration } from './calibrate.ts';
import { applyDecision, type Decision } from './decision.ts';
import { encodeInputs, type FeatureRange, type InputEncoding } from './input-encoding.ts';
import { calibratedShifts, lowerGraph, type ShiftRule } from './lower.ts';

export interface QuantizeOptions {
  readonly input: InputMode;
  readonly decision: Decision;
  /** Declared ranges by feature (a model card's); they override calibration. */
  readonly declared?: readonly (FeatureRange | undefined)[];
}

/** A quantized model: the integer graph, and how to read its logits. */
export interface QuantizedModel {
  readonly graph: IntegerGraph;
  /** Value ids of the logits, also where the statement says only a label. */
  readonly logits: Int32Array;
  /** real logit = integer · logitScale. */
  readonly logitScale: number;
  readonly widths: BitWidths;
}

/**
 * Float graph → integer graph, at any widths. Deterministic: + − × ÷ and comparisons in a fixed order.
 *
 * @returns a function of the widths; it keeps what calls have in common
 * @throws QuietproofError QP3008 (nothing to prove); the function: QP3001 (values too large), QP3002 (leaky slope),
 *   QP3009 (clip bounds)
 */
export function quantizer(
  graph: FloatGraph,
  calibration: Calibration,
  options: QuantizeOptions,
): (widths: BitWidths) => QuantizedModel {
  if (graph.nodes.length === 0) throw new QuietproofError('QP3008', { where: graph.source.file });
  const { input, decision, declared } = options;
  const encodings = new Map<number, InputEncoding>();
  const encodingAt = (bits: number) => {
    const known =
      encodings.get(bits) ?? encodeInputs(calibration.rows, graph.input.shape, bits, input, declared);
    encodings.set(bits, known);
    return known;
  };
  return (widths) => {
    const shifts = calibratedShifts(calibration.magnitudes);
    return quantizeWith(graph, encodingAt(widths.input), shifts, widths, { input, decision });
  };
}

/** Float graph → integer graph with everything chosen beforehand: by calibration, or as a manifest records it. */
export function quantizeWith(
  graph: FloatGraph,
  encoding: InputEncoding,
  shifts: ShiftRule,
  widths: BitWidths,
  { input, decision }: Pick<QuantizeOptions, 'input' | 'decision'>,
): QuantizedModel {
  const lowered = lowerGraph(graph, encoding, shifts, widths);
  const { nodes, statement } = applyDecision(lowered, graph.output, decision, input);
  const integer = { name: graph.name, source: graph.source, input: lowered.input, nodes, statement };
  checkIntegerGraph(integer);
  return { graph: integer, logits: lowered.logits, logitScale: lowered.logitScale, widths };
}
