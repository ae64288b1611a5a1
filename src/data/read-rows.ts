import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';
import type { DataSet, ParsedRows, RowSpec } from './data-set.ts';
import { isNpy } from './npy-header.ts';
import { sha256 } from './sha256.ts';

/** Limited because rows are held in memory, both as text and as numbers. */
export const MAX_BYTES = 256 * 2 ** 20;

type Format = 'json' | 'npy' | 'csv';

/**
 * Reads rows for calibration, testing or proving, from `.json` (an array of rows, or an object with `inputs` and
 * optional `labels` and `outputs`), `.npy` or `.csv` (with or without a header).
 *
 * @param spec required form of a row; rows are flat, or nested like `spec.shape`
 * @throws QuietproofError QP1002 if the file cannot be read, QP11xx with the position of an error in its content
 */
export async function readRows(path: string, spec: RowSpec): Promise<DataSet> {
  const source = basename(path);
  const bytes = await readDataFile(path, source);
  if (bytes.length === 0) throw new QuietproofError('QP1104', { what: 'The file is empty', where: source });
  const parsed = await READERS[formatOf(bytes, source)](bytes, spec, source);
  return { ...parsed, source, sha256: sha256(bytes) };
}

type ReadRows = (bytes: Buffer, spec: RowSpec, source: string) => Promise<ParsedRows>;

/** Each is loaded where a file has its format. */
const READERS: Readonly<Record<Format, ReadRows>> = {
  async json(bytes, spec, source) {
    const { readJsonRows } = await import('./json-rows.ts');
    return readJsonRows(decodeText(bytes, source), spec, source);
  },
  async csv(bytes, spec, source) {
    const { readCsvRows } = await import('./csv-rows.ts');
    return readCsvRows(decodeText(bytes, source), spec, source);
  },
  async npy(bytes, spec, source) {
    const { readNpyRows } = await import('./npy-rows.ts');
    return readNpyRows(bytes, spec, source);
  },
};

async function readDataFile(path: string, source: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const info = await file.stat();
      if (!info.isFile()) throw new QuietproofError('QP1002', { what: 'This is not a file', where: source });
      if (info.size > MAX_BYTES) {
        const what = `The file has ${Math.ceil(info.size / 2 ** 20)} MiB; the limit is ${MAX_BYTES / 2 ** 20} MiB`;
        throw new QuietproofError('QP1103', { what, where: source, fix: 'Split it, or use fewer rows' });
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const known = cause instanceof QuietproofError ? cause : environmentError(cause, path);
    if (known !== undefined) throw known;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    const what = reason === 'ENOENT' ? 'There is no such file' : `The file cannot be read: ${reason}`;
    throw new QuietproofError('QP1002', { what, where: path, fix: 'Check the path', cause });
  }
}

/** The extension determines the format and must match the content. Without a known extension the content decides. */
export function formatOf(bytes: Buffer, source: string): Format {
  const content = sniff(bytes);
  const extension = extname(source).toLowerCase().slice(1);
  const named = extension === 'json' || extension === 'npy' || extension === 'csv' ? extension : undefined;
  if (content === 'zip' || (named === undefined && content === undefined)) {
    const what = content === 'zip' ? 'This is an archive (.npz, .xlsx or .zip)' : undefined;
    const fix = 'Use a .json, .npy or .csv file';
    throw new QuietproofError('QP1102', { where: source, fix, ...(what === undefined ? {} : { what }) });
  }
  if (named !== undefined && named !== 'npy' && content === 'npy') {
    const what = `The file has the extension .${named} but contains NumPy data`;
    throw new QuietproofError('QP1102', { what, where: source, fix: 'Rename it to .npy' });
  }
  return named ?? content!;
}

function sniff(bytes: Buffer): 'npy' | 'zip' | 'json' | undefined {
  if (isNpy(bytes)) return 'npy';
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return 'zip';
  return /^\uFEFF?\s*[[{]/.test(bytes.subarray(0, 64).toString()) ? 'json' : undefined;
}

/** Decodes UTF-8 and drops a byte order mark. */
export function decodeText(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const fix = 'Save it as UTF-8';
    throw new QuietproofError('QP1101', { what: 'The file is not UTF-8 text', where: source, fix, cause });
  }
}
