import { createHash } from 'node:crypto';
import type { PointSet, StepPoints } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES } from '../formats/zkey-layout.ts';
import { checkPoints } from '../key/check-key.ts';
import type { KeyChecker } from '../key/key-checker.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';
import { undividedQuery } from './check-successor.ts';
import { checkContributions } from './contributions.ts';
import { stageOf } from './key-stage.ts';

/** Digests of sets of points are of no other kind. */
const TAG = 'quietproof/points/v1\0';

/** How statements name the points of a key that δ divides (SPEC.md, section 22). */
export function pointSetOf({ c, h }: Pick<Zkey, 'c' | 'h'>): PointSet {
  const [nC, nH] = [c.length / G1_BYTES, h.length / G1_BYTES];
  const counts = Buffer.alloc(8);
  counts.writeUInt32LE(nC, 0);
  counts.writeUInt32LE(nH, 4);
  const sha256 = createHash('sha256').update(TAG).update(counts).update(c).update(h).digest('hex');
  return { c: nC, h: nH, sha256 };
}

/**
 * Checks that the points of an earlier step, as they were sent to a contributor or came back, are those of a whole key that
 * was checked against its circuit and its phase 1: all of them, no others, and divided by δ of that step.
 *
 * @param final the checked key
 * @param step a key of its ceremony, or the carrier of its points
 * @throws QuietproofError QP5021 (of another ceremony, or of another number of points), QP5022 (a point is not in its
 * group), QP5024 (a foreign point, or an inconsistent chain)
 */
export async function checkStepPoints(
  final: Zkey,
  step: Zkey,
  file: string,
  checker: KeyChecker = wasmKeyChecker,
): Promise<StepPoints> {
  const index = step.transcript.contributions.length;
  if (index > final.transcript.contributions.length || stageOf(step, final) !== 'continues') {
    throw foreignStep('they are of another ceremony', file);
  }
  for (const query of ['c', 'h'] as const) {
    if (step[query].length === final[query].length) continue;
    const [found, expected] = [step[query].length / G1_BYTES, final[query].length / G1_BYTES];
    throw foreignStep(`${found} ${query.toUpperCase()} points instead of ${expected}`, file);
  }
  checkContributions(step, file);
  await checkPoints(step, file, checker);
  const part = await checker.findUndivided(step, final);
  if (part !== undefined) throw undividedQuery(part, file);
  return { index, ...pointSetOf(step) };
}

function foreignStep(why: string, where: string): QuietproofError {
  const what = `The points are not those of a step of this key's ceremony: ${why}`;
  return new QuietproofError('QP5021', { what, where, fix: 'Give what was sent and received for this key' });
}
