import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalBytes, INPUT_MODES, type Time } from '@quietproof/verify';
import { expectedModel } from '@quietproof/verify/command/model-records';
import { loadChecker } from '@quietproof/verify/command/proof-checker';
import { trustQuestion } from '@quietproof/verify/command/trust-question';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { makeFolder, writeDurably, writeStreamDurably } from '../store/durable-file.ts';
import { AuditTrust } from './checks/audit-trust.ts';
import { checkOpening } from './checks/check-opening.ts';
import { type CheckOptions, checkRecords, type SourceEntry } from './checks/check-records.ts';
import { type ExpectedAnswer, parseExpected } from './checks/expected-list.ts';
import { findingsOf, limitsOf } from './findings/assemble.ts';
import {
  type AuditedSource,
  FINDINGS_VERSION,
  type Findings,
  type Scope,
} from './findings/findings-types.ts';
import { Gathering } from './findings/gather.ts';
import { timelineOf } from './findings/model-tally.ts';
import { TABLE_HEADER, tableLine } from './findings/record-table.ts';
import type { Period } from './period.ts';
import { type ReportOptions, writeReports } from './report/write-reports.ts';
import type { AuditSource } from './sources/audit-source.ts';
import { openSource } from './sources/open-source.ts';

export interface AuditRequest {
  /** Folders. */
  readonly sources: readonly string[];
  /** A trust.json, and signed statements or folders of them. */
  readonly trust?: string;
  readonly statements?: readonly string[];
  /** Ids, artifacts or model.json files: a record has to be of one of them. */
  readonly models?: readonly string[];
  /** A CSV with what is to be there. */
  readonly expected?: string;
  readonly period?: Period;
  /** The time to judge for; default: now. */
  readonly at?: Time;
  /** Check the openings beside the records. */
  readonly openings?: boolean;
  /** URL of a module whose `proofChecker()` gives a faster `ProofChecker`, or undefined. */
  readonly checker?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface AuditResult {
  readonly findings: Findings;
  /** Paths written. */
  readonly files: readonly string[];
}

/**
 * Checks every record in folders and what they are together, and writes `findings.json`, `findings.csv` and the reports
 * into a folder, where they replace those there. The same inputs and `at` give the same bytes.
 *
 * @throws QP6601 (the list), QP6602 (a source that is no folder), QP6660; UsageError; Refusal QP7210 to QP7212 (the trust
 * file); QP8001–QP8008; the error of the system
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

async function auditSources(
  request: AuditRequest,
  sources: readonly AuditSource[],
  out: string,
  options: ReportOptions,
): Promise<AuditResult> {
  const entries = await entriesIn(sources);
  const { trust, check } = await readChecks(request, sources);
  const list = request.expected === undefined ? undefined : await readList(request.expected);
  const { period, openings = false } = request;
  const gathering = new Gathering(entries, {
    openings,
    modelsNamed: check.models.length,
    ...(trust !== undefined && { trust }),
    ...(list !== undefined && { expected: list.rows }),
    ...(period !== undefined && { period }),
  });
  await makeFolder(out);
  const table = path.join(out, 'findings.csv');
  await writeStreamDurably(table, tableOf(request, entries, check, gathering));
  const { models, logs, series, asked } = gathering.conclude();
  const findings: Findings = {
    version: FINDINGS_VERSION,
    scope: scopeOf(request, sources, entries, trust, list),
    totals: { ...gathering.counts, models: models.length, logs: logs.length },
    models,
    timeline: timelineOf(models),
    logs,
    series,
    findings: findingsOf(gathering.found, asked),
    limits: limitsOf(asked, { isTimeGiven: request.at !== undefined, isPeriodGiven: period !== undefined }),
  };
  const json = canonicalBytes(findings);
  const document = path.join(out, 'findings.json');
  await writeDurably(document, json);
  return { findings, files: [document, table, ...(await writeReports(findings, json, out, options))] };
}

async function entriesIn(sources: readonly AuditSource[]): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for (const [index, source] of sources.entries()) {
    for await (const entry of source.entries()) entries.push({ ...entry, source: index });
  }
  return entries;
}

async function readChecks(
  request: AuditRequest,
  sources: readonly AuditSource[],
): Promise<{ trust: AuditTrust | undefined; check: CheckOptions }> {
  const { trust: file, statements = [], models = [], at } = request;
  // Refuses statements and a time without anybody who could have signed.
  if (file === undefined) await trustQuestion({ statements, ...(at !== undefined && { at }) });
  const trust = file === undefined ? undefined : await AuditTrust.read(file, statements, at);
  const checker = await loadChecker(request.checker);
  const expected = await Promise.all(models.map(expectedModel));
  const check = {
    models: expected,
    sources,
    ...(trust !== undefined && { trust }),
    ...(checker !== undefined && { checker }),
  };
  return { trust, check };
}

interface ReadList {
  readonly sha256: string;
  readonly rows: readonly ExpectedAnswer[];
}

async function readList(file: string): Promise<ReadList> {
  const bytes = await readFile(file);
  return { sha256: sha256(bytes), rows: parseExpected(textOf(bytes, file), file) };
}

function textOf(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new QuietproofError('QP6601', { what: 'The list is no text in UTF-8', where, cause });
  }
}

/** Checks while the table is written, so that no record is held longer than its line takes. */
async function* tableOf(
  { sources, openings, onProgress }: AuditRequest,
  entries: readonly SourceEntry[],
  check: CheckOptions,
  gathering: Gathering,
): AsyncGenerator<Uint8Array> {
  const total = entries.filter(({ isRecord }) => isRecord).length;
  yield Buffer.from(TABLE_HEADER);
  for await (const record of checkRecords(entries, check)) {
    const mode = record.verdict.model?.input;
    const hasOpening = mode === undefined || INPUT_MODES[mode].salted;
    const isOpened = openings === true && hasOpening && record.standing.result === 'accepted';
    gathering.add(
      record,
      isOpened ? await checkOpening(record, check.sources[record.entry.source]!) : undefined,
    );
    yield Buffer.from(tableLine(sources[record.entry.source]!, record));
    onProgress?.(gathering.counts.records, total);
  }
}

function scopeOf(
  { period, at, openings }: AuditRequest,
  sources: readonly AuditSource[],
  entries: readonly SourceEntry[],
  trust: AuditTrust | undefined,
  list: ReadList | undefined,
): Scope {
  const audited = sources.map(
    ({ name, kind, sha256 }, index): AuditedSource => ({
      name,
      kind,
      ...(sha256 !== undefined && { sha256 }),
      records: entries.filter(({ source, isRecord }) => source === index && isRecord).length,
    }),
  );
  return {
    ...(period !== undefined && { period }),
    ...(at !== undefined && { at }),
    sources: audited,
    ...(trust !== undefined && { trust: { sha256: trust.sha256 } }),
    ...(list !== undefined && { expected: { sha256: list.sha256, rows: list.rows.length } }),
    openings: openings === true ? 'all' : 'none',
  };
}
