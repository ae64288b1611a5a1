import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { joinSignals, type ModelRecord, parseBundle, readingOf, splitSignals } from '@quietproof/verify';
import { assembleBundle } from '../../bundle/assemble-bundle.ts';
import { MODEL_FILE, writeBundle, writeModelRecord } from '../../bundle/batch-folder.ts';
import { makeFolder } from '../../data/durable-file.ts';

export interface ChangedBundle {
  readonly from: string;
  readonly to: string;
  readonly file: string;
}

/** Writes a copy of a bundle in which only the public label is changed, to the next digit. */
export async function changedLabel(file: string, folder: string, model: ModelRecord): Promise<ChangedBundle> {
  await makeFolder(folder);
  await writeModelRecord(path.join(folder, MODEL_FILE), model);
  const bundle = parseBundle(await readFile(file));
  const signals = splitSignals(readingOf(model.interface), bundle.publicSignals);
  const [from = ''] = signals.outputs;
  const to = String((Number(from) + 1) % 10);
  const changed = path.join(folder, 'label-changed.proof.json');
  await writeBundle(changed, { ...bundle, publicSignals: joinSignals({ ...signals, outputs: [to] }) });
  return { from, to, file: changed };
}

/** Writes a copy with a new statement that matches the changed label, as a careful forger would. */
export async function resealed(file: string, folder: string, model: ModelRecord): Promise<string> {
  const { proof, publicSignals } = parseBundle(await readFile(file));
  const again = path.join(folder, 'label-changed-and-resealed.proof.json');
  await writeBundle(again, assembleBundle(model, { proof, publicSignals, row: { index: 0 } }));
  return again;
}
