import { BASE_FIELD, ELEMENT_BYTES, SCALAR_FIELD, writeElement } from '../field/bn254.ts';
import { allocateSections } from './iden3-container.ts';

/**
 * Layout of a Groth16 `.zkey`, version 1, as snarkjs 0.7 reads and writes it. Points are affine, coordinates
 * little-endian in Montgomery form, all zeros for the point at infinity.
 */
export const SECTION = {
  protocol: 1,
  header: 2,
  ic: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
  contributions: 10,
} as const;

export const GROTH16 = 1;
export const G1_BYTES = 2 * ELEMENT_BYTES;
export const G2_BYTES = 4 * ELEMENT_BYTES;
/** Matrix, constraint and wire (u32 each), then value · 2^512 mod r. */
export const COEFFICIENT_BYTES = 12 + ELEMENT_BYTES;
const EMPTY_TRANSCRIPT_BYTES = 64 + 4;

/** Offsets of the header's fields in section 2, in bytes. */
export const HEADER = {
  nWires: 72,
  nPublic: 76,
  domainSize: 80,
  alpha1: 84,
  beta1: 84 + G1_BYTES,
  beta2: 84 + 2 * G1_BYTES,
  gamma2: 84 + 2 * G1_BYTES + G2_BYTES,
  delta1: 84 + 2 * G1_BYTES + 2 * G2_BYTES,
  delta2: 84 + 3 * G1_BYTES + 2 * G2_BYTES,
  bytes: 84 + 3 * G1_BYTES + 3 * G2_BYTES,
} as const;

/** The numbers that determine the size of every section. */
export interface ZkeyShape {
  readonly nWires: number;
  /** Without the constant wire. */
  readonly nPublic: number;
  readonly domainSize: number;
}

/** Size of each point section, in bytes. */
export function pointSectionBytes(shape: ZkeyShape): ReadonlyMap<number, number> {
  const { nWires, nPublic, domainSize } = shape;
  return new Map([
    [SECTION.ic, (nPublic + 1) * G1_BYTES],
    [SECTION.a, nWires * G1_BYTES],
    [SECTION.b1, nWires * G1_BYTES],
    [SECTION.b2, nWires * G2_BYTES],
    [SECTION.c, (nWires - nPublic - 1) * G1_BYTES],
    [SECTION.h, domainSize * G1_BYTES],
  ]);
}

/**
 * Allocates a key file and writes everything except points, coefficients and transcript. Sections are in snarkjs'
 * order.
 */
export function allocateZkey(
  shape: ZkeyShape,
  nCoefficients: number,
  transcriptBytes = EMPTY_TRANSCRIPT_BYTES,
): { file: Uint8Array; section: (id: number) => Uint8Array } {
  const points = pointSectionBytes(shape);
  const sized = (id: number): [number, number] => [id, points.get(id)!];
  const draft = allocateSections('zkey', 1, [
    [SECTION.protocol, 4],
    [SECTION.header, HEADER.bytes],
    [SECTION.coefficients, 4 + nCoefficients * COEFFICIENT_BYTES],
    sized(SECTION.ic),
    sized(SECTION.h),
    sized(SECTION.c),
    sized(SECTION.a),
    sized(SECTION.b1),
    sized(SECTION.b2),
    [SECTION.contributions, transcriptBytes],
  ]);
  draft.section(SECTION.protocol)[0] = GROTH16;
  const header = draft.section(SECTION.header);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  view.setUint32(0, ELEMENT_BYTES, true);
  writeElement(header, 4, BASE_FIELD);
  view.setUint32(36, ELEMENT_BYTES, true);
  writeElement(header, 40, SCALAR_FIELD);
  view.setUint32(HEADER.nWires, shape.nWires, true);
  view.setUint32(HEADER.nPublic, shape.nPublic, true);
  view.setUint32(HEADER.domainSize, shape.domainSize, true);
  return draft;
}
