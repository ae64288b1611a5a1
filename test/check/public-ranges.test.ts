import path from 'node:path';
import {
  type AnyInterface,
  type EncodingV2,
  type InputMode,
  type InterfaceV2,
  type ModelInterface,
  type OutputV2,
  orderedGroups,
  type SignalGroup,
} from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { comparePublicRanges } from '../../src/check/public-ranges.ts';
import { loadModel, readModelRows } from '../../src/compile/load-model.ts';
import { modelInterface } from '../../src/compile/model-interface.ts';
import { modelInterfaceV1 } from '../../src/compile/model-interface-v1.ts';
import { quantizeUniform } from '../../src/compile/quantize-on-data.ts';
import { computeBounds } from '../../src/integer/execute.ts';
import type { StatedOutput } from '../../src/integer/integer-graph.ts';

async function quantized(input: InputMode, output: StatedOutput) {
  const folder = path.join('models', 'iris-mlp');
  const options = { input, output, bits: 6 };
  const loaded = await loadModel(path.join(folder, 'model.onnx'), options);
  const { rows } = await readModelRows(path.join(folder, 'test.json'), loaded);
  const { model } = quantizeUniform(loaded, rows, options);
  const { graph } = model;
  const bounds = computeBounds(graph);
  const { decisions, card } = loaded;
  const publicInterfaceV1 = modelInterfaceV1(
    model,
    bounds,
    loaded.graph.outputs[0]!.head,
    decisions[0]!,
    card,
  );
  return { graph, bounds, publicInterface: modelInterface(model, bounds, loaded), publicInterfaceV1 };
}

describe.each([
  ['digest', 'label'],
  ['digest', 'logits'],
  ['public', 'label'],
  ['public', 'logits'],
] as const)('the interface of a model with %s input and %s output', (input, output) => {
  it('says what the graph computes, in the proved ranges', async () => {
    const { graph, bounds, publicInterface, publicInterfaceV1 } = await quantized(input, output);
    expect(comparePublicRanges(graph, bounds, publicInterface)).toEqual([]);
    expect(comparePublicRanges(graph, bounds, publicInterfaceV1)).toEqual([]);
  });

  it('may not say anything else', async () => {
    const { graph, bounds, publicInterface, publicInterfaceV1 } = await quantized(input, output);
    for (const other of [...otherInterfaces(publicInterface), ...otherInterfacesV1(publicInterfaceV1)]) {
      expect(comparePublicRanges(graph, bounds, other), JSON.stringify(other)).not.toEqual([]);
    }
  });
});

it('says which mode and output are wrong', async () => {
  const { graph, bounds, publicInterface } = await quantized('digest', 'label');
  const rule = { kind: 'threshold', threshold: '0.5', head: 'none' } as const;
  const other: InterfaceV2 = {
    ...publicInterface,
    input: { ...publicInterface.input, mode: 'public' },
    outputs: [{ kind: 'label', name: 'label', count: 2, rule }],
  };
  expect(
    comparePublicRanges(graph, bounds, other)
      .map(({ what }) => what)
      .slice(0, 2),
  ).toEqual([
    'it says that the input is public, and it is digest',
    'it says that the output is decision, and it is label',
  ]);
});

/** Interfaces of version 2 that differ in one thing that a verdict rests on, and are whole by themselves. */
function otherInterfaces(publicInterface: InterfaceV2): AnyInterface[] {
  const { outputs, input } = publicInterface;
  const [output, part] = [outputs[0]!, input.parts[0]!];
  const mode: InputMode = input.mode === 'digest' ? 'public' : 'digest';
  const withEncoding = (encoding: EncodingV2) => ({
    ...publicInterface,
    input: { ...input, parts: [{ ...part, encoding }] },
  });
  const affine = part.encoding as Extract<EncodingV2, { kind: 'affine' }>;
  const score: OutputV2 = { kind: 'score', name: 'more', lo: '0', max: '7', scale: '1', head: 'none' };
  return [
    { ...publicInterface, input: { ...input, mode } },
    withEncoding({ ...affine, max: '1023' }),
    withEncoding({ kind: 'rank32', nan: 'refused' }),
    { ...publicInterface, input: { ...input, parts: [{ ...part, shape: [5] }] } },
    { ...publicInterface, input: { ...input, parts: [part, { ...part, name: 'more' }] } },
    { ...publicInterface, outputs: [...outputs, score] },
    { ...publicInterface, outputs: [...outputs, { ...output, name: 'more' }] },
    { ...publicInterface, outputs: [{ kind: 'category', name: 'label', values: ['a', 'b', 'c'] }] },
    { ...publicInterface, outputs: [widened(output)] },
    ...(output.kind === 'vector' ? [{ ...publicInterface, outputs: [{ ...output, lo: '-1' }] }] : []),
  ];
}

function widened(output: OutputV2): OutputV2 {
  switch (output.kind) {
    case 'label':
      return { ...output, count: output.count + 1 };
    case 'score':
    case 'vector':
      return { ...output, max: '7' };
    case 'category':
      return output;
  }
}

/** The same of version 1. */
function otherInterfacesV1(publicInterface: ModelInterface): ModelInterface[] {
  const [outputs, input, context] = publicInterface.signals as [SignalGroup, SignalGroup, SignalGroup];
  const groups = { outputs, input, context };
  const wider = { count: 1, max: '7' };
  const mode: InputMode = publicInterface.input.mode === 'digest' ? 'public' : 'digest';
  return [
    { ...publicInterface, input: { ...publicInterface.input, mode } },
    {
      ...publicInterface,
      input: { ...publicInterface.input, encoding: { ...publicInterface.input.encoding, max: '1023' } },
    },
    { ...publicInterface, output: { kind: 'threshold', threshold: '0.5', head: 'none' } },
    { ...publicInterface, signals: orderedGroups({ ...groups, outputs: { ...outputs, ...wider } }) },
    { ...publicInterface, signals: orderedGroups({ ...groups, input: { ...input, ...wider } }) },
    { ...publicInterface, signals: orderedGroups({ ...groups, context: { ...context, ...wider } }) },
    { ...publicInterface, signals: orderedGroups({ ...groups, input: context, context: input }) },
    { ...publicInterface, signals: [...publicInterface.signals, context] },
  ];
}
