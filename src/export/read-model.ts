import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type PreparedModel, prepareModel } from '@quietproof/verify';
import { MODEL_FILE } from '../bundle/batch-folder.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

export interface ReadModel {
  /** The folder that contains the record. */
  readonly folder: string;
  readonly model: PreparedModel;
}

/**
 * Reads the model to export, with the same checks as a verifier.
 *
 * @param subject an artifact folder, a folder of proofs, or a model.json
 * @throws QP7951 if there is no record; a Refusal if the record or its key is refused, e.g. QP7307
 */
export async function readModel(subject: string): Promise<ReadModel> {
  const isFolder = (await stat(subject)).isDirectory();
  const file = isFolder ? path.join(subject, MODEL_FILE) : subject;
  return { folder: path.dirname(file), model: prepareModel(await readRecord(file)) };
}

async function readRecord(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    const fix = 'Run quietproof setup on the artifact first';
    throw new QuietproofError('QP7951', { where: file, fix, cause });
  }
}
