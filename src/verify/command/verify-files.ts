import {
  bundleInReceipt,
  type FileContent,
  isReceipt,
  type ManyItem,
  type PreparedKey,
  PreparedModel,
  parseAnyBundle,
  parseAnyModelRecord,
  type Reading,
  Refusal,
  readingOf,
  type Verdict,
  type VerifyOptions,
  verifyBundle,
  verifyMany,
} from '../index.ts';
import { type FindOptions, type FoundFile, findBundles } from './find-bundles.ts';
import { ModelRecords } from './model-records.ts';
import { readFound, readNamed } from './read-source.ts';

export interface FileVerdict {
  readonly file: string;
  readonly verdict: Verdict;
}

/** A file to verify and what is needed for it. */
export interface ReadFile extends ManyItem {
  readonly file: string;
}

/** Bundles per batch: enough to share final exponentiations, few enough to show progress and to be interrupted. */
const BATCH_SIZE = 128;
/** Bytes per batch: a folder of files at the limit must not fill the memory. */
const BATCH_BYTES = 1 << 22;

/**
 * Verifies bundles and receipts, in order, holding only one batch of them in memory. Thin bundles are verified with the
 * model.json in the same folder. What cannot be read in a folder gives a verdict too: `incomplete`, with a code.
 *
 * @param paths bundles, receipts, folders of bundles; `-` is the standard input
 * @throws UsageError if a folder has no bundles; the error of the system if a path cannot be read. A bad bundle gives a
 * verdict and does not throw.
 */
export async function* verifyFiles(
  paths: readonly string[],
  options: Omit<VerifyOptions, 'companion' | 'keys'> & FindOptions = {},
): AsyncGenerator<FileVerdict> {
  const { recursive, ...asked } = options;
  const files = await findBundles(paths, recursive === undefined ? {} : { recursive });
  yield* verifyFound(files, new ModelRecords(), asked);
}

/** The same for files that were found already. */
export async function* verifyFound(
  files: readonly FoundFile[],
  records: ModelRecords,
  options: Omit<VerifyOptions, 'companion'>,
  onPhase: (phase: 'read' | 'check') => void = () => {},
): AsyncGenerator<FileVerdict> {
  const keys = options.keys ?? new Map<string, PreparedKey>();
  onPhase('read');
  for await (const batch of batches(files, records)) {
    onPhase('check');
    const verdicts = verifyItems(batch, { ...options, keys });
    for (const [at, { file }] of batch.entries()) yield { file, verdict: verdicts[at] as Verdict };
    onPhase('read');
  }
}

/** A single proof, or one with an expected input, is verified by itself; several others as a batch. */
function verifyItems(items: readonly ReadFile[], options: VerifyOptions): Verdict[] {
  const { input, tolerance, ...shared } = options;
  if (items.length > 1 && input === undefined && tolerance === undefined) return verifyMany(items, shared);
  return items.map(({ source, companion }) =>
    verifyBundle(source, companion === undefined ? options : { ...options, companion }),
  );
}

async function* batches(files: readonly FoundFile[], records: ModelRecords): AsyncGenerator<ReadFile[]> {
  let batch: ReadFile[] = [];
  let bytes = 0;
  for (const found of files) {
    const item = await readItem(found, records);
    batch.push(item);
    bytes += item.source instanceof Refusal ? 0 : item.source.length;
    if (batch.length < BATCH_SIZE && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** @throws the error of the system for a path that the user named */
export async function readItem(
  { file, named, refused }: FoundFile,
  records: ModelRecords,
): Promise<ReadFile> {
  const source: FileContent = refused ?? (named ? await readNamed(file) : await readFound(file));
  const companion = await records.of(file, source);
  return { file, source, ...(companion !== undefined && { companion }) };
}

/** The interface of a bundle or receipt: its own, or that of its companion. Undefined if it cannot be read. */
export function interfaceOf({ source, companion }: ReadFile): Reading | undefined {
  try {
    if (source instanceof Refusal) return undefined;
    const { model } = parseAnyBundle(isReceipt(source) ? bundleInReceipt(source) : source);
    if (model !== undefined) return readingOf(model.interface);
    if (companion === undefined || companion instanceof Refusal) return undefined;
    if (companion instanceof PreparedModel) return companion.reading;
    return readingOf(parseAnyModelRecord(companion).interface);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
