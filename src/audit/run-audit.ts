import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalBytes, INPUT_MODES, type Time } from '@quietproof/verify';
import { type ExpectedModel, expectedModel, ModelRecords } from '@quietproof/verify/command/model-records';
import { readNamed } from '@quietproof/verify/command/read-source';
import { trustQuestion } from '@quietproof/verify/command/trust-question';
import { type Certificate, readCertificates } from '@quietproof/verify/timestamp';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readSigningKey } from '../sign/signing-key.ts';
import { makeFolder, writeDurably, writeStreamDurably } from '../store/durable-file.ts';
import { AuditTrust } from './checks/audit-trust.ts';
import { checkOpening, type OpeningResult } from './checks/check-opening.ts';
import { type CheckedEntry, type CheckPlan, checkRecords } from './checks/check-records.ts';
import { type ExpectedAnswer, parseExpected } from './checks/expected-list.ts';
import { type StartedChecks, startChecks } from './checks/start-checks.ts';
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
import { AuditLogs } from './logs/audit-logs.ts';
import type { Period } from './period.ts';
import { type ReportOptions, writeReports } from './report/write-reports.ts';
import { removeEarlier, signAudit } from './signature/sign-audit.ts';
import type { AuditSource } from './sources/audit-source.ts';
import { openSource } from './sources/open-source.ts';
import { AuditState, stamp } from './state/audit-state.ts';

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
  /** A PEM file with root certificates of authorities for timestamps. */
  readonly timestampRoots?: string;
  /** Check the openings beside the records. */
  readonly openings?: boolean;
  /** URL of a module whose `proofChecker()` gives a faster `ProofChecker`, or undefined. */
  readonly checker?: string;
  /** Threads that check; 1 (the default): none beside the one that calls. The findings are the same. */
  readonly threads?: number;
  /** Version of the program: what another one has checked is checked again. */
  readonly program?: string;
  /** Called with a sentence about an audit that was stopped in the same folder. */
  readonly onNote?: (text: string) => void;
  /** The auditor's private key in PEM, to sign the files. */
  readonly sign?: string;
  /** Called for each record, in order. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface AuditResult {
  readonly findings: Findings;
  /** Paths written. */
  readonly files: readonly string[];
}

/**
 * Checks every record in folders and what they are together, and writes `findings.json`, `findings.csv` and the reports
 * into a folder, where they replace those there. The same inputs and `at` give the same bytes. If an audit of the same
 * inputs was stopped in this folder, it is gone on with, for the time that it judged for.
 *
 * @throws QP6601 (the list), QP6602 (a source that is no folder), QP6660; UsageError; Refusal QP7210 to QP7212 (the trust
 * file); QP7910 (the key); QP8001–QP8008; the error of the system
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
  const { trust, models, bound } = await checksIn(request, sources, out);
  const key = request.sign === undefined ? undefined : await readSigningKey(request.sign);
  const list = request.expected === undefined ? undefined : await readList(request.expected);
  const { period, openings = false } = request;
  const total = await countRecords(sources);
  const roots = await readRoots(request.timestampRoots);
  const handedIn = await AuditLogs.read(sources, {
    trusted: (origin) => trust?.vouching.log(origin),
    now: trust?.now ?? 0,
    ...(roots !== undefined && { roots }),
  });
  const gathering = new Gathering({
    openings,
    logs: handedIn,
    certificatesGiven: roots !== undefined,
    modelsNamed: models.length,
    ...(trust !== undefined && { trust }),
    ...(list !== undefined && { expected: list.rows }),
    ...(period !== undefined && { period }),
  });
  await makeFolder(out);
  await removeEarlier(out, { pdf: options.pdf !== false });
  const table = path.join(out, 'findings.csv');
  const { threads = 1, checker } = request;
  const checks = await startChecks({
    models,
    threads: total < MIN_IN_THREADS ? 1 : threads,
    ...(trust !== undefined && { trust }),
    ...(checker !== undefined && { checker }),
  });
  const archives = new Set(sources.flatMap(({ kind }, index) => (kind === 'archive' ? [index] : [])));
  const at = trust?.vouching.at;
  const state =
    total < MIN_IN_THREADS
      ? undefined
      : await AuditState.open(out, { bound, archives, ...(at !== undefined && { at }) });
  let isChecked = false;
  try {
    const checking = { sources, models, checks, total, ...(state !== undefined && { state }) };
    await writeStreamDurably(table, tableOf(request, checking, gathering));
    isChecked = true;
  } finally {
    await checks.end();
    await state?.close(isChecked);
  }
  const { models: audited, logs, series, asked } = await gathering.conclude();
  const findings: Findings = {
    version: FINDINGS_VERSION,
    scope: scopeOf(request, sources, gathering, trust, list),
    totals: { ...gathering.counts, models: audited.length, logs: logs.length },
    models: audited,
    timeline: timelineOf(audited),
    logs,
    series,
    findings: findingsOf(gathering.found, asked),
    limits: limitsOf(asked, { isTimeGiven: request.at !== undefined, isPeriodGiven: period !== undefined }),
  };
  const json = canonicalBytes(findings);
  const document = path.join(out, 'findings.json');
  await writeDurably(document, json);
  const files = [document, table, ...(await writeReports(findings, json, out, options))];
  const signature = key && (await signAudit(out, files, key));
  return { findings, files: signature === undefined ? files : [...files, signature] };
}

interface Checks {
  readonly trust: AuditTrust | undefined;
  readonly models: readonly ExpectedModel[];
}

/** For the time given, else for that of an audit of the same inputs that was stopped in this folder, else for now. */
async function checksIn(
  request: AuditRequest,
  sources: readonly AuditSource[],
  out: string,
): Promise<Checks & { readonly bound: string }> {
  const before = request.trust === undefined ? undefined : await AuditState.timeIn(out);
  const at = request.at ?? before;
  const checks = await readChecks({ ...request, ...(at !== undefined && { at }) });
  const bound = await boundTo(request, sources, checks);
  const fits = await AuditState.fits(out, bound);
  if (fits === true) request.onNote?.('Goes on with what an audit that was stopped has checked.');
  if (fits === false) {
    request.onNote?.('An audit of other inputs was stopped in this folder; everything is checked anew.');
  }
  return fits === false && at !== request.at
    ? { ...(await readChecks(request)), bound }
    : { ...checks, bound };
}

