import { availableParallelism } from 'node:os';
import type { InputReading, MissingPart, RowValue, Verdict, VerifyOptions } from '../index.ts';
import { verifyBundle } from '../index.ts';
import { BatchSummary, type Summary } from './batch-summary.ts';
import { briefly } from './brief-verdict.ts';
import { type FoundFile, findBundles } from './find-bundles.ts';
import { type ExpectedModel, expectedModel, ModelRecords } from './model-records.ts';
import { numberingOf } from './numbering.ts';
import { prepared } from './prepared-models.ts';
import { loadChecker } from './proof-checker.ts';
import { isStdin, readNamed } from './read-source.ts';
import { renderBatch } from './render-batch.ts';
import { renderVerdict, renderVerdictLine } from './render-verdict.ts';
import type { ThreadSetup } from './thread-messages.ts';
import { type TrustRequest, trustQuestion } from './trust-question.ts';
import { UsageError } from './usage-error.ts';
import { type FileVerdict, interfaceOf, readItem, verifyFound } from './verify-files.ts';
import { verifyInThreads } from './verify-threads.ts';
import type { Paint } from './words.ts';

/** The words of the command, however they were parsed. */
export interface VerifyRequest extends TrustRequest {
  readonly paths: readonly string[];
  /** Ids, artifact folders, model.json files: a proof must be of one of them. */
  readonly models?: readonly string[];
  readonly anyModel?: boolean;
  readonly context?: string;
  /** The model.json of thin bundles. */
  readonly companion?: string;
  readonly opening?: string;
  /** Steps, 0 to 0.5. */
  readonly tolerance?: number;
  /** Reads the row that the user expects, for an input of this form. */
  readonly row?: (input: InputReading) => Promise<readonly RowValue[]>;
  readonly recursive?: boolean;
  readonly json?: boolean;
  /** With `json`, all of each verdict of several proofs. */
  readonly details?: boolean;
  /** Threads that verify many files; by default the calling thread alone. */
  readonly threads?: number;
  /** URL of a module whose `proofChecker()` gives a faster `ProofChecker`, or undefined. */
  readonly checker?: string;
}

/** Where the result goes. */
export interface CommandOutput {
  /** Writes one line to stdout. */
  readonly print: (line: string) => void;
  readonly paint: Paint;
  /** Called when the command enters a phase. */
  readonly onPhase?: (phase: VerifyPhase) => void;
  /** Fields that the last JSON object gets at the end. */
  readonly appended?: () => object;
  /** Called after each file. */
  readonly onFile?: (found: FileVerdict, done: number, total: number) => void;
}

/** Reading what was named as expected and the names of the files; reading the files; checking them; what follows. */
export type VerifyPhase = 'expected' | 'read' | 'check' | 'result';

/** 0: every proof is accepted; 1: one is not valid, or of a model that was not named; 2: not enough was given. */
export type VerifyStatus = 0 | 1 | 2;

/** Each thread takes some 50 MB, however little it has to do. */
const MAX_THREADS = 8;

/** The threads that the programs verify many files with. */
export function usualThreads(): number {
  return Math.min(availableParallelism(), MAX_THREADS);
}

/** Fewer files take less time than threads take to start. */
const MIN_IN_THREADS = 128;

/** Up to this many verdicts have a line each; of more, only those that are not accepted. */
const MAX_LISTED = 24;

/**
 * The command `verify` of both programs: reads, checks and prints.
 *
 * @throws UsageError; a Refusal of an expected model's record; the error of the system for a path that the user named
 */
export async function verifyCommand(request: VerifyRequest, output: CommandOutput): Promise<VerifyStatus> {
  requireMeasurable(request);
  output.onPhase?.('expected');
  const expected = await Promise.all((request.models ?? []).map(expectedModel));
  const files = await findBundles(request.paths, request);
  const companion = request.companion === undefined ? undefined : await readNamed(request.companion);
  const trust = await trustQuestion(request);
  const asked: Asked = {
    request,
    options: { ...optionsOf(request, expected), ...(trust !== undefined && { trust }) },
    output,
    expected,
    ...(companion !== undefined && { companion }),
  };
  const [only] = files;
  if (asksAboutInput(request)) requireOne(files);
  const single = files.length === 1 && only !== undefined && (only.named || asksAboutInput(request));
  return single ? verifyOne(asked, only) : verifyBatch(asked, files);
}

interface Asked {
  readonly request: VerifyRequest;
  readonly options: VerifyOptions;
  readonly output: CommandOutput;
  readonly expected: readonly ExpectedModel[];
  /** The model.json of thin bundles that the user gave. */
  readonly companion?: Uint8Array;
}

function optionsOf(request: VerifyRequest, expected: readonly ExpectedModel[]): VerifyOptions {
  const { models, anyModel, context, tolerance } = request;
  return {
    ...(models !== undefined && models.length > 0 && { model: expected.map(({ modelId }) => modelId) }),
    ...(anyModel === true && { anyModel }),
    ...(context !== undefined && { context: new TextEncoder().encode(context) }),
    ...(tolerance !== undefined && { tolerance }),
  };
}

function asksAboutInput({ row, opening }: VerifyRequest): boolean {
  return row !== undefined || opening !== undefined;
}

function requireMeasurable(request: VerifyRequest): void {
  if (request.tolerance === undefined || asksAboutInput(request)) return;
  const fix = 'Pass the row with --input, or the opening with --opening';
  throw new UsageError('QP1001', { what: '--tolerance needs an input to measure', fix });
}

