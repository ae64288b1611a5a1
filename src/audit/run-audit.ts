import path from 'node:path';
import { canonicalBytes } from '@quietproof/verify';
import { PreparedModels } from '@quietproof/verify/command/prepared-models';
import { writeDurably, writeStreamDurably } from '../store/durable-file.ts';
import type { AuditRequest, AuditResult } from './audit-request.ts';
import { startChecks } from './checks/start-checks.ts';
import { findingsOf, limitsOf } from './findings/assemble.ts';
import { FINDINGS_VERSION, type Findings } from './findings/findings-types.ts';
import { Gathering } from './findings/gather.ts';
import { timelineOf } from './findings/model-tally.ts';
import { scopeOf } from './findings/scope.ts';
import { type GivenInputs, readGiven } from './given-inputs.ts';
import { AuditLogs } from './logs/audit-logs.ts';
import { OpenInputs } from './openings/open-inputs.ts';
import { takeOutput } from './output-folder.ts';
import { type ReportOptions, writeReports } from './report/write-reports.ts';
import { removeEarlier, signAudit } from './signature/sign-audit.ts';
import type { AuditSource } from './sources/audit-source.ts';
import { openSource } from './sources/open-source.ts';
import { AuditState } from './state/audit-state.ts';
import { type TableParts, tableOf } from './write-table.ts';

export type { AuditRequest, AuditResult } from './audit-request.ts';

/** Fewer are checked before threads have started. */
const MIN_IN_THREADS = 256;

/**
 * Checks every record in folders and archives, the logs, and what they are together, and writes `findings.json`,
 * `findings.csv` and the reports into a folder, where they replace those there. The same inputs and `at`, and the same
 * `nonce` where a sample is drawn, give the same bytes. If an audit of the same inputs was stopped in this folder, it is
 * gone on with, for the time that it judged for.
 *
 * @throws QP6601 (the lists), QP6602 (a source that is none), QP6605 (the openings), QP6606 and QP4506 (the rows to measure on), QP6660; QP6206 (another audit
 * writes there); UsageError; Refusal QP7210 to QP7212 (the trust file); QP7910 (the key); QP8001–QP8008; the error of the
 * system
 */
export async function runAudit(
  request: AuditRequest,
  out: string,
  options: ReportOptions = {},
): Promise<AuditResult> {
  const sources = await Promise.all(request.sources.map(openSource));
  try {
    return await auditSources(request, sources, out, options);
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

/** The same for sources that are open. They stay open. */
export async function auditSources(
  request: AuditRequest,
  sources: readonly AuditSource[],
  out: string,
  options: ReportOptions = {},
): Promise<AuditResult> {
  const given = await readGiven(request, sources, out);
  const { models } = given;
  const { checker } = request;
  const prepared = new PreparedModels();
  const parts = { sources, models, prepared, ...(checker !== undefined && { checker }) };
  const opening = await OpenInputs.start(request.openings, parts);
  try {
    const lock = await takeOutput(out, options);
    try {
      return await auditGiven(request, { sources, given, prepared, opening, out, options });
    } finally {
      lock.release();
    }
  } finally {
    await opening?.close();
  }
}

interface AuditParts {
  readonly sources: readonly AuditSource[];
  readonly given: GivenInputs;
  readonly prepared: PreparedModels;
  readonly opening: OpenInputs | undefined;
  readonly out: string;
  readonly options: ReportOptions;
}

async function auditGiven(request: AuditRequest, parts: AuditParts): Promise<AuditResult> {
  const { sources, given, opening, out, options } = parts;
  const { trust, models, roots, expected, key, measured } = given;
  const { period } = request;
  const total = await countRecords(sources);
  const logs = await AuditLogs.read(sources, {
    trusted: (origin) => trust?.vouching.log(origin),
    now: trust?.now ?? 0,
    ...(roots !== undefined && { roots }),
  });
  const gathering = new Gathering({
    openings: opening !== undefined,
    logs,
    certificatesGiven: roots !== undefined,
    modelsNamed: models.length,
    ...(trust !== undefined && { trust }),
    ...(expected !== undefined && { expected }),
    ...(period !== undefined && { period }),
    ...(measured !== undefined && { measured }),
  });
  await removeEarlier(out, { pdf: options.pdf !== false });
  const table = path.join(out, 'findings.csv');
  await checkAll(request, parts, { gathering, total }, table);
  const gathered = await gathering.conclude();
  const sample = await opening?.sample(gathered.logs, gathering);
  const asked = gathering.asked(gathered.models, sources.filter(({ hasManifest }) => hasManifest).length);
  const findings: Findings = {
    version: FINDINGS_VERSION,
    scope: scopeOf(request, { sources, gathering, trust, expected, sample }),
    totals: { ...gathering.counts, models: gathered.models.length, logs: gathered.logs.length },
    models: gathered.models,
    timeline: timelineOf(gathered.models),
    logs: gathered.logs,
    series: gathered.series,
    findings: findingsOf(gathering.found, asked),
    limits: limitsOf(asked, {
      isTimeGiven: request.at !== undefined,
      isPeriodGiven: period !== undefined,
      sample,
    }),
  };
  const json = canonicalBytes(findings);
  const document = path.join(out, 'findings.json');
  await writeDurably(document, json);
  const files = [document, table, ...(await writeReports(findings, json, out, options))];
  const signature = key && (await signAudit(out, files, key));
  return { findings, files: signature === undefined ? files : [...files, signature] };
}

/** Checks the records while their table is written, in threads if there are many, and keeps what was checked until then. */
async function checkAll(
  request: AuditRequest,
  { sources, given, prepared, opening, out }: AuditParts,
  counted: Pick<TableParts, 'gathering' | 'total'>,
  table: string,
): Promise<void> {
  const { trust, models, bound } = given;
  const { threads = 1, checker } = request;
  const isSmall = counted.total < MIN_IN_THREADS;
  const checks = await startChecks({
    models,
    prepared,
    threads: isSmall ? 1 : threads,
    ...(trust !== undefined && { trust }),
    ...(checker !== undefined && { checker }),
  });
  const archives = new Set(sources.flatMap(({ kind }, index) => (kind === 'archive' ? [index] : [])));
  const at = trust?.vouching.at;
  const state = isSmall
    ? undefined
    : await AuditState.open(out, { bound, archives, ...(at !== undefined && { at }) });
  let isChecked = false;
  try {
    const parts = { ...counted, sources, checks, opening, state };
    await writeStreamDurably(table, tableOf(parts, request.onProgress));
    isChecked = true;
  } finally {
    await checks.end();
    await state?.close(isChecked);
  }
}

async function countRecords(sources: readonly AuditSource[]): Promise<number> {
  let count = 0;
  for (const source of sources) {
    if (source.count !== undefined) count += await source.count();
    else for await (const { isRecord } of source.entries()) if (isRecord) count += 1;
  }
  return count;
}
