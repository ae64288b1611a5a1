import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileModel, readRows, setUpArtifact } from '#dist/index.js';
import { madeOnce } from './made-once.ts';

export interface IrisArtifact {
  /** A temporary folder for the test, which contains the artifact. */
  readonly root: string;
  readonly artifactDir: string;
  readonly rows: readonly number[][];
  remove(): Promise<void>;
}

/** iris-mlp, the smallest model that is proved here, compiled and set up by the built package, once in a run. */
export async function irisArtifact(
  input: 'digest' | 'public',
  output: 'label' | 'logits' = 'label',
): Promise<IrisArtifact> {
  const root = await mkdtemp(path.join(tmpdir(), 'iris-'));
  const artifactDir = path.join(root, 'iris');
  const data = 'models/iris-mlp/test.json';
  const made = await madeOnce(['iris', input, output], async (out) => {
    const model = 'models/iris-mlp/model.onnx';
    await compileModel({ model, calibration: data, out, input, output, name: 'iris', bits: 8 });
    await setUpArtifact(out, { source: { kind: 'development' }, behaviour: { count: 1 } });
  });
  await cp(made, artifactDir, { recursive: true });
  const { rows } = await readRows(data, { count: 4 });
  return {
    root,
    artifactDir,
    rows: rows.map((row) => Array.from(row)),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
