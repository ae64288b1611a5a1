import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyModelRecord,
  joinSignals,
  parseAnyBundle,
  readingOf,
  splitSignals,
} from '@quietproof/verify';
import { writeBundle, writeModelRecord } from '../../bundle/batch-folder.ts';
import { MODEL_FILE } from '../../bundle/batch-names.ts';
import { bundleOfRow } from '../../bundle/row-texts.ts';
import { makeFolder } from '../../store/durable-file.ts';

export interface ChangedBundle {
  readonly from: string;
  readonly to: string;
  readonly file: string;
}

/** Writes a copy of a bundle in which only the public label is changed, to the next one. */
export async function changedLabel(
  file: string,
  folder: string,
  model: AnyModelRecord,
): Promise<ChangedBundle> {
  await makeFolder(folder);
  await writeModelRecord(path.join(folder, MODEL_FILE), model);
  const bundle = parseAnyBundle(await readFile(file));
  const reading = readingOf(model.interface);
  const signals = splitSignals(reading, bundle.publicSignals);
  const [from = ''] = signals.outputs;
  const [largest = 0n] = reading.plan.output;
  const to = String((BigInt(from) + 1n) % (largest + 1n));
  const changed = path.join(folder, 'label-changed.proof.json');
  await writeBundle(changed, { ...bundle, publicSignals: joinSignals({ ...signals, outputs: [to] }) });
  return { from, to, file: changed };
}

/** Writes a copy with a new statement that matches the changed label, as a careful forger would. */
export async function resealed(file: string, folder: string, model: AnyModelRecord): Promise<string> {
  const { proof, publicSignals } = parseAnyBundle(await readFile(file));
  const again = path.join(folder, 'label-changed-and-resealed.proof.json');
  await writeBundle(again, bundleOfRow(model, { proof, publicSignals, row: { index: 0 } }));
  return again;
}
