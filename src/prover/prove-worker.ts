import { workerData } from 'node:worker_threads';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { JobRun, WorkerAnswer, WorkerSetup } from './prove-job.ts';
import { RowProver } from './row-prover.ts';

/** Loaded for the first job and kept, since a pool proves for a single artifact. */
let loaded: Promise<RowProver> | undefined;

/** The pool's task: for each job, calculates a witness and makes a verified proof. */
export default async function proveInWorker({ jobs, permit }: JobRun): Promise<WorkerAnswer[]> {
  const answers: WorkerAnswer[] = [];
  try {
    loaded ??= RowProver.open(workerData as WorkerSetup);
    const prover = await loaded;
    for (const job of jobs) answers.push({ ok: true, row: await prover.prove(job, permit) });
  } catch (error) {
    if (!(error instanceof QuietproofError)) return await dieOf(error);
    answers.push(answerOf(error));
  }
  return answers;
}

function answerOf({ code, what, where, fix }: QuietproofError): WorkerAnswer {
  return {
    ok: false,
    code,
    what,
    ...(where === undefined ? {} : { where }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/**
 * Ends the thread with the error as its reason. After a failed allocation, the state of the curve's memory is unknown
 * and nothing in this thread can be reused. The pool retries in a new worker.
 */
function dieOf(error: unknown): Promise<never> {
  setImmediate(() => {
    throw error;
  });
  return new Promise(() => {});
}
