import path from 'node:path';
import { type InputMode, type ModelInterface, orderedGroups, type SignalGroup } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { comparePublicRanges } from '../../src/check/public-ranges.ts';
import { loadModel, quantizeLoaded, readModelRows } from '../../src/compile/load-model.ts';
import { modelInterface } from '../../src/compile/model-interface.ts';
import { computeBounds } from '../../src/integer/execute.ts';
import type { StatedOutput } from '../../src/integer/integer-graph.ts';

async function quantized(input: InputMode, output: StatedOutput) {
  const folder = path.join('models', 'iris-mlp');
  const options = { input, output, bits: 6 };
  const loaded = await loadModel(path.join(folder, 'model.onnx'), options);
  const { rows } = await readModelRows(path.join(folder, 'test.json'), loaded.graph);
  const { model } = quantizeLoaded(loaded, rows, options);
  const { graph } = model;
  const bounds = computeBounds(graph);
  const publicInterface = modelInterface(
    model,
    bounds,
    loaded.graph.output.head,
    loaded.decision,
    loaded.card,
  );
  return { graph, bounds, publicInterface };
}

describe.each([
  ['digest', 'label'],
  ['digest', 'logits'],
  ['public', 'label'],
  ['public', 'logits'],
] as const)('the interface of a model with %s input and %s output', (input, output) => {
  it('says what the graph computes, in the proved ranges', async () => {
    const { graph, bounds, publicInterface } = await quantized(input, output);
    expect(comparePublicRanges(graph, bounds, publicInterface)).toEqual([]);
  });

  it('may not say anything else', async () => {
    const { graph, bounds, publicInterface } = await quantized(input, output);
    for (const other of otherInterfaces(publicInterface)) {
      expect(comparePublicRanges(graph, bounds, other)).not.toEqual([]);
    }
  });
});

it('says which mode and output are wrong', async () => {
  const { graph, bounds, publicInterface } = await quantized('digest', 'label');
  const other: ModelInterface = {
    ...publicInterface,
    input: { ...publicInterface.input, mode: 'public' },
    output: { kind: 'threshold', threshold: '0.5', head: 'none' },
  };
  expect(comparePublicRanges(graph, bounds, other).map(({ what }) => what)).toEqual([
    'it says that the input is public, and it is digest',
    'it says that the output is threshold, and it is argmax',
  ]);
});

/** Interfaces that differ in one thing that a verdict depends on. */
function otherInterfaces(publicInterface: ModelInterface): ModelInterface[] {
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
