import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Form, ROOT } from './environment.ts';
import { type Outcome, proveExport } from './prove-export.ts';

/** Takes the results of an interrupted run, whatever build they are of; without it, every model is tried again. */
const RESUME = process.env.RESUME !== undefined;

/** Tries a model, and keeps the result. */
export async function outcomeOf(form: Form, name: string, folder: string, scratch: string): Promise<Outcome> {
  const file = path.join(ROOT, 'results', form, `${name}.json`);
  const kept = RESUME ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
  if (kept !== undefined) return JSON.parse(kept);
  const outcome = await proveExport(folder, scratch);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(outcome)}\n`);
  return outcome;
}
