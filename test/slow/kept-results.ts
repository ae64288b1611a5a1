import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Takes the results of an interrupted run, whatever build they are of; without it, every model is tried again. */
const RESUME = process.env.RESUME !== undefined;

/** A result that is kept in a file, as JSON. */
export async function keptResult<T>(file: string, find: () => Promise<T>): Promise<T> {
  const kept = RESUME ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
  if (kept !== undefined) return JSON.parse(kept) as T;
  const result = await find();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  return result;
}
