import { createHash, timingSafeEqual } from 'node:crypto';
import path from 'node:path';
import type { ServedModel } from '../serve/endpoint.ts';
import { listArtifact } from './artifact-files.ts';
import type { Database } from './database.ts';
import type { InputsKey } from './inputs-key.ts';
import { SCHEMA } from './schema.ts';

/** Files of this server's artifacts, by digest, for workers that hold the operator's key. */
export class ServedFiles {
  readonly #database: Database;
  readonly #key: InputsKey;
  readonly #files = new Map<string, string>();

  constructor(database: Database, key: InputsKey) {
    [this.#database, this.#key] = [database, key];
  }

  /** Says in the database which files a worker needs for a model. @throws QP6571; system errors */
  async offer({
    modelId,
    artifactDir,
    record,
  }: Pick<ServedModel, 'modelId' | 'artifactDir' | 'record'>): Promise<void> {
    const files = await listArtifact(artifactDir);
    for (const { name, sha256 } of files) this.#files.set(sha256, path.join(artifactDir, name));
    await this.#database.query(`update ${SCHEMA}.model set files = $2, record = $3 where model_id = $1`, [
      modelId,
      JSON.stringify(files),
      JSON.stringify(record),
    ]);
  }

  /** @returns where a file is; undefined if it is not this server's */
  fileOf(sha256: string): string | undefined {
    return this.#files.get(sha256);
  }

  /** @param authorization as in the header */
  admits(authorization: string | undefined): boolean {
    const [, given = ''] = /^Bearer ([0-9a-f]{64})$/i.exec(authorization ?? '') ?? [];
    return this.#key.tokens.some((token) => timingSafeEqual(digestOf(token), digestOf(given)));
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
