import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { type AnyModelRecord, readingOf, splitSignals } from '@quietproof/verify';
import { openProvableArtifact, type ProvableArtifact } from '../artifact/provable-artifact.ts';
import { packBundle } from '../bundle/assemble-bundle.ts';
import { createBundle, writeModelRecord } from '../bundle/batch-folder.ts';
import { bundlePath, MODEL_FILE } from '../bundle/batch-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Backend, BackendName } from '../prover/backend.ts';
import { chooseBackend } from '../prover/backends.ts';
import { interrupted, ProverPool } from '../prover/pool.ts';
import { type WorkerCount, workerCount } from '../prover/worker-count.ts';
import { makeFolder, removeTemporaries } from '../store/durable-file.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { GroupCommit } from '../store/group-commit.ts';
import type { BatchPhase, BatchProgress, BatchReport, FinishedRow } from './batch-report.ts';
import { type BatchContext, type BatchSubject, contextSignalOf } from './batch-subject.ts';
import { type DataRow, type EncodedRow, encodeRows } from './encode-rows.ts';
import { findModelRecord, findRow } from './finished-rows.ts';
import type { RowToProve } from './input-modes/input-mode.ts';
import { batchInputOf } from './input-modes/input-modes.ts';
import { bundleOfRow } from './record-row.ts';

export interface ProveBatchOptions {
  /** A compiled artifact with a key. */
  readonly artifactDir: string;
  readonly rows: readonly DataRow[];
  /** Created if missing. Finished rows in it are kept. */
  readonly outDir: string;
  /** Context that the proofs are bound to; empty by default. */
  readonly context?: Uint8Array;
  /** Also bind each proof to 32 random bytes, its record's own part of the context (not for artifacts of 0.1). */
  readonly uniqueContext?: boolean;
  /** Concurrent proofs; by default limited by cores and memory. With 1, each proof uses all cores. */
  readonly workers?: number;
  /** By default the native prover if it works, else snarkjs. */
  readonly backend?: BackendName;
  /** Clamp values outside the input range instead of refusing them. */
  readonly clampInputs?: boolean;
  /** Write packed bundles, which need no model.json beside them. Finished rows stay as they are. */
  readonly pack?: boolean;
  /** Called before the first proof with each warning for the user, one sentence each. */
  readonly onWarning?: (warning: string) => void;
  /** Called when the batch enters a phase. */
  readonly onPhase?: (phase: BatchPhase) => void;
  /** Called once before the first proof and after each one. */
  readonly onProgress?: (progress: BatchProgress) => void;
  /** Stops the batch; finished rows are kept. */
  readonly signal?: AbortSignal;
}

/**
 * Proves rows into a folder: one model.json, one thin bundle per row and, if inputs are digests, one opening per row in
 * `private/`. Every file is written atomically, and an opening before its bundle. Another run proves the missing rows
 * and leaves finished ones unchanged, so an interrupted batch can always be resumed.
 *
 * @throws QP6101–QP6104 the artifact cannot prove; QP6201 a row is outside the input range; QP1117 it is off a declared grid; QP6202–QP6204 the folder; QP6205 the artifact has no record part of the context is
 * not usable; QP6001–QP6003 proving failed; QP6004 interrupted; QP6301, QP6302 from the native prover; QP8001, QP8002
 * writing failed
 */
export async function proveBatch(options: ProveBatchOptions): Promise<BatchReport> {
  const { backend, warning } = chooseBackend(options.backend);
  const warnings: string[] = [];
  const warn = (text: string | undefined) => {
    if (text === undefined) return;
    warnings.push(text);
    options.onWarning?.(text);
  };
  warn(warning);
  options.onPhase?.('artifact');
  const artifact = await openProvableArtifact(options.artifactDir);
  const { model, grid } = artifact;
  const { input } = readingOf(model.interface);
  options.onPhase?.('encode');
  const rows = encodeRows(input, options.rows, options.clampInputs === true, grid);
  const context = batchContext(options, model);
  const subject = { folder: options.outDir, model, context };
  options.onPhase?.('folder');
  await makeFolder(options.outDir);
  const lock = await lockFolder(options.outDir, { purpose: 'prove' });
  try {
    return await proveMissing(options, { artifact, subject, backend, warnings, warn }, rows);
  } finally {
    lock.release();
  }
}

const CONTEXT_ID_BYTES = 32;

/** @throws QP6205 */
function batchContext({ context, uniqueContext }: ProveBatchOptions, model: AnyModelRecord): BatchContext {
  const unique = uniqueContext === true;
  if (unique && model.version === 'quietproof/model/v1') {
    throw new QuietproofError('QP6205', {
      fix: 'Compile and set up the model again, or leave the option out',
    });
  }
  return { callerPart: context ?? new Uint8Array(), unique };
}

interface Batch {
  readonly artifact: ProvableArtifact;
  readonly subject: BatchSubject;
  readonly backend: Backend;
  readonly warnings: readonly string[];
  readonly warn: (text: string | undefined) => void;
}

