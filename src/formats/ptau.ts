import { type FileHandle, open } from 'node:fs/promises';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { environmentError } from '../errors/system-error.ts';
import { BASE_FIELD, ELEMENT_BYTES, readElement, TWO_ADICITY } from '../field/bn254.ts';
import { ByteCursor, type FileContext, refuseFile } from './byte-cursor.ts';
import { CONTAINER_HEADER_BYTES, readContainerHeader, SECTION_HEADER_BYTES } from './iden3-container.ts';
import { G1_BYTES, G2_BYTES } from './zkey-layout.ts';

export interface PtauHeader {
  /** The file supports circuits of up to 2^power constraints, including public signals. */
  readonly power: number;
  /** Power of the ceremony that this file was truncated from. */
  readonly ceremonyPower: number;
  /** Whether the file has the Lagrange sections 12–15, without which no key can be made. */
  readonly prepared: boolean;
}

/** Sections of a powers-of-tau file. The Lagrange sections hold the bases for all powers from 0 up, in sequence. */
export const PTAU_SECTION = {
  header: 1,
  tauG1: 2,
  tauG2: 3,
  alphaTauG1: 4,
  betaTauG1: 5,
  betaG2: 6,
  lagrangeTauG1: 12,
  lagrangeTauG2: 13,
  lagrangeAlphaTauG1: 14,
  lagrangeBetaTauG1: 15,
} as const;

const IN_G2: ReadonlySet<number> = new Set([
  PTAU_SECTION.tauG2,
  PTAU_SECTION.betaG2,
  PTAU_SECTION.lagrangeTauG2,
]);

interface Extent {
  readonly start: number;
  readonly length: number;
}

/**
 * An open powers-of-tau file. Opening checks the header and the section lengths; points are read on demand, since these
 * files take gigabytes.
 */
export class PtauFile {
  readonly header: PtauHeader;
  readonly #file: FileHandle;
  readonly #sections: ReadonlyMap<number, Extent>;

  private constructor(file: FileHandle, sections: ReadonlyMap<number, Extent>, header: PtauHeader) {
    this.#file = file;
    this.#sections = sections;
    this.header = header;
  }

  /** @throws QuietproofError QP1002 (no such file), QP5001 (not a ptau file, or truncated), QP5004 (another curve) */
  static async open(path: string): Promise<PtauFile> {
    const context: FileContext = { code: 'QP5001', file: path, fix: 'Download the ceremony file again' };
    const file = await open(path).catch((cause: unknown) => {
      const what = 'The ceremony file cannot be opened';
      throw (
        environmentError(cause, path) ??
        new QuietproofError('QP1002', { what, where: path, fix: 'Check the path', cause })
      );
    });
    try {
      const sections = await scanSections(file, context);
      const header = await readHeader(file, sections, context);
      checkLengths(sections, header, context);
      return new PtauFile(file, sections, header);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Points first … first + count − 1 of a section, affine and in zkey form. */
  async points(section: number, first: number, count: number): Promise<Uint8Array> {
    const size = IN_G2.has(section) ? G2_BYTES : G1_BYTES;
    const extent = this.#sections.get(section)!;
    if ((first + count) * size > extent.length) throw new RangeError(`section ${section} has no such points`);
    return readAt(this.#file, extent.start + first * size, count * size);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function scanSections(file: FileHandle, context: FileContext): Promise<Map<number, Extent>> {
  const stat = await file.stat();
  const size = stat.isFile() ? stat.size : 0;
  const head = new ByteCursor(await readAt(file, 0, Math.min(size, CONTAINER_HEADER_BYTES)), context);
  const count = readContainerHeader(head, 'ptau', [1]);
  const sections = new Map<number, Extent>();
  let at = CONTAINER_HEADER_BYTES;
  for (let i = 0; i < count; i += 1) {
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
  if (at !== size) head.refuse(`${size - at} bytes are left over at the end`);
  return sections;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

const HEADER_SECTION_BYTES = 4 + ELEMENT_BYTES + 4 + 4;

async function readHeader(
  file: FileHandle,
  sections: ReadonlyMap<number, Extent>,
  context: FileContext,
): Promise<PtauHeader> {
  const extent = sections.get(PTAU_SECTION.header) ?? { start: 0, length: 0 };
  const bytes = await readAt(file, extent.start, Math.min(extent.length, 2 * HEADER_SECTION_BYTES));
  const cursor = new ByteCursor(bytes, context);
  if (cursor.u32() !== ELEMENT_BYTES || readElement(cursor.take(ELEMENT_BYTES)) !== BASE_FIELD) {
    const what = 'The ceremony file is not for BN254 (bn128)';
    throw new QuietproofError('QP5004', { what, where: context.file, fix: 'Use a bn128 ceremony file' });
  }
  const [power, ceremonyPower] = [cursor.u32(), cursor.u32()];
  cursor.end();
  if (power < 1 || power > TWO_ADICITY) cursor.refuse(`a power of ${power} is impossible`);
  return { power, ceremonyPower, prepared: sections.has(PTAU_SECTION.lagrangeTauG1) };
}

/** Point counts: snarkjs `powersoftau_new.js` (sections 2–6) and `powersoftau_preparephase2.js` (12–15). */
function checkLengths(
  sections: ReadonlyMap<number, Extent>,
  { power, prepared }: PtauHeader,
  context: FileContext,
): void {
  const n = 2 ** power;
  const counts: Array<[section: number, points: number]> = [
    [PTAU_SECTION.tauG1, 2 * n - 1],
    [PTAU_SECTION.tauG2, n],
    [PTAU_SECTION.alphaTauG1, n],
    [PTAU_SECTION.betaTauG1, n],
    [PTAU_SECTION.betaG2, 1],
  ];
  if (prepared) {
    // The basis of τ in G1 has one power more than the others.
    counts.push([PTAU_SECTION.lagrangeTauG1, 4 * n - 1], [PTAU_SECTION.lagrangeTauG2, 2 * n - 1]);
    counts.push([PTAU_SECTION.lagrangeAlphaTauG1, 2 * n - 1], [PTAU_SECTION.lagrangeBetaTauG1, 2 * n - 1]);
  }
  for (const [id, points] of counts) {
    const expected = points * (IN_G2.has(id) ? G2_BYTES : G1_BYTES);
    const found = sections.get(id)?.length;
    if (found === expected) continue;
    const what = `section ${id} has ${found ?? 'no'} bytes where a power of ${power} needs ${expected}`;
    refuseFile(context, what);
  }
}
