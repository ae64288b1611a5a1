import { type FileHandle, open } from 'node:fs/promises';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { BASE_FIELD, ELEMENT_BYTES, readElement, TWO_ADICITY } from '../field/bn254.ts';
import { ByteCursor, type FileContext } from './byte-cursor.ts';
import { CONTAINER_HEADER_BYTES, readContainerHeader, SECTION_HEADER_BYTES } from './iden3-container.ts';
import { G1_BYTES, G2_BYTES } from './zkey-layout.ts';

export interface PtauHeader {
  /** Circuits up to 2^power constraints (public signals included). */
  readonly power: number;
  /** Of the ceremony this file was cut from. */
  readonly ceremonyPower: number;
  /** Whether the Lagrange sections 12–15 are there; without them no key can be made. */
  readonly prepared: boolean;
}

/**
 * Reads what can be known about a powers-of-tau file without reading its gigabytes: header, and that every section
 * is there with the length that the power asks for.
 *
 * @throws QuietproofError QP1002 (no such file), QP5001 (not a ptau file, cut off), QP5004 (another curve)
 */
export async function readPtauHeader(path: string): Promise<PtauHeader> {
  const context: FileContext = { code: 'QP5001', file: path, fix: 'Download the ceremony file again' };
  const file = await open(path).catch((cause: unknown) => {
    throw new QuietproofError('QP1002', { what: 'The ceremony file cannot be opened', where: path, cause });
  });
  try {
    const sections = await scanSections(file, context);
    const header = await readHeader(file, sections, context);
    checkLengths(sections, header, context);
    return header;
  } finally {
    await file.close();
  }
}

interface Extent {
  readonly start: number;
  readonly length: number;
}

async function scanSections(file: FileHandle, context: FileContext): Promise<Map<number, Extent>> {
  const { size } = await file.stat();
  const head = new ByteCursor(await readAt(file, 0, Math.min(size, CONTAINER_HEADER_BYTES)), context);
  const count = readContainerHeader(head, 'ptau', [1]);
  const sections = new Map<number, Extent>();
  let at = CONTAINER_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const available = Math.max(0, Math.min(size - at, SECTION_HEADER_BYTES));
    const cursor = new ByteCursor(await readAt(file, at, available), context);
    const id = cursor.u32();
    const length = cursor.u64();
    at += SECTION_HEADER_BYTES;
    if (at + length > size) cursor.refuse(`the file ends early: section ${id} should have ${length} bytes`);
    if (sections.has(id)) cursor.refuse(`section ${id} occurs twice`);
    sections.set(id, { start: at, length });
    at += length;
  }
  if (at !== size) head.refuse(`${size - at} bytes are left over where none should be`);
  return sections;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

const HEADER_SECTION_BYTES = 4 + ELEMENT_BYTES + 4 + 4;

async function readHeader(
  file: FileHandle,
  sections: ReadonlyMap<number, Extent>,
  context: FileContext,
): Promise<PtauHeader> {
  const extent = sections.get(1) ?? { start: 0, length: 0 };
  const bytes = await readAt(file, extent.start, Math.min(extent.length, 2 * HEADER_SECTION_BYTES));
  const cursor = new ByteCursor(bytes, context);
  if (cursor.u32() !== ELEMENT_BYTES || readElement(cursor.take(ELEMENT_BYTES)) !== BASE_FIELD) {
    const what = 'The ceremony file is not for BN254 (bn128)';
    throw new QuietproofError('QP5004', { what, where: context.file, fix: 'Use a bn128 ceremony file' });
  }
  const [power, ceremonyPower] = [cursor.u32(), cursor.u32()];
  cursor.end();
  if (power < 1 || power > TWO_ADICITY) cursor.refuse(`a power of ${power} makes no sense`);
  return { power, ceremonyPower, prepared: [12, 13, 14, 15].every((id) => sections.has(id)) };
}

/** Point counts: snarkjs `powersoftau_new.js` (sections 2–6) and `powersoftau_preparephase2.js` (12–15). */
function checkLengths(
  sections: ReadonlyMap<number, Extent>,
  { power, prepared }: PtauHeader,
  context: FileContext,
): void {
  const n = 2 ** power;
  const expected: Array<[id: number, bytes: number]> = [
    [2, (2 * n - 1) * G1_BYTES],
    [3, n * G2_BYTES],
    [4, n * G1_BYTES],
    [5, n * G1_BYTES],
    [6, G2_BYTES],
  ];
  if (prepared) {
    // Every power from 0 up, one after the other; tau in G1 has one more than the rest.
    expected.push([12, (4 * n - 1) * G1_BYTES], [13, (2 * n - 1) * G2_BYTES]);
    expected.push([14, (2 * n - 1) * G1_BYTES], [15, (2 * n - 1) * G1_BYTES]);
  }
  for (const [id, bytes] of expected) {
    const found = sections.get(id)?.length;
    if (found === bytes) continue;
    const what = `section ${id} has ${found ?? 'no'} bytes where a power of ${power} needs ${bytes}`;
    new ByteCursor(new Uint8Array(), context).refuse(what);
  }
}
