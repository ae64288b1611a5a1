import {
  BASE_FIELD,
  ELEMENT_BYTES,
  isScalar,
  readElement,
  SCALAR_FIELD,
  TWO_ADICITY,
} from '../field/bn254.ts';
import { ByteCursor, type FileContext, refuseFile } from './byte-cursor.ts';
import { readSections, requireSection } from './iden3-container.ts';
import { readTranscript, type ZkeyTranscript } from './zkey-contributions.ts';
import {
  COEFFICIENT_BYTES,
  G1_BYTES,
  G2_BYTES,
  GROTH16,
  HEADER,
  pointSectionBytes,
  SECTION,
  type ZkeyShape,
} from './zkey-layout.ts';

/** A Groth16 proving key. All byte fields are views of the file; points are in zkey form (see zkey-layout.ts). */
export interface Zkey extends ZkeyShape {
  /** The whole file. */
  readonly bytes: Uint8Array;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly gamma2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  /** Section 4 without its count: records of COEFFICIENT_BYTES. */
  readonly coefficients: Uint8Array;
  readonly ic: Uint8Array;
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  readonly c: Uint8Array;
  readonly h: Uint8Array;
  readonly transcript: ZkeyTranscript;
}

/**
 * Reads a proving key and checks layout, counts and ranges. Does not check the points (see src/key).
 *
 * @param file name for error messages
 * @throws QuietproofError QP5013
 */
export function readZkey(bytes: Uint8Array, file = 'circuit.zkey'): Zkey {
  const context: FileContext = { code: 'QP5013', file, fix: 'Fetch or make the key again' };
  const sections = readSections(bytes, 'zkey', [1], context);
  const get = (id: number, name: string) => requireSection(sections, id, name, context);
  const protocol = new ByteCursor(get(SECTION.protocol, 'protocol'), context);
  if (protocol.u32() !== GROTH16) protocol.refuse('the key is not a Groth16 key');
  protocol.end();
  const header = readHeader(new ByteCursor(get(SECTION.header, 'header'), context));
  for (const [id, expected] of pointSectionBytes(header)) {
    const found = get(id, 'points').length;
    if (found !== expected) refuseFile(context, `section ${id} has ${found} bytes instead of ${expected}`);
  }
  const coefficients = readCoefficients(
    new ByteCursor(get(SECTION.coefficients, 'coefficients'), context),
    header,
  );
  const transcript = readTranscript(new ByteCursor(get(SECTION.contributions, 'contributions'), context));
  return {
    bytes,
    ...header,
    coefficients,
    ic: sections.get(SECTION.ic)!,
    a: sections.get(SECTION.a)!,
    b1: sections.get(SECTION.b1)!,
    b2: sections.get(SECTION.b2)!,
    c: sections.get(SECTION.c)!,
    h: sections.get(SECTION.h)!,
    transcript,
  };
}

type Header = Pick<Zkey, keyof ZkeyShape | 'alpha1' | 'beta1' | 'beta2' | 'gamma2' | 'delta1' | 'delta2'>;

function readHeader(cursor: ByteCursor): Header {
  if (cursor.remaining !== HEADER.bytes) cursor.refuse('the header has the wrong length');
  for (const modulus of [BASE_FIELD, SCALAR_FIELD]) {
    if (cursor.u32() !== ELEMENT_BYTES || readElement(cursor.take(ELEMENT_BYTES)) !== modulus) {
      cursor.refuse('the key is not on BN254');
    }
  }
  const shape = { nWires: cursor.u32(), nPublic: cursor.u32(), domainSize: cursor.u32() };
  if (shape.nPublic + 1 > shape.nWires) cursor.refuse('there are more public signals than wires');
  const power = Math.log2(shape.domainSize);
  if (!Number.isInteger(power) || power > TWO_ADICITY)
    cursor.refuse(`a domain of ${shape.domainSize} is impossible`);
  return {
    ...shape,
    alpha1: cursor.take(G1_BYTES),
    beta1: cursor.take(G1_BYTES),
    beta2: cursor.take(G2_BYTES),
    gamma2: cursor.take(G2_BYTES),
    delta1: cursor.take(G1_BYTES),
    delta2: cursor.take(G2_BYTES),
  };
}

function readCoefficients(cursor: ByteCursor, shape: ZkeyShape): Uint8Array {
  const count = cursor.u32();
  if (cursor.remaining !== count * COEFFICIENT_BYTES)
    cursor.refuse(`${count} coefficients do not fit section 4`);
  for (let at = 4; at < cursor.bytes.length; at += COEFFICIENT_BYTES) {
    const inRange =
      cursor.view.getUint32(at, true) <= 1 &&
      cursor.view.getUint32(at + 4, true) < shape.domainSize &&
      cursor.view.getUint32(at + 8, true) < shape.nWires &&
      isScalar(cursor.view, at + 12);
    if (!inRange) cursor.refuse(`coefficient ${(at - 4) / COEFFICIENT_BYTES} is out of range`);
  }
  return cursor.take(cursor.remaining);
}
