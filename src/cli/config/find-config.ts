import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';

export const CONFIG_FILE = 'quietproof.config.json';

/** Larger files are no configuration. */
const MAX_BYTES = 2 ** 20;

/**
 * The nearest configuration file in the folder and those above it. One that belongs to another user is passed over: in
 * a shared folder such as /tmp anybody can put one above another's work.
 */
export async function findConfig(folder: string): Promise<string | undefined> {
  const file = path.join(folder, CONFIG_FILE);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() && isOwn(found.uid)) return file;
  const above = path.dirname(folder);
  return above === folder ? undefined : findConfig(above);
}

function isOwn(owner: number): boolean {
  const user = process.getuid?.();
  return user === undefined || owner === user || owner === 0;
}

/** @throws QuietproofError QP1012 unless it is a JSON object; the error of the system */
export async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  if ((await stat(file)).size > MAX_BYTES) throw badConfig(file, 'The file is larger than 1 MiB');
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw badConfig(file, `The configuration is not JSON: ${cause.message.replace(/\s+/g, ' ')}`);
  }
  if (!isObject(content)) throw badConfig(file, 'The configuration is not an object', SHAPE);
  return content;
}

export const SHAPE = 'Write the options of each command: { "compile": { "calibration": "rows.csv" } }';

export function badConfig(file: string, what: string, fix?: string): QuietproofError {
  return new QuietproofError('QP1012', { what, where: file, ...(fix !== undefined && { fix }) });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
