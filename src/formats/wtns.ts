/**
 * The `.wtns` container of circom and snarkjs, version 2: section 1 names the field, section 2 holds the wires.
 * Written from the layout in snarkjs' README and iden3's binary format notes.
 */

/** r of BN254, little-endian. */
const FIELD_ORDER = Uint8Array.from(
  21888242871839275222246405745257275088548364400416034343698204186575808495617n
    .toString(16)
    .padStart(64, '0')
    .match(/../g)!
    .reverse()
    .map((byte) => Number.parseInt(byte, 16)),
);

const MAGIC = Uint8Array.of(0x77, 0x74, 0x6e, 0x73); // "wtns"
const ELEMENT_BYTES = 32;
const FIELD_SECTION_BYTES = 4 + ELEMENT_BYTES + 4;
/** magic, version, section count; then an id and a length for each of the two sections. */
const HEADER_BYTES = 12 + 12 + FIELD_SECTION_BYTES + 12;

/**
 * Wraps wires into a `.wtns` file in memory.
 *
 * @param wires 32 bytes a wire, little-endian, each below the field's order
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
