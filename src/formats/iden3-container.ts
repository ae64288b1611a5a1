import { ByteCursor, type FileContext, refuseFile } from './byte-cursor.ts';

/**
 * The container format of .r1cs, .wtns, .zkey and .ptau: a four-letter magic, a version and a section count, then each
 * section with id (u32), length (u64) and contents. Source: iden3/r1csfile `doc/r1cs_bin_format.md`.
 */
export const CONTAINER_HEADER_BYTES = 12;
export const SECTION_HEADER_BYTES = 12;

/** No iden3 format has more (ptau: 15). The limit makes a corrupt count cheap to refuse. */
const MAX_SECTIONS = 64;

/**
 * Splits a file into its sections, as views. Refuses repeated sections and bytes after the last one.
 *
 * @throws QuietproofError with the context's code
 */
export function readSections(
  bytes: Uint8Array,
  magic: string,
  versions: readonly number[],
  context: FileContext,
): Map<number, Uint8Array> {
  const cursor = new ByteCursor(bytes, context);
  const count = readContainerHeader(cursor, magic, versions);
  const sections = new Map<number, Uint8Array>();
  for (let i = 0; i < count; i += 1) {
    const id = cursor.u32();
    const length = cursor.u64();
    if (sections.has(id)) cursor.refuse(`section ${id} occurs twice`);
    sections.set(id, cursor.take(length));
  }
  cursor.end();
  return sections;
}

/** Reads magic, version and section count, and returns the count. */
export function readContainerHeader(cursor: ByteCursor, magic: string, versions: readonly number[]): number {
  const found = String.fromCharCode(...cursor.take(4));
  if (found !== magic) cursor.refuse(`this is not a .${magic} file`);
  const version = cursor.u32();
  if (!versions.includes(version)) cursor.refuse(`version ${version} of the format is unknown`);
  const count = cursor.u32();
  if (count > MAX_SECTIONS) cursor.refuse(`a count of ${count} sections is impossible`);
  return count;
}

/** The section with this id. Refuses the file if it is missing. */
export function requireSection(
  sections: ReadonlyMap<number, Uint8Array>,
  id: number,
  name: string,
  context: FileContext,
): Uint8Array {
  return sections.get(id) ?? refuseFile(context, `section ${id} (${name}) is missing`);
}

/** Allocates a file with sections of known lengths, in the given order. `section` returns the view to fill. */
export function allocateSections(
  magic: string,
  version: number,
  sizes: ReadonlyArray<readonly [id: number, bytes: number]>,
): { file: Uint8Array; section: (id: number) => Uint8Array } {
  const total = sizes.reduce((sum, [, bytes]) => sum + SECTION_HEADER_BYTES + bytes, CONTAINER_HEADER_BYTES);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  for (let i = 0; i < 4; i += 1) file[i] = magic.charCodeAt(i);
  view.setUint32(4, version, true);
  view.setUint32(8, sizes.length, true);
  const starts = new Map<number, Uint8Array>();
  let at = CONTAINER_HEADER_BYTES;
  for (const [id, bytes] of sizes) {
    view.setUint32(at, id, true);
    view.setBigUint64(at + 4, BigInt(bytes), true);
    at += SECTION_HEADER_BYTES;
    starts.set(id, file.subarray(at, at + bytes));
    at += bytes;
  }
  return { file, section: (id) => starts.get(id)! };
}
