import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { systemError } from '../errors/system-error.ts';
import type { SigningKey } from './signing-key.ts';

/** The folder of signed statements in an artifact: beside the model record, outside of every id. */
const STATEMENTS = 'statements';
const SHORT_ID = 8;

/**
 * Where a statement about an artifact, or about a file, is written: `statements/` of the artifact, or beside the file.
 *
 * @param what e.g. `rederivation`
 */
export async function statementPlace(
  target: string,
  what: string,
  { id }: Pick<SigningKey, 'id'>,
): Promise<string> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const folder = isFolder ? path.join(target, STATEMENTS) : path.dirname(target);
  return path.join(folder, `${what}-${id.slice(0, SHORT_ID)}.json`);
}

/** @throws QuietproofError QP8002–QP8008 */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw systemError(cause) ?? new QuietproofError('QP8002', { where: folder, cause });
  });
}
