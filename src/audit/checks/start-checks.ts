import type { PreparedModels } from '@quietproof/verify/command/prepared-models';
import { loadChecker } from '@quietproof/verify/command/proof-checker';
import type { AuditTrust } from './audit-trust.ts';
import { BatchChecker, type CheckOptions } from './batch-checker.ts';
import type { CheckBatch } from './check-records.ts';
import { CheckThreads } from './check-threads.ts';

/** Batches per thread that are not checked yet: it must not wait for the next, and memory must not grow. */
const BATCHES_PER_THREAD = 2;

export interface CheckSettings {
  readonly trust?: AuditTrust;
  readonly models: CheckOptions['models'];
  /** URL of a module whose `proofChecker()` gives a faster `ProofChecker`, or undefined. */
  readonly checker?: string;
  /** Used where no thread is started. */
  readonly prepared?: PreparedModels;
  /** 1: where the audit runs. */
  readonly threads: number;
}

export interface StartedChecks {
  readonly check: CheckBatch;
  readonly underWay: number;
  readonly end: () => Promise<void>;
}

/** Threads that check, or one that does without; the results are the same. */
export async function startChecks({
  trust,
  models,
  checker,
  prepared,
  threads,
}: CheckSettings): Promise<StartedChecks> {
  if (threads > 1) {
    const setup = {
      models: models.map(({ modelId, source }) => ({ modelId, ...(source !== undefined && { source }) })),
      ...(trust !== undefined && { trust: trust.parts }),
      ...(checker !== undefined && { checker }),
    };
    const started = new CheckThreads(setup, threads);
    return {
      check: (batch) => started.check(batch),
      underWay: BATCHES_PER_THREAD * threads,
      end: () => started.end(),
    };
  }
  const loaded = await loadChecker(checker);
  const batches = new BatchChecker({
    models,
    ...(trust !== undefined && { trust }),
    ...(loaded !== undefined && { checker: loaded }),
    ...(prepared !== undefined && { prepared }),
  });
  // A batch after the other: the checker knows the model records of one batch at a time.
  return { check: (batch) => batches.check(batch), underWay: 1, end: async () => {} };
}
