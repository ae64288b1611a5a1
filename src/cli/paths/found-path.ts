import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ARTIFACT, KEY_FILES } from '../../artifact/file-names.ts';

/** What is at a path, as far as its name and its first bytes tell. */
export type FoundPath =
  | 'missing'
  /** A pipe or a device: what it will give is not known. */
  | 'stream'
  | 'unreadable'
  | 'artifact'
  | 'proofs'
  | 'model'
  | 'folder'
  | 'bundle'
  | 'receipt'
  | 'record'
  | 'opening'
  | 'data'
  | 'zkey'
  | 'ptau'
  | 'file';

const BY_EXTENSION: Readonly<Record<string, FoundPath>> = {
  '.onnx': 'model',
  '.npy': 'data',
  '.csv': 'data',
  '.zkey': 'zkey',
  '.ptau': 'ptau',
  '.html': 'receipt',
};

export async function findPath(place: string): Promise<FoundPath> {
  const info = await stat(place).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
  if (typeof info === 'string') return info === 'ENOENT' || info === 'ENOTDIR' ? 'missing' : 'unreadable';
  if (info.isDirectory()) return await findFolder(place);
  if (!info.isFile()) return 'stream';
  if (path.basename(place).endsWith('.proof.json')) return 'bundle';
  const extension = path.extname(place).toLowerCase();
  return extension === '.json' ? await findJson(place) : (BY_EXTENSION[extension] ?? 'file');
}

async function findFolder(folder: string): Promise<FoundPath> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return 'unreadable';
  if (names.includes(ARTIFACT.manifest) && names.includes(ARTIFACT.integerGraph)) return 'artifact';
  if (names.some((name) => name.endsWith('.proof.json'))) return 'proofs';
  if (names.includes('model.onnx')) return 'model';
  return names.includes(KEY_FILES.model) ? await findModelJson(path.join(folder, KEY_FILES.model)) : 'folder';
}

/** A folder's model.json: a TensorFlow.js model, or the record of a model beside proofs. */
async function findModelJson(file: string): Promise<FoundPath> {
  return (await findJson(file)) === 'model' ? 'model' : 'proofs';
}

/** Larger JSON files are read in their commands only. */
const MAX_JSON = 8 * 2 ** 20;

const BY_VERSION: Readonly<Record<string, FoundPath>> = {
  bundle: 'bundle',
  model: 'record',
  opening: 'opening',
};

async function findJson(place: string): Promise<FoundPath> {
  const content = await readSmallJson(place);
  if (typeof content !== 'object' || content === null) return 'file';
  if ('modelTopology' in content) return 'model';
  if (holdsRows(content) || ('inputs' in content && holdsRows(content.inputs))) return 'data';
  const version = 'version' in content ? String(content.version) : '';
  return BY_VERSION[/^quietproof\/(\w+)\/v\d$/.exec(version)?.[1] ?? ''] ?? 'file';
}

/** Rows of numbers, nested or not; a first value that is a text is not taken for data. */
function holdsRows(value: unknown): boolean {
  let first = value;
  while (Array.isArray(first)) first = first[0];
  return Array.isArray(value) && typeof first === 'number';
}

async function readSmallJson(place: string): Promise<unknown> {
  const file = await open(place).catch(() => undefined);
  try {
    if (file === undefined || (await file.stat()).size > MAX_JSON) return undefined;
    return JSON.parse(await file.readFile('utf8'));
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}