/** A digest of everything beside the records and their folders that results depend on. */
async function boundTo(
  { program, at }: AuditRequest,
  sources: readonly AuditSource[],
  { trust, models }: Checks,
): Promise<string> {
  const given = await Promise.all(
    sources.map(async ({ name, kind }) => [name, kind, kind === 'archive' ? await stamp(name) : '']),
  );
  const statements = trust?.parts.statements.map(({ name, content }) => [name, sha256(content)]);
  const expected = models.map(({ modelId, source }) => [modelId, source && sha256(source)]);
  return sha256(JSON.stringify({ program, at, given, trust: trust?.sha256, statements, expected }));
}

async function readChecks(request: AuditRequest): Promise<Checks> {
  const { trust: file, statements = [], models = [], at } = request;
  // Refuses statements and a time without anybody who could have signed.
  if (file === undefined) await trustQuestion({ statements, ...(at !== undefined && { at }) });
  const trust = file === undefined ? undefined : await AuditTrust.read(file, statements, at);
  return { trust, models: await Promise.all(models.map(expectedModel)) };
}

async function readRoots(file: string | undefined): Promise<Certificate[] | undefined> {
  return file === undefined ? undefined : readCertificates(await readNamed(file));
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

interface Checking {
  readonly sources: readonly AuditSource[];
  readonly models: readonly ExpectedModel[];
  readonly checks: StartedChecks;
  readonly total: number;
  readonly state?: AuditState;
}

/** Fewer are checked before threads have started. */
const MIN_IN_THREADS = 256;

/** Lines are written together: a write costs more than a line. */
const CHUNK = 1 << 16;

/** Checks while the table is written, so that no record is held longer than its line takes. */
async function* tableOf(
  request: AuditRequest,
  checking: Checking,
  gathering: Gathering,
): AsyncGenerator<Uint8Array> {
  const { sources, checks, total, state } = checking;
  const plan: CheckPlan = {
    sources,
    check: checks.check,
    underWay: checks.underWay,
    ...(state !== undefined && {
      known: state,
      onChecked: (entries, results) => state.add(entries, results),
    }),
  };
  const open = openingsOf(request, checking);
  let lines = TABLE_HEADER;
  for await (const { entry, result } of checkRecords(plan)) {
    if (entry.refused !== undefined) gathering.addUnread(entry, entry.refused);
    if (result === undefined) continue;
    const record = { entry, ...result };
    gathering.add(record, await open({ entry, result }));
    lines += tableLine(sources[entry.source]!.name, record);
    request.onProgress?.(gathering.counts.records, total);
    if (lines.length < CHUNK) continue;
    yield Buffer.from(lines);
    lines = '';
  }
  yield Buffer.from(lines);
}

async function countRecords(sources: readonly AuditSource[]): Promise<number> {
  let count = 0;
  for (const source of sources) {
    for await (const { isRecord } of source.entries()) if (isRecord) count += 1;
  }
  return count;
}

/** Checks the opening of a record, if that was asked for and the record is accepted and can have one. */
function openingsOf({ openings }: AuditRequest, { sources, models }: Checking) {
  const records = sources.map((source) => new ModelRecords(undefined, models, (file) => source.file(file)));
  return async ({ entry, result }: CheckedEntry): Promise<OpeningResult | undefined> => {
    const mode = result?.verdict.model?.input;
    const hasOpening = mode === undefined || INPUT_MODES[mode].salted;
    if (openings !== true || !hasOpening || result?.standing.result !== 'accepted') return undefined;
    return checkOpening(entry.path, sources[entry.source]!, records[entry.source]!);
  };
}

function scopeOf(
  { period, at, openings }: AuditRequest,
  sources: readonly AuditSource[],
  gathering: Gathering,
  trust: AuditTrust | undefined,
  list: ReadList | undefined,
): Scope {
  const audited = sources.map(
    ({ name, kind, sha256 }, index): AuditedSource => ({
      name,
      kind,
      ...(sha256 !== undefined && { sha256 }),
      records: gathering.recordsIn(index),
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
