import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileModel, type DataRow, readRows, setUpArtifact } from '#dist/index.js';
import { madeOnce } from './made-once.ts';

export interface DigitsArtifact {
  /** A temporary folder for the test, which contains the artifact. */
  readonly root: string;
  readonly artifactDir: string;
  readonly rows: readonly DataRow[];
  remove(): Promise<void>;
}

/** digits-mlp, compiled and set up by the built package, because worker threads run its JavaScript; once in a run. */
export async function digitsArtifact(input: 'digest' | 'public'): Promise<DigitsArtifact> {
  const root = await mkdtemp(path.join(tmpdir(), 'digits-'));
  const artifactDir = path.join(root, 'artifact');
  const data = 'models/digits-mlp/test.json';
  const model = 'models/digits-mlp/model.onnx';
  const made = await madeOnce(['digits', input], async (out) => {
    await compileModel({ model, calibration: data, out, input, bits: 8 });
    await setUpArtifact(out, { source: { kind: 'development' }, behaviour: { count: 1 } });
  });
  await cp(made, artifactDir, { recursive: true });
  const { rows } = await readRows(data, { count: 64 });
  return {
    root,
    artifactDir,
    rows: rows.map((values, index) => ({ index, values })),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
