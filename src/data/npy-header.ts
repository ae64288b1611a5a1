import { QuietproofError } from '../errors/quietproof-error.ts';

const MAGIC = Buffer.from('\u0093NUMPY', 'latin1');

/** Header of a `.npy` file (numpy/lib/format.py). */
export interface NpyHeader {
  /** NumPy's type string, e.g. `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Offset of the numbers, in bytes. */
  readonly dataStart: number;
}

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the header of a `.npy` file, versions 1 to 3.
 *
 * @throws QuietproofError QP1110 if it is damaged, QP1109 for structured types and pickled objects
 */
export function readNpyHeader(bytes: Buffer, source: string): NpyHeader {
  if (!isNpy(bytes)) throw damaged('It does not start like a NumPy file', source);
  if (bytes.length < 12) throw damaged('It ends inside its header', source);
  const version = bytes[6]!;
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    throw damaged(`Its format version ${version}.${bytes[7]} is not supported`, source);
  }
  const textStart = version === 1 ? 10 : 12;
  const dataStart = textStart + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (dataStart > bytes.length) throw damaged('It ends inside its header', source);
  const text = bytes.toString(version === 3 ? 'utf8' : 'latin1', textStart, dataStart);
  return { ...parseDictionary(text, source), dataStart };
}

const ENTRY =
  /\s*'(descr|fortran_order|shape)'\s*:\s*('[^'\\]*'|True|False|\([\d\s,]*\)|\[.*\])\s*(,|(?=\}))/y;

/** The header is a Python dictionary literal with exactly three keys, in any order. */
function parseDictionary(text: string, source: string): Omit<NpyHeader, 'dataStart'> {
  const entries = new Map<string, string>();
  ENTRY.lastIndex = 1;
  let end = 1;
  for (let found = ENTRY.exec(text); found !== null; found = ENTRY.exec(text)) {
    entries.set(found[1]!, found[2]!);
    end = ENTRY.lastIndex;
  }
  const isWhole = text[0] === '{' && /^\s*\}\s*$/.test(text.slice(end));
  const descr = entries.get('descr') ?? '';
  if (isWhole && descr.startsWith('[')) throw unsupported('a structured type', source);
  const order = entries.get('fortran_order') ?? '';
  const dims = /^\((?:\s*\d+\s*,)*(?:\s*\d+)?\s*\)$/.test(entries.get('shape') ?? '');
  if (!isWhole || !/^'.*'$/.test(descr) || !/^(True|False)$/.test(order) || !dims) {
    throw damaged('Its header cannot be parsed', source);
  }
  const shape = (entries.get('shape')!.match(/\d+/g) ?? []).map(Number);
  return { descr: descr.slice(1, -1), fortranOrder: order === 'True', shape };
}

export function damaged(what: string, source: string): QuietproofError {
  return new QuietproofError('QP1110', { what, where: source, fix: 'Write it again with numpy.save' });
}

export function unsupported(type: string, source: string): QuietproofError {
  const what = `NumPy files of ${type} are not supported`;
  const fix = 'Save numbers: numpy.save(path, rows.astype("float32"))';
  return new QuietproofError('QP1109', { what, where: source, fix });
}
