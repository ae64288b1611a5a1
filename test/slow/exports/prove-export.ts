import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { compileModel, modelIdOf, proveBatch, readRows, setUpArtifact, verifyFiles } from '#dist/index.js';

/** What became of one exported model. */
export type Outcome =
  | { readonly proved: true; readonly reason?: never }
  /** `reason`: the first line of the refusal, or what the exporter said. */
  | { readonly proved: false; readonly reason: string };

/** Compiles a model, makes its key, and proves and verifies one row. */
export async function proveExport(folder: string, scratch: string): Promise<Outcome> {
  const failure = await readFile(path.join(folder, 'error.txt'), 'utf8').catch(() => undefined);
  if (failure !== undefined) return { proved: false, reason: `not exported: ${failure.split('\n')[0]}` };
  const [model, data] = [path.join(folder, 'model.onnx'), path.join(folder, 'rows.json')];
  const [artifactDir, outDir] = [path.join(scratch, 'artifact'), path.join(scratch, 'proofs')];
  try {
    await access(model);
    // Untrained models have no decisions to keep: the error of their scores is what is judged.
    await compileModel({ model, calibration: data, out: artifactDir, output: 'logits' });
    // Its key is tried on one witness, not on 32: the proof that follows is tried anyway.
    await setUpArtifact(artifactDir, { source: { kind: 'development' }, behaviour: { count: 1 } });
    const { inputs } = JSON.parse(await readFile(data, 'utf8')) as { inputs: number[][] };
    const { rows } = await readRows(data, { count: inputs[0]!.length });
    await proveBatch({ artifactDir, rows: [{ index: 0, values: rows[0]! }], outDir, workers: 1 });
    for await (const { verdict } of verifyFiles([outDir], { model: await modelIdOf(artifactDir) })) {
      return verdict.accepted ? { proved: true } : { proved: false, reason: verdict.headline };
    }
    return { proved: false, reason: 'no proof' };
  } catch (error) {
    return { proved: false, reason: (error as Error).message.split('\n')[0]! };
  } finally {
    for (const one of [artifactDir, outDir]) await rm(one, { recursive: true, force: true });
  }
}
