import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readingOf } from '@quietproof/verify';
import { openProvableArtifact } from '../../../src/artifact/provable-artifact.ts';
import { bundleText } from '../../../src/bundle/assemble-bundle.ts';
import { bundleOfRow } from '../../../src/bundle/row-texts.ts';
import { compileModel } from '../../../src/compile/compile-model.ts';
import { loadModel } from '../../../src/compile/load-model.ts';
import { readRows } from '../../../src/data/read-rows.ts';
import { encodeRows } from '../../../src/prove/encode-rows.ts';
import { backendNamed } from '../../../src/prover/backends.ts';
import { RowProver } from '../../../src/prover/row-prover.ts';
import { setUpArtifact } from '../../../src/setup/set-up-artifact.ts';
import { writeDurably } from '../../../src/store/durable-file.ts';
import type { Subject } from './commands.ts';

/** An artifact to mutate: its folder, and what its files contain when nothing is wrong. */
export interface Base extends Subject {
  readonly name: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

const MODEL = path.join('models', 'iris-mlp', 'model.onnx');
const DATA = path.join('models', 'iris-mlp', 'test.json');

/** iris-mlp at 3 bits: 4 features, so that a mutant costs milliseconds. With a key, and one bundle beside it. */
export async function makeBase(root: string, input: 'digest' | 'public'): Promise<Base> {
  const folder = path.join(root, input);
  await compileModel({ model: MODEL, calibration: DATA, out: folder, input, bits: 3, wasm: true });
  await setUpArtifact(folder, {
    ...{ source: { kind: 'development' }, backend: 'native', behaviour: { count: 1 } },
  });
  const { rows } = await readRows(DATA, { count: 4 });
  const row = Array.from(rows[7]!);
  await writeBundleBeside(folder, row);
  const files = new Map<string, Buffer>();
  for (const name of await readdir(folder)) files.set(name, await readFile(path.join(folder, name)));
  return { name: input, folder, row, files, loaded: await loadModel(MODEL, { input }) };
}

async function writeBundleBeside(folder: string, row: readonly number[]): Promise<void> {
  const { model } = await openProvableArtifact(folder);
  const { input } = readingOf(model.interface);
  const [encoded] = encodeRows(input, [{ index: 0, values: row }], false);
  const shared = await backendNamed('native').share(path.join(folder, 'circuit.zkey'));
  const prover = await RowProver.open({ artifactDir: folder, backend: 'native', threads: 1 });
  const { proof, publicSignals } = await prover.prove({
    integers: Float64Array.from(encoded!.integers),
    salt: input.mode === 'digest' ? 5n : null,
    context: 0n,
  });
  await prover.close();
  shared.release();
  const bundle = bundleOfRow(model, { proof, publicSignals, row: { index: 0 } });
  await writeDurably(path.join(folder, '000000.proof.json'), bundleText(bundle));
}