async function proveMissing(
  options: ProveBatchOptions,
  batch: Batch,
  rows: readonly EncodedRow[],
): Promise<BatchReport> {
  const { artifact, subject, backend } = batch;
  await prepareFolder(subject);
  const tasks: RowToProve[] = [];
  for (const row of rows) {
    const { finished, opening } = await findRow(subject, row);
    if (!finished) tasks.push({ ...row, ...(opening !== undefined && { opening }) });
  }
  const kept = rows.length - tasks.length;
  options.onProgress?.({ done: kept, total: rows.length });
  const count = workerCount(backend, artifact.zkeyBytes, tasks.length, options.workers);
  const started = performance.now();
  let keyMemory = 0;
  if (tasks.length > 0) {
    let done = kept;
    const onRow = (row: FinishedRow) => {
      done += 1;
      options.onProgress?.({ done, total: rows.length, row });
    };
    keyMemory = await proveTasks({
      ...batch,
      options,
      tasks,
      workers: count.workers,
      files: new GroupCommit(),
      onRow,
    });
  }
  const seconds = (performance.now() - started) / 1000;
  return report(batch, rows, { kept, proved: tasks.length, seconds, count, keyMemory });
}

async function prepareFolder({ folder, model }: BatchSubject): Promise<void> {
  await removeTemporaries(folder);
  await batchInputOf(model).prepare(folder);
  const file = path.join(folder, MODEL_FILE);
  if (!(await findModelRecord(file, model))) await writeModelRecord(file, model);
}

interface Run extends Batch {
  readonly options: ProveBatchOptions;
  readonly tasks: readonly RowToProve[];
  readonly workers: number;
  readonly files: GroupCommit;
  readonly onRow: (row: FinishedRow) => void;
}

/** Rows whose files are written while others are proved; the more, the fewer syncs of the disk. */
const WRITING_AT_ONCE = 4;

/**
 * Runs more runners than workers, so that every worker has a row while runners write files. The first error stops all
 * runners.
 *
 * @returns memory of the key, in bytes
 */
async function proveTasks(run: Run): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(run.options.signal ? [run.options.signal] : [])]);
  setMaxListeners(0, signal);
  run.options.onPhase?.('key');
  const pool = await ProverPool.open({
    artifactDir: run.options.artifactDir,
    workers: run.workers,
    backend: run.backend.name,
  });
  run.warn(pool.warning);
  run.options.onPhase?.('proofs');
  const queue = run.tasks.values();
  const runner = async () => {
    for (const task of queue) {
      if (signal.aborted) throw interrupted();
      run.onRow(await proveTask(run, pool, task, signal));
    }
  };
  try {
    const runners = Array.from({ length: run.workers + WRITING_AT_ONCE }, runner);
    await Promise.all(runners).catch(async (first) => {
      stop.abort();
      await Promise.allSettled(runners);
      throw first;
    });
    return pool.keyMemory;
  } finally {
    run.options.onPhase?.('end');
    await pool.close();
  }
}

async function proveTask(
  run: Run,
  pool: ProverPool,
  task: RowToProve,
  signal: AbortSignal,
): Promise<FinishedRow> {
  const { subject, files } = run;
  const { folder, model, context } = subject;
  const { salt, confirm } = await batchInputOf(model).begin(subject, task, files);
  const contextId = context.unique ? randomBytes(CONTEXT_ID_BYTES).toString('hex') : undefined;
  const integers = Float64Array.from(task.integers);
  const job = { integers, salt, context: contextSignalOf(context, contextId) };
  const { proof, publicSignals, milliseconds } = await pool.prove(job, signal);
  confirm(splitSignals(readingOf(model.interface), publicSignals).input);
  const file = bundlePath(folder, task.index);
  const proved = { proof, publicSignals, row: { index: task.index } };
  const bundle = bundleOfRow(model, { ...proved, ...(contextId !== undefined && { contextId }) });
  const written = run.options.pack === true ? packBundle(bundle, model) : bundle;
  if (!(await createBundle(files, file, written))) throw provedElsewhere(file);
  return { index: task.index, file, publicSignals, milliseconds };
}

/** Only if the lock of the folder was removed, or its file system has none that work. */
function provedElsewhere(file: string): QuietproofError {
  return new QuietproofError('QP6203', {
    what: 'Another process has proved this row meanwhile',
    where: file,
    fix: 'Let one process at a time prove into a folder, and run the same command again',
  });
}

interface Outcome {
  readonly kept: number;
  readonly proved: number;
  readonly seconds: number;
  readonly count: WorkerCount;
  readonly keyMemory: number;
}

function report(
  { subject, backend, warnings }: Batch,
  rows: readonly EncodedRow[],
  outcome: Outcome,
): BatchReport {
  const { kept, proved, seconds, count, keyMemory } = outcome;
  return {
    modelId: subject.model.ids.modelId,
    folder: subject.folder,
    rows: rows.length,
    proved,
    kept,
    seconds,
    proofsPerSecond: proved === 0 ? 0 : proved / seconds,
    peakMemory: process.resourceUsage().maxRSS * 1024,
    keyMemory,
    backend: backend.name,
    ...(backend.engine !== undefined && { engine: backend.engine }),
    workers: count.workers,
    workersLimitedBy: count.limitedBy,
    clamped: rows.filter((row) => row.input === undefined && !row.hasUnknownText).map(({ index }) => index),
    warnings,
  };
}