function requireOne(files: readonly FoundFile[]): void {
  if (files.length === 1) return;
  throw new UsageError('QP1001', {
    what: `--input and --opening apply to one proof, and ${files.length} were given`,
    fix: 'Pass only the bundle that they belong to',
  });
}

async function verifyOne(asked: Asked, found: FoundFile): Promise<VerifyStatus> {
  const { request, output } = asked;
  const verdict = await verdictOf(asked, found);
  const one = { file: found.file, verdict };
  output.onPhase?.('result');
  output.onFile?.(one, 1, 1);
  const { accepted, outcome } = verdict;
  if (request.json) {
    const appended = output.appended?.();
    output.print(JSON.stringify({ accepted, outcome, verdicts: [one], ...appended }, null, 2));
  } else {
    output.print(renderVerdict(found.file, verdict, output.paint));
    for (const hint of hints(verdict.missing, outcome === 'unpinned' && !accepted)) output.print(hint);
  }
  return accepted ? 0 : statusOf(outcome !== 'incomplete');
}

async function verdictOf(asked: Asked, found: FoundFile): Promise<Verdict> {
  const { request, options, output } = asked;
  output.onPhase?.('read');
  const item = await readItem(found, recordsOf(asked));
  const reading = request.row && interfaceOf(item);
  const input = {
    ...(request.row !== undefined && reading !== undefined && { row: await request.row(reading.input) }),
    ...(request.opening !== undefined && { opening: await readNamed(request.opening) }),
  };
  output.onPhase?.('check');
  const { source, companion } = item;
  const checker = await loadChecker(request.checker);
  return verifyBundle(source, {
    ...options,
    ...(checker !== undefined && { checker }),
    ...(asksAboutInput(request) && { input }),
    ...(companion !== undefined && { companion }),
  });
}

/** Prints each verdict when it is known, and holds only what the summary needs. */
async function verifyBatch(asked: Asked, files: readonly FoundFile[]): Promise<VerifyStatus> {
  const { request, options, output, expected } = asked;
  const summary = new BatchSummary({
    model: options.model !== undefined,
    context: options.context !== undefined,
  });
  let done = 0;
  for await (const found of verdictsOf(asked, files)) {
    summary.add(found);
    done += 1;
    output.onFile?.(found, done, files.length);
    if (request.json) output.print(JSON.stringify(request.details ? found : briefly(found)));
    else if (files.length <= MAX_LISTED || !found.verdict.accepted)
      output.print(renderVerdictLine(found.file, found.verdict, output.paint, expected.length !== 1));
  }
  const { accepted, outcome } = summary;
  output.onPhase?.('result');
  const concluded = summary.conclude(numberingOf(files));
  if (request.json) {
    output.print(JSON.stringify({ accepted, outcome, summary: concluded, ...output.appended?.() }));
  } else printSummary(asked, concluded);
  return accepted ? 0 : statusOf(summary.decided);
}

/**
 * In threads where there are many, which read the files too. The standard input can be read in this thread only, and
 * what a trust file says is remembered here.
 */
function verdictsOf(asked: Asked, files: readonly FoundFile[]): AsyncIterable<FileVerdict> {
  const { request, output, expected, companion } = asked;
  const { trust, ...options } = asked.options;
  const { threads = 1, checker } = request;
  const here = trust !== undefined || files.some(({ file }) => isStdin(file));
  if (here || threads === 1 || files.length <= MIN_IN_THREADS) return verifyHere(asked, files);
  output.onPhase?.('check');
  const setup: ThreadSetup = {
    options,
    expected: expected.flatMap(({ source }) => (source === undefined ? [] : [source])),
    ...(companion !== undefined && { companion }),
    ...(checker !== undefined && { checker }),
  };
  return verifyInThreads(files, setup, threads);
}

async function* verifyHere(asked: Asked, files: readonly FoundFile[]): AsyncGenerator<FileVerdict> {
  const checker = await loadChecker(asked.request.checker);
  const options = { ...asked.options, ...(checker !== undefined && { checker }) };
  yield* verifyFound(files, recordsOf(asked), options, asked.output.onPhase);
}

function recordsOf({ companion, expected }: Asked): ModelRecords {
  return new ModelRecords(companion && prepared(companion), expected);
}

function printSummary({ request, output }: Asked, summary: Summary): void {
  const anyModel = request.anyModel === true;
  if (summary.total <= MAX_LISTED || summary.failures.length > 0) output.print('');
  for (const line of renderBatch(summary, output.paint, anyModel)) output.print(line);
  for (const hint of hints(summary.missing, summary.outcomes.unpinned > 0 && !anyModel)) output.print(hint);
}

/** A proof that was checked and is not accepted decides over one that could not be checked. */
function statusOf(decided: boolean): VerifyStatus {
  return decided ? 1 : 2;
}

const HINTS: Readonly<Partial<Record<MissingPart, string>>> = {
  'log-proof': '→ Ask for the proof again, when a log that your trust file names has the answer',
  'model-record': '→ Put the model.json of the proofs beside them, or name it: --companion <model.json>',
  opening: '→ Pass the opening of the input: --opening <file>',
  statement: '→ Pass the statements of those whom you trust: --statements <file or folder>',
  row: '→ Pass a row to measure: --input, or an opening that contains one',
};

function hints(missing: readonly MissingPart[], unpinned: boolean): string[] {
  const model = '→ Say which model you expect: --model <artifact|id>, or accept any with --any-model';
  return [
    ...missing.map((part) => HINTS[part]).filter((hint) => hint !== undefined),
    ...(unpinned ? [model] : []),
  ];
}
