import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  isTime,
  prepareModel,
  RELEASE_TYPE,
  type ReleaseStatement,
  STATEMENT_TYPE,
  timeOf,
} from '@quietproof/verify';
import { MODEL_FILE } from '../bundle/batch-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { systemError } from '../errors/system-error.ts';
import { type WrittenStatement, writeStatement } from './sign-statement.ts';
import { readSigningKey } from './signing-key.ts';
import { statementPlace } from './statement-place.ts';

export interface ReleaseOptions {
  /** A private key in PEM. */
  readonly key: string;
  /** From when the model is published; default: now. */
  readonly from?: string;
  /** Ids of the models that it replaces. */
  readonly retires?: readonly string[];
  /** Default: in the artifact's folder of statements, or beside the record. */
  readonly out?: string;
}

const MODEL_ID = /^[0-9a-f]{64}$/;

/**
 * Signs that the holder of a key publishes a model.
 *
 * @param target an artifact, a folder of proofs, or a model.json
 * @throws QuietproofError QP7910, QP7911; Refusal of the model record
 */
export async function signRelease(target: string, options: ReleaseOptions): Promise<WrittenStatement> {
  const key = await readSigningKey(options.key);
  const now = timeOf(new Date());
  const { from = now, retires = [] } = options;
  if (!isTime(from)) throw unusable(`"${from}" is no time like 2026-11-27T19:24:19Z`);
  const modelId = await modelIdIn(target);
  for (const id of retires) {
    if (!MODEL_ID.test(id)) throw unusable(`"${id}" is no model id of 64 hex digits`);
    if (id === modelId) throw unusable('the model cannot retire itself');
  }
  const statement: ReleaseStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'model', digest: { sha256: modelId } }],
    predicateType: RELEASE_TYPE,
    predicate: { signer: key.id, date: now, from, ...(retires.length > 0 && { retires }) },
  };
  const name = `release-${modelId.slice(0, 8)}`;
  return writeStatement(options.out ?? (await statementPlace(target, name, key)), statement, key);
}

async function modelIdIn(target: string): Promise<string> {
  try {
    const file = (await stat(target)).isDirectory() ? path.join(target, MODEL_FILE) : target;
    return prepareModel(await readFile(file)).ids.modelId;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const fix = 'Pass an artifact that has a key, or a model.json';
      throw new QuietproofError('QP1002', { what: 'There is no model record', where: target, fix, cause });
    }
    throw systemError(cause) ?? cause;
  }
}

function unusable(what: string): QuietproofError {
  return new QuietproofError('QP7911', { what: `The release cannot be signed: ${what}` });
}
