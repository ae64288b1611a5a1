import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type PreparedModel, prepareModel } from '@quietproof/verify';
import { MODEL_FILE } from '../bundle/batch-folder.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

export interface ReadModel {
  /** The folder that the record lies in. */
  readonly folder: string;
  readonly model: PreparedModel;
}

/**
 * The model that an export is about, checked as a verifier checks it.
 *
 * @param subject an artifact folder, a folder of proofs, or a model.json
 * @throws QP7951 where there is no record; a Refusal where the record or its key is refused, e.g. QP7307
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
