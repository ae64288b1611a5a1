import {
  type AffineEncoding,
  INPUT_MODES,
  type InputInterface,
  type InputMode,
  MAX_CONTEXT,
  type ModelInterface,
  type OutputInterface,
  orderedGroups,
  type SignalGroup,
} from '@quietproof/verify';
import type { GraphOutput } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerInput } from '../integer/integer-graph.ts';
import type { Card } from '../quantize/card.ts';
import type { Decision } from '../quantize/decision.ts';
import type { LoweredOutput } from '../quantize/lower/context.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { oneOrMany } from './one-or-many.ts';

/**
 * The interface of a quantized model in version 1 of the format. Nothing is compiled to it any more: it is what
 * interfaces of artifacts of 0.1 are compared with when they are derived again.
 */
export function modelInterfaceV1(
  model: QuantizedModel,
  bounds: Bounds,
  head: GraphOutput['head'],
  decision: Decision,
  card: Card,
): ModelInterface {
  const { graph } = model;
  const logits = model.outputs[0]!;
  const output = outputInterface(logits, bounds, head, decision, card);
  return {
    version: 'quietproof/interface/v1',
    name: model.name,
    output,
    input: inputInterface(graph.input, graph.statement.input, card),
    context: { encoding: 'quietproof/context/v1' },
    signals: orderedGroups({
      outputs: outputSignals(logits, bounds, output),
      input: inputSignals(graph.input, graph.statement.input),
      context: { role: 'context', count: 1, max: MAX_CONTEXT.toString() },
    }),
  };
}

function outputInterface(
  { logits, scale }: LoweredOutput,
  bounds: Bounds,
  head: GraphOutput['head'],
  decision: Decision,
  card: Card,
): OutputInterface {
  const names = card.classes === undefined ? {} : { names: card.classes };
  switch (decision.kind) {
    case 'argmax':
      return { kind: 'argmax', count: logits.length, ...names };
    case 'threshold': {
      const [zero, one] = card.classes ?? [];
      return {
        kind: 'threshold',
        threshold: String(decision.threshold),
        head: head === 'sigmoid' ? 'sigmoid' : 'none',
        ...(zero !== undefined && one !== undefined && { names: [zero, one] as const }),
      };
    }
    case 'logits':
      return {
        kind: 'logits',
        count: logits.length,
        lo: Array.from(logits, (id) => String(bounds.lo[id]!)),
        scale: String(scale),
        head: head === 'argmax' ? 'none' : head,
        ...names,
        ...(card.unit !== undefined && { unit: card.unit }),
      };
  }
}

function inputInterface(input: IntegerInput, mode: InputMode, card: Card): InputInterface {
  const names = card.features?.map((feature, i) => feature.name ?? `feature ${i}`);
  const units = card.features?.map((feature) => feature.unit ?? '');
  return {
    mode,
    shape: input.shape,
    encoding: affineEncoding(input),
    ...(names !== undefined && { names }),
    ...(units?.some((unit) => unit !== '') && { units }),
  };
}

/** 0.1 had no other encoding. */
function affineEncoding({ codings, max }: IntegerInput): AffineEncoding {
  const affine = codings.filter((coding) => coding.kind === 'affine');
  return {
    kind: 'affine',
    offset: oneOrMany(affine.map(({ offset }) => offset)),
    step: oneOrMany(affine.map(({ step }) => step)),
    max: oneOrMany(max),
  };
}

function outputSignals({ logits }: LoweredOutput, bounds: Bounds, output: OutputInterface): SignalGroup {
  switch (output.kind) {
    case 'threshold':
      return { role: 'output', count: 1, max: '1' };
    case 'argmax':
      return { role: 'output', count: 1, max: String(output.count - 1) };
    case 'logits': {
      const widths = Float64Array.from(logits, (id) => bounds.hi[id]! - bounds.lo[id]!);
      return { role: 'output', count: output.count, max: oneOrMany(widths) };
    }
  }
}

function inputSignals(input: IntegerInput, mode: InputMode): SignalGroup {
  const { role, signalCount, signalMax } = INPUT_MODES[mode];
  return { role, count: signalCount(input.count), max: signalMax(() => oneOrMany(input.max)) };
}
