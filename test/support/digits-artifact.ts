import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileModel, type DataRow, readRows, setUpArtifact } from '#dist/index.js';

export interface DigitsArtifact {
  /** A temporary folder for the test, which contains the artifact. */
  readonly root: string;
  readonly artifactDir: string;
  readonly rows: readonly DataRow[];
  remove(): Promise<void>;
}

/** digits-mlp, compiled and set up by the built package, because worker threads run its JavaScript. */
export async function digitsArtifact(input: 'digest' | 'public'): Promise<DigitsArtifact> {
  const root = await mkdtemp(path.join(tmpdir(), 'digits-'));
  const artifactDir = path.join(root, 'artifact');
  const data = 'models/digits-mlp/test.json';
  const model = 'models/digits-mlp/model.onnx';
  await compileModel({ model, calibration: data, out: artifactDir, input, bits: 8 });
  await setUpArtifact(artifactDir, { source: { kind: 'development' }, behaviour: { count: 1 } });
  const { rows } = await readRows(data, { count: 64 });
  return {
    root,
    artifactDir,
    rows: rows.map((values, index) => ({ index, values })),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
