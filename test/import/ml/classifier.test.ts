import { describe, expect, it } from 'vitest';
import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';
import { runModel } from '../onnx/compare.ts';
import { answersOf, classifier, largestIndex, rowsOf, type TreeSpec } from './ensembles.ts';

const ROWS = rowsOf([-1, 0, 1, 2, 3, 4, 5]);

/** A tree with one leaf per row, which writes the given weights to the given classes. */
function ladder(classes: readonly number[], weights: readonly (readonly number[])[], at = 0): TreeSpec {
  const leaf = Object.fromEntries(classes.map((target, k) => [target, weights[at]![k]!]));
  if (at === weights.length - 1) return { leaf };
  const whenFalse = ladder(classes, weights, at + 1);
  return { mode: 'LEQ', feature: 0, threshold: at, whenTrue: { leaf }, whenFalse };
}

const INTEGERS = { classlabels_int64s: [3, 7] };
const STRINGS = { classlabels_strings: { strings: ['no', 'yes'] } };

async function labelsOf(model: ModelSpec): Promise<{ ours: string[]; theirs: string[] }> {
  const { graph, ours, theirs } = await answersOf(model, ROWS);
  expect(graph.outputs[0]!).toMatchObject({ name: 'label', head: 'argmax' });
  const named = (index: number) => graph.outputs[0]!.classes![index]!;
  return { ours: ours.map((one) => named(largestIndex(one))), theirs: theirs.map((one) => named(one[0]!)) };
}

/** Compares the probabilities as a model's only output. */
async function compareScores(model: ModelSpec): Promise<void> {
  const path = writeModel(buildOnnx({ ...model, outputs: [{ name: 'scores', type: 1 }] }));
  const graph = await importOnnx(path);
  const reference = await openOnnxReference(path);
  for (const row of ROWS) {
    const theirs = await reference.run(row);
    const logits = outputsOf(graph, executeFloat(graph, row));
    const ours = graph.outputs[0]!.head === 'softmax' ? softmax(logits) : runModel(graph, row);
    ours.forEach((value, i) => {
      expect(value).toBeCloseTo(theirs[i]!, 6);
    });
  }
  await reference.close();
}

const softmax = (logits: Float64Array): Float64Array => {
  const exps = logits.map((x) => Math.exp(x - Math.max(...logits)));
  return exps.map((x) => x / exps.reduce((sum, y) => sum + y, 0));
};

/** By what leaves write; the scores of the rows in ⅛, some of them exactly on a limit. */
const WRITES = [
  { classes: [0], kind: 'probabilities', weights: [[0], [0.25], [0.5], [0.625], [0.75], [1]] },
  { classes: [0], kind: 'margins', weights: [[-1], [-0.125], [0], [0.125], [0.5], [0.625]] },
  { classes: [1], kind: 'probabilities', weights: [[0], [0.25], [0.5], [0.625], [0.75], [1]] },
  { classes: [1], kind: 'margins', weights: [[-1], [-0.125], [0], [0.125], [0.5], [0.625]] },
  {
    classes: [0, 1],
    kind: 'probabilities',
    weights: [
      [1, 0],
      [0.75, 0.25],
      [0.5, 0.5],
      [0.25, 0.75],
      [0, 1],
    ],
  },
  {
    classes: [0, 1],
    kind: 'margins',
    weights: [
      [1, -1],
      [0.125, -0.125],
      [0, 0],
      [-0.25, 0.25],
      [0.5, 0.5],
    ],
  },
] as const;

describe('two classes', () => {
  const cases = WRITES.flatMap((write) =>
    [[], [0.125], [0.125, -0.25]].flatMap((base) =>
      [INTEGERS, STRINGS].map((labels) => ({ ...write, base, labels })),
    ),
  );
  const isConstant = ({ classes, base }: (typeof cases)[number]) => classes[0] === 1 && base.length === 2;

  it.each(cases)('leaves write $kind to $classes, base values $base, labels $labels', async (one) => {
    const attributes: Record<string, AttributeSpec> = {
      ...one.labels,
      ...(one.base.length > 0 && { base_values: { floats: one.base } }),
    };
    const model = classifier([ladder(one.classes, one.weights)], 1, attributes);
    if (isConstant(one)) {
      await expect(labelsOf(model)).rejects.toMatchObject({ code: 'QP2115' });
      return;
    }
    const { ours, theirs } = await labelsOf(model);
    expect(ours).toEqual(theirs);
  });

  it.each(cases.filter((one) => one.labels === STRINGS && !isConstant(one)))(
    'scores where leaves write $kind to $classes, base values $base',
    async ({ classes, weights, base, labels }) => {
      for (const post_transform of ['NONE', 'LOGISTIC', 'SOFTMAX']) {
        const attributes: Record<string, AttributeSpec> = {
          ...labels,
          post_transform,
          ...(base.length > 0 && { base_values: { floats: base } }),
        };
        await compareScores(classifier([ladder(classes, weights)], 1, attributes));
      }
    },
  );
});

describe('three classes', () => {
  const names = { classlabels_strings: { strings: ['a', 'b', 'c'] } };
  const all = [0, 1, 2].map((target): TreeSpec => {
    const weights = [0, 1, 2, 3, 4, 5].map((row) => [((row * 5 + target * 3) % 7) / 4 - 1]);
    return ladder([target], weights);
  });

  it.each([[], [0.25, 0, -0.5]])(
    'the largest score decides, with base values %j',
    async (...base: number[]) => {
      const shift = base.length > 0 ? { base_values: { floats: base } } : {};
      const { ours, theirs } = await labelsOf(classifier(all, 1, { ...names, ...shift }));
      expect(ours).toEqual(theirs);
      for (const post_transform of ['NONE', 'LOGISTIC', 'SOFTMAX'])
        await compareScores(classifier(all, 1, { ...names, ...shift, post_transform }));
    },
  );

  it('the lowest index wins where scores are equal', async () => {
    const ties = [
      [1, 1, 0],
      [0, 1, 1],
      [1, 0, 1],
      [0, 0, 0],
      [2, 2, 2],
    ];
    const { ours, theirs } = await labelsOf(classifier([ladder([0, 1, 2], ties)], 1, names));
    expect(ours).toEqual(theirs);
    expect(new Set(ours)).toEqual(new Set(['a', 'b']));
  });

  it('a class that no leaf scores is never the answer', async () => {
    const weights = [
      [-1, -2],
      [-3, -1],
      [-0.5, -0.5],
    ];
    const { ours, theirs } = await labelsOf(classifier([ladder([0, 2], weights)], 1, names));
    expect(ours).toEqual(theirs);
    expect(new Set(ours)).toEqual(new Set(['a', 'c']));
  });

  it('leaves may score only some classes if each gives one a positive weight', async () => {
    const leaf = (target: number): TreeSpec => ({ leaf: { [target]: 1 } });
    const step = (threshold: number, whenTrue: TreeSpec, whenFalse: TreeSpec): TreeSpec => {
      return { mode: 'LEQ', feature: 0, threshold, whenTrue, whenFalse };
    };
    const tree = step(0, leaf(2), step(2, leaf(0), leaf(1)));
    const { ours, theirs } = await labelsOf(classifier([tree], 1, names));
    expect(ours).toEqual(theirs);
    const negative = step(0, { leaf: { 2: -1 } }, step(2, leaf(0), leaf(1)));
    await expect(labelsOf(classifier([negative], 1, names))).rejects.toMatchObject({ code: 'QP2102' });
  });
});
