import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  bundleInReceipt,
  isReceipt,
  MAX_RECEIPT,
  type ManyItem,
  type PreparedModel,
  parseAnyBundle,
  parseAnyModelRecord,
  prepareModel,
  type Reading,
  Refusal,
  readingOf,
  type Verdict,
  type VerifyOptions,
  verifyBundle,
  verifyMany,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { listBundles, MODEL_FILE } from './batch-folder.ts';

export interface FileVerdict {
  readonly file: string;
  readonly verdict: Verdict;
}

/** Bundles per batch: enough to share final exponentiations, few enough to show progress and to be interrupted. */
const BATCH_SIZE = 128;

/**
 * Verifies bundle and receipt files, in order. Thin bundles are verified with the model.json in the same folder.
 *
 * @param paths bundles, receipts, and folders of bundles
 * @throws QP1002 if a path cannot be read or a folder has no bundles. A bad bundle gives a verdict and does not throw.
 */
export async function* verifyFiles(
  paths: readonly string[],
  options: Omit<VerifyOptions, 'companion' | 'keys'> = {},
): AsyncGenerator<FileVerdict> {
  const companions = new Companions();
  const keys: NonNullable<VerifyOptions['keys']> = new Map();
  const files = await bundleFiles(paths);
  for (let at = 0; at < files.length; at += BATCH_SIZE) {
    const part = files.slice(at, at + BATCH_SIZE);
    const items = await Promise.all(part.map((file) => readItem(file, companions)));
    const verdicts = verifyItems(items, { ...options, keys });
    for (const [index, verdict] of verdicts.entries()) yield { file: part[index]!, verdict };
  }
}

async function readItem(file: string, companions: Companions): Promise<ManyItem> {
  const [source, companion] = await Promise.all([readLimited(file), companions.inFolderOf(file)]);
  return companion === undefined ? { source } : { source, companion };
}

/** A single proof, or proofs with an expected input, are verified one by one; several others as a batch. */
function verifyItems(items: readonly ManyItem[], { input, ...options }: VerifyOptions): Verdict[] {
  if (items.length > 1 && input === undefined) return verifyMany(items, options);
  const withInput = input === undefined ? options : { ...options, input };
  return items.map(({ source, companion }) =>
    verifyBundle(source, companion === undefined ? withInput : { ...withInput, companion }),
  );
}

/** Expands folders to their bundles. @throws QP1002 */
export async function bundleFiles(paths: readonly string[]): Promise<string[]> {
  const files = await Promise.all(
    paths.map(async (given) => {
      if (!(await isFolder(given))) return [given];
      const bundles = await listBundles(given);
      if (bundles.length > 0) return bundles;
      const fix = 'Pass a *.proof.json file, or the folder that `quietproof prove` wrote';
      throw new QuietproofError('QP1002', {
        what: 'The folder contains no proof bundles',
        where: given,
        fix,
      });
    }),
  );
  return files.flat();
}

/**
 * The interface of a bundle or receipt: its own, or from the model.json in its folder. Undefined if it cannot be read.
 */
export async function interfaceOf(file: string): Promise<Reading | undefined> {
  try {
    const bytes = await readLimited(file);
    const packed = parseAnyBundle(isReceipt(bytes) ? bundleInReceipt(bytes) : bytes).model;
    const beside = async () =>
      parseAnyModelRecord(await readLimited(path.join(path.dirname(file), MODEL_FILE)));
    return readingOf((packed ?? (await beside())).interface);
  } catch (error) {
    if (error instanceof Refusal || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const MODEL_ID = /^[0-9a-f]{64}$/;

/**
 * The model id that a user gives: as 64 hex digits, or as an artifact, a folder of proofs, or a model.json.
 *
 * @throws QP1002, QP1003; a Refusal if a verifier would refuse the record
 */
export async function modelIdOf(model: string): Promise<string> {
  const written = model.toLowerCase();
  if (MODEL_ID.test(written)) return written;
  if (/^[0-9a-f]{32,}…?$/.test(written)) {
    throw new QuietproofError('QP1003', {
      what: `A model id has 64 hexadecimal digits, but this one has ${model.length}`,
      fix: 'Copy the whole id, or pass the artifact folder',
    });
  }
  const file = (await isFolder(model)) ? path.join(model, MODEL_FILE) : model;
  return prepareModel(await readLimited(file)).ids.modelId;
}

/** The model.json of each folder, read and prepared once. */
class Companions {
  readonly #prepared = new Map<string, Promise<PreparedModel | Uint8Array | undefined>>();

  inFolderOf(file: string): Promise<PreparedModel | Uint8Array | undefined> {
    const folder = path.dirname(file);
    const known = this.#prepared.get(folder) ?? prepare(path.join(folder, MODEL_FILE));
    this.#prepared.set(folder, known);
    return known;
  }
}

/** Returns a refused record unparsed, so that every verdict reports what is wrong with it. */
async function prepare(file: string): Promise<PreparedModel | Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readLimited(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return prepareModel(bytes);
  } catch (error) {
    if (error instanceof Refusal) return bytes;
    throw error;
  }
}

/** Reads at most one byte more than the limit, which is enough for the verifier to refuse the file. */
async function readLimited(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, MAX_RECEIPT + 1));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

async function isFolder(given: string): Promise<boolean> {
  return (await stat(given)).isDirectory();
}
