import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ExpectedModel } from '@quietproof/client';
import { KEY_FILES } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { systemError } from '../errors/system-error.ts';

const PINNED = /=([0-9a-f]{64})$/;

/**
 * Reads the record of a model that the user relies on.
 *
 * @param place an artifact, a folder of proofs, or a model.json; `=` and a model id behind it if that came another way
 * @throws QP6450; QP1002 and others of the system
 */
export async function readExpectedModel(place: string): Promise<ExpectedModel> {
  const id = PINNED.exec(place)?.[1];
  const named = place.replace(PINNED, '');
  try {
    const isFolder = (await stat(named)).isDirectory();
    const file = isFolder ? path.join(named, KEY_FILES.model) : named;
    return { record: await readFile(file, 'utf8'), ...(id !== undefined && { id }) };
  } catch (error) {
    throw (
      systemError(error, { access: 'read', where: named }) ??
      new QuietproofError('QP6450', { what: 'A model to watch cannot be read', where: named, cause: error })
    );
  }
}
