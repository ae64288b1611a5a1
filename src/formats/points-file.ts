import { ByteCursor, type FileContext, refuseFile } from './byte-cursor.ts';
import { allocateSections, readSections, requireSection } from './iden3-container.ts';
import type { Zkey } from './zkey.ts';
import { readTranscript, type ZkeyTranscript } from './zkey-contributions.ts';
import { G1_BYTES, G2_BYTES, SECTION } from './zkey-layout.ts';

/**
 * What of a key a contributor needs who is not to see the rest: δ, the points that δ divides, and the transcript. A
 * container like the .zkey, with magic `qpts`, version 1 and these sections of it; section 2 holds δ₁ and δ₂ alone.
 */
export interface PointsFile {
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  readonly c: Uint8Array;
  readonly h: Uint8Array;
  readonly transcript: ZkeyTranscript;
  /** Section 10, as it stands in the file. */
  readonly contributions: Uint8Array;
}

const MAGIC = 'qpts';
const VERSION = 1;

/** Whether bytes begin as such a file does. */
export function isPointsFile(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/** The points of a key as a file. */
export function pointsOfKey({ bytes, delta1, delta2, c, h }: Zkey): Uint8Array {
  const context: FileContext = { code: 'QP5013', file: 'circuit.zkey', fix: 'Take the key again' };
  const sections = readSections(bytes, 'zkey', [1], context);
  const contributions = requireSection(sections, SECTION.contributions, 'contributions', context);
  return encodePoints({ delta1, delta2, c, h, contributions });
}

export function encodePoints(points: Omit<PointsFile, 'transcript'>): Uint8Array {
  const { delta1, delta2, c, h, contributions } = points;
  const draft = allocateSections(MAGIC, VERSION, [
    [SECTION.header, G1_BYTES + G2_BYTES],
    [SECTION.c, c.length],
    [SECTION.h, h.length],
    [SECTION.contributions, contributions.length],
  ]);
  draft.section(SECTION.header).set(delta1);
  draft.section(SECTION.header).set(delta2, G1_BYTES);
  draft.section(SECTION.c).set(c);
  draft.section(SECTION.h).set(h);
  draft.section(SECTION.contributions).set(contributions);
  return draft.file;
}

/**
 * Reads such a file and checks its layout. Does not check the points.
 *
 * @param file name for error messages
 * @throws QuietproofError QP5013
 */
export function readPoints(bytes: Uint8Array, file: string): PointsFile {
  const context: FileContext = { code: 'QP5013', file, fix: 'Take the points from the key again' };
  const sections = readSections(bytes, MAGIC, [VERSION], context);
  const get = (id: number, name: string) => requireSection(sections, id, name, context);
  if (sections.size !== 4) refuseFile(context, 'it has other sections than the four of a file of points');
  const header = new ByteCursor(get(SECTION.header, 'delta'), context);
  const [delta1, delta2] = [header.take(G1_BYTES), header.take(G2_BYTES)];
  header.end();
  const [c, h] = [get(SECTION.c, 'C points'), get(SECTION.h, 'H points')];
  const domain = h.length / G1_BYTES;
  if (c.length % G1_BYTES !== 0) refuseFile(context, 'section 8 holds no whole number of points');
  if (domain < 1 || !Number.isInteger(Math.log2(domain))) {
    refuseFile(context, 'section 9 holds no domain of points');
  }
  const contributions = get(SECTION.contributions, 'contributions');
  const transcript = readTranscript(new ByteCursor(contributions, context));
  return { delta1, delta2, c, h, transcript, contributions };
}
