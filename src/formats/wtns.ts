import { ELEMENT_BYTES, elementBytes, isScalar, readElement, SCALAR_FIELD } from '../field/bn254.ts';
import { ByteCursor, type FileContext } from './byte-cursor.ts';
import { readSections, requireSection } from './iden3-container.ts';

/**
 * The `.wtns` format of circom and snarkjs, version 2: section 1 gives the field, section 2 the wires. Source: the
 * layout in snarkjs' README and iden3's notes on binary formats.
 */

const FIELD_ORDER = elementBytes(SCALAR_FIELD);

const MAGIC = Uint8Array.of(0x77, 0x74, 0x6e, 0x73); // "wtns"
const FIELD_SECTION_BYTES = 4 + ELEMENT_BYTES + 4;
/** Magic, version and section count, then id and length of both sections. */
const HEADER_BYTES = 12 + 12 + FIELD_SECTION_BYTES + 12;

/**
 * Encodes wires as a `.wtns` file in memory.
 *
 * @param wires 32 bytes per wire, little-endian, each below the field order
 */
export function encodeWitnessFile(wires: Uint8Array): Uint8Array {
  if (wires.length === 0 || wires.length % ELEMENT_BYTES !== 0) {
    throw new RangeError(`a witness of ${wires.length} bytes is not a whole number of wires`);
  }
  const file = new Uint8Array(HEADER_BYTES + wires.length);
  const view = new DataView(file.buffer);
  file.set(MAGIC, 0);
  view.setUint32(4, 2, true); // version
  view.setUint32(8, 2, true); // sections
  writeSection(view, 12, 1, FIELD_SECTION_BYTES);
  view.setUint32(24, ELEMENT_BYTES, true);
  file.set(FIELD_ORDER, 28);
  view.setUint32(60, wires.length / ELEMENT_BYTES, true);
  writeSection(view, 64, 2, wires.length);
  file.set(wires, HEADER_BYTES);
  return file;
}

function writeSection(view: DataView, at: number, id: number, bytes: number): void {
  view.setUint32(at, id, true);
  view.setBigUint64(at + 4, BigInt(bytes), true);
}

/**
 * The wires of a `.wtns` file, as a view: 32 bytes per wire, little-endian, each below the field order.
 *
 * @throws QuietproofError QP5012
 */
export function decodeWitnessFile(bytes: Uint8Array, file = 'witness.wtns'): Uint8Array {
  const context: FileContext = { code: 'QP5012', file, fix: 'Make the witness again' };
  const sections = readSections(bytes, 'wtns', [2], context);
  const header = new ByteCursor(requireSection(sections, 1, 'header', context), context);
  if (header.u32() !== ELEMENT_BYTES || readElement(header.take(ELEMENT_BYTES)) !== SCALAR_FIELD) {
    header.refuse('its field is not the scalar field of BN254');
  }
  const count = header.u32();
  header.end();
  const wires = new ByteCursor(requireSection(sections, 2, 'wires', context), context);
  if (wires.remaining !== count * ELEMENT_BYTES) wires.refuse(`${count} wires do not fit section 2`);
  for (let wire = 0; wire < count; wire += 1) {
    if (!isScalar(wires.view, wire * ELEMENT_BYTES))
      wires.refuse(`wire ${wire} is not below the field order`);
  }
  return wires.bytes;
}
