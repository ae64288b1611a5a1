import { parentPort, workerData } from 'node:worker_threads';
import { Watch, WatchError } from '@quietproof/client';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { FileStore } from './store/file-store.ts';
import { ExchangeQueue } from './thread/exchange-queue.ts';
import type { FromThread, ThreadData, ThreadError, ToThread } from './thread/messages.ts';
import { readTrust } from './thread/read-trust.ts';
import { Rounds } from './thread/rounds.ts';
import { yieldToAnswers } from './thread/yield-to-answers.ts';

/** Checks what the proxy keeps, in a thread of its own, so that answers do not wait for it. */
const port = parentPort!;
const data = workerData as ThreadData;
const tell = (message: FromThread) => port.postMessage(message);
const trouble = (error: unknown) => tell({ kind: 'trouble', what: errorOf(error).what });

open().catch((error: unknown) => tell({ kind: 'failed', error: errorOf(error) }));

async function open(): Promise<void> {
  yieldToAnswers();
  const { upstream, folder, models, trust, policy, every } = data;
  let authorization: string | undefined;
  const store = await FileStore.open(folder);
  const watch = await Watch.open({
    upstream,
    models,
    store,
    policy,
    headers: () => (authorization === undefined ? {} : { authorization }),
    ...(trust !== undefined && { trust: () => readTrust(trust) }),
  });
  watch.listen((told) => told.level === 'alarm' && tell({ kind: 'alarm', alarm: told }));
  const queue = new ExchangeQueue(watch, { checked: (place) => tell({ kind: 'checked', place }), trouble });
  const rounds = new Rounds(() => watch.step().catch(trouble), every);
  const close = async () => {
    await queue.close();
    await rounds.close();
    await watch.close();
    await store.close();
    // What was sent before is received before the thread ends.
    setImmediate(() => port.close());
  };
  port.on('message', async (message: ToThread) => {
    if (message.kind === 'check') return queue.add(message.places);
    if (message.kind === 'authorization') {
      authorization = message.value;
      return;
    }
    if (message.kind === 'step') {
      await queue.idle();
      await rounds.run();
    }
    if (message.kind === 'acknowledge') await watch.acknowledge(message.id);
    if (message.kind === 'close') await close();
    tell({ kind: 'answer', n: message.n, status: watch.status() });
  });
  tell({ kind: 'opened', status: watch.status() });
  if (every !== undefined) await rounds.run();
}

function errorOf(error: unknown): ThreadError {
  if (error instanceof QuietproofError || error instanceof WatchError) {
    const { code, what, where } = error;
    const fix = error instanceof QuietproofError ? error.fix : undefined;
    return { code, what, ...(where !== undefined && { where }), ...(fix !== undefined && { fix }) };
  }
  return { code: undefined, what: error instanceof Error ? error.message : String(error) };
}
