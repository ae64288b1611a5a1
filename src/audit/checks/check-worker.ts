import { parentPort, workerData } from 'node:worker_threads';
import { prepareModel } from '@quietproof/verify';
import { loadChecker } from '@quietproof/verify/command/proof-checker';
import { AuditTrust } from './audit-trust.ts';
import { BatchChecker } from './batch-checker.ts';
import type { ThreadAnswer, ThreadSetup } from './check-threads.ts';
import type { RecordBatch } from './record-batch.ts';

// A thread of check-threads.ts: it checks the records of each message, as an audit itself does with few.

const { trust, models, checker: url }: ThreadSetup = workerData;
const checker = await loadChecker(url);
const batches = new BatchChecker({
  models: models.map(({ modelId, source }) => ({
    modelId,
    ...(source !== undefined && { source, record: prepareModel(source) }),
  })),
  ...(trust !== undefined && { trust: new AuditTrust(trust) }),
  ...(checker !== undefined && { checker }),
});

/** One message after the other: the answers must come in the order of the messages. */
let last = Promise.resolve();
parentPort?.on('message', (batch: RecordBatch) => {
  last = last.then(async () => parentPort?.postMessage(await answer(batch)));
});

async function answer(batch: RecordBatch): Promise<ThreadAnswer> {
  try {
    return { results: await batches.check(batch) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
