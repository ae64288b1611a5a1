import type { InterfaceV2 } from '@quietproof/verify';
import type { Bounds } from '../integer/bounds.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { inputParts } from './input-parts.ts';
import { type InterfaceSource, outputInterfaces } from './interface-outputs.ts';

/**
 * The interface of a quantized model: signal order, ranges, scales and names, as verifiers read it.
 *
 * @throws QuietproofError QP3008 where the one score goes through a softmax
 */
export function modelInterface(
  model: QuantizedModel,
  bounds: Bounds,
  { graph, decisions, card }: InterfaceSource,
): InterfaceV2 {
  const { input, statement } = model.graph;
  return {
    version: 'quietproof/interface/v2',
    name: model.name,
    weights: { kind: 'constants' },
    outputs: outputInterfaces(model, bounds, { graph, decisions, card }),
    input: { mode: statement.input, parts: inputParts(input, graph.input.parts, card) },
  };
}
