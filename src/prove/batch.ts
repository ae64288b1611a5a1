import path from 'node:path';
import { type AnyModelRecord, readingOf } from '@quietproof/verify';
import { openProvableArtifact } from '../artifact/provable-artifact.ts';
import { writeModelRecord } from '../bundle/batch-folder.ts';
import { MODEL_FILE } from '../bundle/batch-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { chooseBackend } from '../prover/backends.ts';
import { type WorkerCount, workerCount } from '../prover/worker-count.ts';
import { makeFolder, removeTemporaries } from '../store/durable-file.ts';
import { lockFolder } from '../store/folder-lock.ts';
import type { ProveBatchOptions } from './batch-options.ts';
import type { BatchReport, FinishedRow } from './batch-report.ts';
import type { BatchContext, BatchSubject } from './batch-subject.ts';
import { type EncodedRow, encodeRows } from './encode-rows.ts';
import { findModelRecord, findRow } from './finished-rows.ts';
import type { RowToProve } from './input-modes/input-mode.ts';
import { batchInputOf } from './input-modes/input-modes.ts';
import { type Batch, proveTasks } from './prove-tasks.ts';

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
  const artifact = await openProvableArtifact(options.artifactDir, { paranoid: options.paranoid === true });
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
    keyMemory = await proveTasks({ ...batch, options, tasks, workers: count.workers, onRow });
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
