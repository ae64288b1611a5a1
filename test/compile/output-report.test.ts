import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { describeAlternatives } from '../../src/cli/render/statement-words.ts';
import { loadModel, type StatementOptions } from '../../src/compile/load-model.ts';
import { outputReports } from '../../src/compile/output-report.ts';
import { saved, withModelFolder } from '../import/tfjs/saved-model.ts';

const L = tf.layers;
type Ends = 'linear' | 'sigmoid' | 'softmax';

/** Dense layers of these sizes, from an input of the first. */
async function reportOf(sizes: number[], activation: Ends, options: StatementOptions = {}) {
  const model = tf.sequential();
  model.add(L.inputLayer({ inputShape: [sizes[0]!] }));
  for (const units of sizes.slice(1, -1)) model.add(L.dense({ units, activation: 'relu' }));
  model.add(L.dense({ units: sizes.at(-1)!, activation }));
  const { json, weights } = await saved(model);
  return withModelFolder(json, { 'weights.bin': weights }, async (file) => {
    const [report] = outputReports(await loadModel(file, options), options);
    return { kind: report!.decision.kind, or: describeAlternatives([report!]) };
  });
}

const SCORES = ['the scores themselves, with --output logits'];
const LABEL = ['a label, with --output label'];

describe('what a proof says where nobody asks', () => {
  it.each<[string, number[], Ends, string, string[]]>([
    ['an autoencoder: its values', [6, 3, 6], 'linear', 'logits', LABEL],
    ['an autoencoder that ends in sigmoids: its values', [6, 3, 6], 'sigmoid', 'logits', LABEL],
    ['as many classes as features, without fewer between: a label', [2, 8, 2], 'linear', 'argmax', SCORES],
    ['a softmax over as many classes as features: a label', [6, 3, 6], 'softmax', 'argmax', []],
    ['fewer scores than features: a label', [6, 4], 'linear', 'argmax', SCORES],
    ['several sigmoids: a label each', [6, 3], 'sigmoid', 'threshold', SCORES],
    ['one sigmoid: a label', [6, 1], 'sigmoid', 'threshold', []],
    ['one score: its value', [6, 1], 'linear', 'logits', ['a label, with --threshold <x>']],
  ])('of %s', async (_, sizes, activation, kind, or) => {
    expect(await reportOf(sizes, activation)).toEqual({ kind, or });
  });

  it('follows the option, and then names no other', async () => {
    const label = await reportOf([6, 3, 6], 'linear', { output: 'label' });
    expect(label).toEqual({ kind: 'argmax', or: [] });
    expect(await reportOf([6, 3, 6], 'sigmoid', { threshold: 0.7 })).toEqual({ kind: 'threshold', or: [] });
  });
});

it('names the option for one of several outputs with all the others', async () => {
  const input = tf.input({ shape: [6] });
  const code = L.dense({ units: 3, activation: 'relu' }).apply(input);
  const outputs = ['copy', 'kind'].map((name, k) => {
    return L.dense({ units: k === 0 ? 6 : 2, name }).apply(code) as tf.SymbolicTensor;
  });
  const { json, weights } = await saved(tf.model({ inputs: input, outputs }));
  const reports = await withModelFolder(json, { 'weights.bin': weights }, async (file) => {
    return outputReports(await loadModel(file, {}), {});
  });
  expect(reports.map(({ decision }) => decision.kind)).toEqual(['logits', 'argmax']);
  expect(describeAlternatives(reports)).toEqual([
    'a label of "copy", with --output copy=label,kind',
    'the scores themselves of "kind", with --output copy,kind=logits',
  ]);
});
