import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { readingOf, splitSignals } from '@quietproof/verify';
import type { ProvableArtifact } from '../artifact/provable-artifact.ts';
import { createRow } from '../bundle/batch-folder.ts';
import { bundlePath } from '../bundle/batch-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Backend } from '../prover/backend.ts';
import { interrupted } from '../prover/interrupted.ts';
import type { ProvedRow, ProveJob } from '../prover/prove-job.ts';
import type { RowsProver } from '../prover/rows-prover.ts';
import { GroupCommit } from '../store/group-commit.ts';
import type { ProveBatchOptions } from './batch-options.ts';
import type { FinishedRow } from './batch-report.ts';
import { type BatchSubject, contextSignalOf } from './batch-subject.ts';
import type { RowToProve } from './input-modes/input-mode.ts';
import { batchInputOf } from './input-modes/input-modes.ts';
import { RunLength } from './run-length.ts';

/** What a batch proves and where. */
export interface Batch {
  readonly artifact: ProvableArtifact;
  readonly subject: BatchSubject;
  readonly backend: Backend;
  readonly warnings: readonly string[];
  readonly warn: (text: string | undefined) => void;
}

export interface Proving extends Batch {
  readonly options: Pick<ProveBatchOptions, 'artifactDir' | 'pack' | 'paranoid' | 'signal' | 'onPhase'>;
  readonly tasks: readonly RowToProve[];
  readonly workers: number;
  readonly onRow: (row: FinishedRow) => void;
}

/** Runs of rows whose files are written while others are proved; the more, the fewer syncs of the disk. */
const WRITING_AT_ONCE = 4;

/**
 * Runs more runners than workers, so that every worker has rows while runners write files. The first error stops all
 * runners.
 *
 * @returns memory of the key, in bytes
 */
export async function proveTasks(proving: Proving): Promise<number> {
  const { options, workers, tasks } = proving;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  setMaxListeners(0, signal);
  options.onPhase?.('key');
  const prover = await openProver(proving);
  proving.warn(prover.warning);
  options.onPhase?.('proofs');
  const rows = new RowsOfBatch(proving, prover, signal);
  const length = new RunLength(tasks.length, workers);
  let next = 0;
  const runner = async () => {
    while (next < tasks.length) {
      if (signal.aborted) throw interrupted();
      const run = tasks.slice(next, next + length.next(tasks.length - next));
      next += run.length;
      length.took(await rows.prove(run));
    }
  };
  try {
    const runners = Array.from({ length: workers + WRITING_AT_ONCE }, runner);
    await Promise.all(runners).catch(async (first) => {
      stop.abort();
      await Promise.allSettled(runners);
      throw first;
    });
    return prover.keyMemory;
  } finally {
    options.onPhase?.('end');
    await prover.close();
  }
}

async function openProver({ options, workers, backend, subject, tasks }: Proving): Promise<RowsProver> {
  const own = {
    artifactDir: options.artifactDir,
    backend: backend.name,
    records: { model: subject.model, pack: options.pack === true },
    paranoid: options.paranoid === true,
  };
  // Only what is used is loaded. A proof by snarkjs takes long, and only the end of its thread stops it.
  if (tasks.length === 1 && backend.name === 'native') {
    const { OwnThreadProver } = await import('../prover/own-thread.ts');
    return OwnThreadProver.open(own);
  }
  const { ProverPool } = await import('../prover/pool.ts');
  return ProverPool.open({ ...own, workers });
}

const CONTEXT_ID_BYTES = 32;

/** Proves rows of one batch and writes their files. */
class RowsOfBatch {
  readonly #proving: Proving;
  readonly #prover: RowsProver;
  readonly #signal: AbortSignal;
  readonly #files = new GroupCommit();

  constructor(proving: Proving, prover: RowsProver, signal: AbortSignal) {
    [this.#proving, this.#prover, this.#signal] = [proving, prover, signal];
  }

  /** @returns milliseconds of the slowest row in its worker */
  async prove(tasks: readonly RowToProve[]): Promise<number> {
    const keeping: Promise<void>[] = [];
    let slowest = 0;
    const onRow = (row: ProvedRow, index: number) => {
      const { witness, prove, record } = row.milliseconds;
      slowest = Math.max(slowest, witness + prove + record);
      keeping.push(this.#keep(tasks[index]!, row));
    };
    const proved = this.#prover.proveRun(
      tasks.map((task) => this.#jobOf(task)),
      onRow,
      this.#signal,
    );
    const failure = await proved.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    // What was proved before the failure is kept.
    const kept = await Promise.allSettled(keeping);
    if (failure !== undefined) throw failure.error;
    for (const one of kept) if (one.status === 'rejected') throw one.reason;
    return slowest;
  }

  #jobOf(task: RowToProve): ProveJob {
    const { model, context } = this.#proving.subject;
    const { salt, opens } = batchInputOf(model).begin(task);
    const { index, integers, input } = task;
    const contextId = context.unique ? randomBytes(CONTEXT_ID_BYTES).toString('hex') : undefined;
    return {
      integers: Float64Array.from(integers),
      salt,
      context: contextSignalOf(context, contextId),
      record: {
        index,
        ...(contextId !== undefined && { contextId }),
        ...(opens && { opening: input === undefined ? {} : { input } }),
      },
    };
  }

  async #keep(task: RowToProve, { texts, publicSignals, milliseconds }: ProvedRow): Promise<void> {
    const { subject, onRow } = this.#proving;
    const { folder, model } = subject;
    const input = batchInputOf(model);
    input.confirm(task, splitSignals(readingOf(model.interface), publicSignals).input);
    const file = bundlePath(folder, task.index);
    const created = await createRow(this.#files, folder, task.index, texts!);
    if (created === 'bundle') throw provedElsewhere(file);
    if (created === 'opening') {
      // Another process has made an opening meanwhile: the proof has to be of its salt.
      const opening = await input.findOpening(subject, task);
      await this.prove([{ ...task, ...(opening !== undefined && { opening }) }]);
    } else onRow({ index: task.index, file, publicSignals, milliseconds });
  }
}

/** Only if the lock of the folder was removed, or its file system has none that work. */
function provedElsewhere(file: string): QuietproofError {
  return new QuietproofError('QP6203', {
    what: 'Another process has proved this row meanwhile',
    where: file,
    fix: 'Let one process at a time prove into a folder, and run the same command again',
  });
}
