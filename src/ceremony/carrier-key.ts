import { QuietproofError } from '../errors/quietproof-error.ts';
import { allocateSections, readSections } from '../formats/iden3-container.ts';
import { isPointsFile, type PointsFile, pointsOfKey, readPoints } from '../formats/points-file.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { allocateZkey, G1_BYTES, HEADER, SECTION } from '../formats/zkey-layout.ts';
import { g1Generator, g2Generator } from '../key/key-checker.ts';

/**
 * A key that holds these points and, where it needs others, generators and infinity. Everything that contributes to a key
 * or checks a contribution works on it, and on nothing else of the circuit.
 */
export function carrierKey(points: PointsFile): Uint8Array {
  const { c, h, delta1, delta2, contributions } = points;
  const nWires = c.length / G1_BYTES + 1;
  const shape = { nWires, nPublic: 0, domainSize: h.length / G1_BYTES };
  const draft = allocateZkey(shape, 0, contributions.length);
  const header = draft.section(SECTION.header);
  for (const at of [HEADER.alpha1, HEADER.beta1]) header.set(g1Generator(), at);
  for (const at of [HEADER.beta2, HEADER.gamma2]) header.set(g2Generator(), at);
  header.set(delta1, HEADER.delta1);
  header.set(delta2, HEADER.delta2);
  draft.section(SECTION.ic).set(g1Generator());
  // The check of the group takes a combination of these points, which is none if all are infinity.
  draft.section(SECTION.b2).set(g2Generator());
  draft.section(SECTION.c).set(c);
  draft.section(SECTION.h).set(h);
  draft.section(SECTION.contributions).set(contributions);
  return draft.file;
}

/**
 * The key in a file, or the carrier of its points.
 *
 * @throws QuietproofError QP5013
 */
export function keyOrCarrier(bytes: Uint8Array, file: string): Zkey {
  return readZkey(isPointsFile(bytes) ? carrierKey(readPoints(bytes, file)) : bytes, file);
}

/** The points that a carrier holds, as the file that travels. */
export function pointsOfCarrier(carrier: Uint8Array): Uint8Array {
  return pointsOfKey(readZkey(carrier));
}

/**
 * A key with its divided points, its δ and its transcript replaced by those of a file that came back.
 *
 * @throws QuietproofError QP5013 (the file), QP5021 (of another size)
 */
export function withPoints(key: Uint8Array, returned: Uint8Array, file: string): Uint8Array {
  const points = readPoints(returned, file);
  const before = readZkey(key);
  if (before.c.length !== points.c.length || before.h.length !== points.h.length) {
    const what = 'The points are not as many as those of the key';
    throw new QuietproofError('QP5021', { what, where: file, fix: 'Take them from the contributor again' });
  }
  const sections = readSections(key, 'zkey', [1], { code: 'QP5013', file, fix: 'Take the key again' });
  // A copy: `slice` of a Buffer would be a view of the key.
  const header = Uint8Array.from(sections.get(SECTION.header)!);
  header.set(points.delta1, HEADER.delta1);
  header.set(points.delta2, HEADER.delta2);
  const replaced = new Map([
    [SECTION.header, header],
    [SECTION.c, points.c],
    [SECTION.h, points.h],
    [SECTION.contributions, points.contributions],
  ] as ReadonlyArray<readonly [number, Uint8Array]>);
  const all = [...sections].map(([id, own]) => [id, replaced.get(id) ?? own] as const);
  const draft = allocateSections(
    'zkey',
    1,
    all.map(([id, content]) => [id, content.length]),
  );
  for (const [id, content] of all) draft.section(id).set(content);
  return draft.file;
}
