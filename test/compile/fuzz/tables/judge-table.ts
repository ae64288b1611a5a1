import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LoadedModel, loadModel, rowSpec } from '../../../../src/compile/load-model.ts';
import { importOnnx } from '../../../../src/import/onnx/import-onnx.ts';
import { Choices } from '../choices.ts';
import { asOutcome, type Judge, type Judged, type Outcome } from '../outcome.ts';
import { compareTable, tableReference } from './compare-table.ts';
import { judgeCircuit } from './judge-circuit.ts';
import { judgeIntegers } from './judge-integers.ts';
import { type TableModel, tableModel } from './table-model.ts';
import { type Feature, featuresOf, tableRows } from './table-rows.ts';

const ROWS = 40;

/** Compares the import of a random model of tables with ONNX Runtime, on rows of usual and of hostile values. */
export const judgeTableFloats: Judge = (source) => judged(source, judgeFloats);

/** The same, and quantizes it on random rows. */
export const judgeTable: Judge = (source) =>
  judged(source, async (loaded, features, model) => {
    const floats = await judgeFloats(loaded, features, model);
    return floats.kind === 'kept' ? judgeIntegers(loaded, features) : floats;
  });

/** Compiles a random model, and tries its circuit. */
export const judgeTableCircuit: Judge = (source) =>
  judged(source, (loaded, features, { chosen }) => judgeCircuit(loaded, features, chosen));

type Follow = (loaded: LoadedModel, features: readonly Feature[], model: TableModel) => Promise<Outcome>;

async function judged(source: number | readonly number[], follow: Follow): Promise<Judged> {
  const choices = new Choices(source);
  const model = tableModel(choices);
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-fuzz-'));
  try {
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, model.bytes);
    const outcome = await judgeFile(file, model, follow).catch(asTableOutcome);
    const count = model.inputs.reduce((sum, { width }) => sum + width, 0);
    return { ...outcome, taken: choices.taken, operators: model.operators, count };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** ONNX Runtime refuses NaN also in a Binarizer that no output needs, and that we leave out. */
function asTableOutcome(thrown: unknown): Outcome {
  const isIdle = thrown instanceof Error && /Running Binarizer node.* is NaN/i.test(thrown.message);
  return isIdle ? { kind: 'refused', reason: 'an idle Binarizer' } : asOutcome(thrown);
}

async function judgeFile(file: string, model: TableModel, follow: Follow): Promise<Outcome> {
  const loaded = await loadModel(file, model.chosen === undefined ? {} : { output: model.chosen });
  return follow(loaded, featuresOf(loaded.graph, model.inputs, rowSpec(loaded).accepts), model);
}

async function judgeFloats(
  { file, graph }: LoadedModel,
  features: readonly Feature[],
  { isExact }: TableModel,
): Promise<Outcome> {
  const rows = tableRows(features, ROWS, { seed: 1, hostile: 0.5 });
  const expected = await tableReference(file, graph, rows);
  const imported = await importOnnx(file, { outputs: graph.outputs.map(({ tensor }) => tensor) });
  for (const own of [imported, graph]) {
    const wrong = compareTable(own, rows, expected, isExact);
    if (wrong !== undefined) return { kind: 'failed', reason: wrong };
  }
  return { kind: 'kept', reason: isExact ? 'exact' : 'float32' };
}
