import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  artifactInput,
  compileModel,
  modelIdOf,
  proveBatch,
  readRows,
  setUpArtifact,
  verifyFiles,
} from '#dist/index.js';
import { type Comparison, compareLabels } from './compare-labels.ts';

/** What became of one model. */
export type Outcome =
  | { readonly kind: 'proved'; readonly constraints: number; readonly labels: Comparison }
  /** `reason`: the first line of the refusal. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The model's own tool does not convert it, or ONNX Runtime does not run the result. */
  | { readonly kind: 'unconverted'; readonly reason: string };

/**
 * Compiles a model with the training data and no option, compares its labels, makes its key, and proves and verifies one
 * row that training did not see.
 */
export async function proveModel(folder: string, scratch: string): Promise<Outcome> {
  const failure = await readFile(path.join(folder, 'error.txt'), 'utf8').catch(() => undefined);
  if (failure !== undefined) return { kind: 'unconverted', reason: failure };
  const [artifactDir, outDir] = [path.join(scratch, 'artifact'), path.join(scratch, 'proofs')];
  try {
    const { manifest } = await compileModel({
      model: path.join(folder, 'model.onnx'),
      calibration: path.join(folder, 'train.csv'),
      out: artifactDir,
    });
    const soundness = manifest.manifest.claims?.soundness;
    if (soundness?.verdict !== 'proved') throw new Error(`soundness: ${soundness?.verdict}`);
    const labels = await compareLabels(folder, await readFile(path.join(artifactDir, 'integer-graph.json')));
    // Its key is tried on one witness, not on 32: the proof that follows is tried anyway.
    await setUpArtifact(artifactDir, { source: { kind: 'development' }, behaviour: { count: 1 } });
    const { rows } = await readRows(path.join(folder, 'rows.csv'), await artifactInput(artifactDir));
    await proveBatch({ artifactDir, rows: [{ index: 0, values: rows[0]! }], outDir, workers: 1 });
    for await (const { verdict } of verifyFiles([outDir], { model: await modelIdOf(artifactDir) })) {
      if (!verdict.accepted) return { kind: 'refused', reason: verdict.headline };
    }
    return { kind: 'proved', constraints: manifest.cost.constraints, labels };
  } catch (error) {
    return { kind: 'refused', reason: (error as Error).message.split('\n')[0]! };
  } finally {
    for (const one of [artifactDir, outDir]) await rm(one, { recursive: true, force: true });
  }
}
