import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { noteKeyText } from '@quietproof/verify/log';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { noteSigner } from '../../../log/note-signer.ts';
import { TileLog } from '../../../log/tile-log.ts';
import { writeDurably } from '../../../store/durable-file.ts';
import { lockFolder } from '../../../store/folder-lock.ts';
import { ENDPOINT_FILES } from '../../serve/endpoint-files.ts';
import { Database } from '../database.ts';
import type { InputsKey } from '../inputs-key.ts';
import { loadPackages } from '../packages.ts';
import { ProofQueue } from '../queue.ts';
import { openSchema } from '../schema.ts';
import { compareMoved } from './compare-moved.ts';
import { type Moved, type MoveTarget, moveAll } from './move-entries.ts';
import { type MovedSource, openSource } from './moved-source.ts';

export interface MoveOptions {
  /** Of an endpoint that is closed. */
  readonly folder: string;
  readonly database: string;
  readonly inputsKey: InputsKey;
  readonly origin: string;
  readonly key: KeyObject;
}

/**
 * Moves what an endpoint has in its folder into a database, where a fleet goes on with the same log: all of it in one
 * transaction, and afterwards everything is read again and compared. From then on no endpoint opens the folder, since two
 * logs of one name would be a fork; nothing is deleted.
 *
 * @throws QP6206 the endpoint is running; QP6578 the database has a log already; QP6579 what was moved is not what was there;
 *   QP6401, QP6402, QP6554, QP6555, QP6562 (the folder); QP6570 to QP6574
 */
export async function moveToDatabase(options: MoveOptions): Promise<Moved> {
  const packages = await loadPackages();
  const { folder, origin, key, database: url } = options;
  const closing: (() => unknown)[] = [];
  try {
    const lock = await lockFolder(folder, { purpose: 'change' });
    closing.push(() => lock.release());
    const signer = noteSigner(origin, 'note', key);
    const database = await Database.open(packages, { url, name: 'move' });
    closing.push(() => database.close());
    await openSchema(database, { origin, key: noteKeyText(signer.key) });
    const logFolder = path.join(folder, ENDPOINT_FILES.log);
    const log = await TileLog.open(logFolder, { origin, signer });
    closing.push(() => log.close());
    const source = await openSource(folder, log, closing);
    const queue = await ProofQueue.open(packages, { url, onError: () => {} });
    closing.push(() => queue.close());
    const target = { database, queue, key: options.inputsKey, origin };
    const moved = await moveOnce(path.join(folder, ENDPOINT_FILES.moved), source, target);
    await compareMoved(source, target, moved);
    return moved;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** @param marker says that no endpoint opens the folder any more; it is there before the database has the log */
async function moveOnce(marker: string, source: MovedSource, target: MoveTarget): Promise<Moved> {
  const wasThere = existsSync(marker);
  await writeDurably(marker, 'The sealed answers of this folder were moved into a database.\n');
  try {
    return await target.database.transaction((sql) => moveAll(sql, source, target));
  } catch (error) {
    // Unless nobody knows whether it was committed.
    const isKnown = !(error instanceof QuietproofError && error.code === 'QP6571');
    if (isKnown && !wasThere) await rm(marker, { force: true });
    throw error;
  }
}
