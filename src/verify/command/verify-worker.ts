import { parentPort, workerData } from 'node:worker_threads';
import { type PreparedKey, prepareModel } from '../index.ts';
import { ModelRecords } from './model-records.ts';
import { prepared } from './prepared-models.ts';
import { loadChecker } from './proof-checker.ts';
import {
  receivedFile,
  type SentFile,
  sentError,
  type ThreadAnswer,
  type ThreadSetup,
} from './thread-messages.ts';
import { type FileVerdict, verifyFound } from './verify-files.ts';

// A thread of verify-threads.ts: it reads and verifies the files of each message, as the command itself does with few.

const { options, companion, expected, checker: url }: ThreadSetup = workerData;
const models = expected.map((source) => ({ record: prepareModel(source), source }));
const records = new ModelRecords(companion && prepared(companion), models);
const keys = new Map<string, PreparedKey>();
const checker = await loadChecker(url);

/** One message after the other: the answers must come in the order of the messages. */
let last = Promise.resolve();
parentPort?.on('message', (files: readonly SentFile[]) => {
  last = last.then(async () => parentPort?.postMessage(await answer(files)));
});

async function answer(files: readonly SentFile[]): Promise<ThreadAnswer> {
  const verdicts: FileVerdict[] = [];
  try {
    const asked = { ...options, keys, ...(checker !== undefined && { checker }) };
    for await (const verdict of verifyFound(files.map(receivedFile), records, asked)) verdicts.push(verdict);
    return { verdicts };
  } catch (error) {
    return { verdicts, error: sentError(error) };
  }
}
