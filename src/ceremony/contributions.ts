import { type Contribution, canonicalJson, checkableBeacons, checkChain, Refusal } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import { isCanonical } from '../key/find-faulty-point.ts';
import { g1Json, g2Json } from '../key/key-points.ts';
import { contributionsOf } from './transcript.ts';

/** δ before the first contribution. */
const GENERATOR = ['1', '2', '1'];

/**
 * Checks that the contributions lead from δ = generator to the key's δ, and that the secret of each was known, with the
 * check that every verifier makes of a transcript. Beacons that take verifiers too long count as contributions.
 *
 * @throws QuietproofError QP5024
 */
export function checkContributions(zkey: Zkey, file: string): void {
  for (const [i, { deltaAfter, g1S, g1Sx, g2Spx }] of zkey.transcript.contributions.entries()) {
    if ([deltaAfter, g1S, g1Sx, g2Spx].every(isCanonical)) continue;
    throw inconsistent(`A coordinate of contribution ${i + 1} is too large`, file);
  }
  const contributions = contributionsOf(zkey);
  const last = contributions.at(-1)?.deltaAfter ?? GENERATOR;
  if (canonicalJson(last) !== canonicalJson(g1Json(zkey.delta1))) {
    throw inconsistent('The contributions end in another delta', file);
  }
  const initialHash = Buffer.from(zkey.transcript.circuitHash).toString('hex');
  const checked = checkableBeacons(contributions) ? contributions : contributions.map(withoutBeacon);
  try {
    checkChain({ initialHash, contributions: checked }, g2Json(zkey.delta2));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw inconsistent(error.where === undefined ? error.what : `${error.what} (${error.where})`, file);
  }
}

function withoutBeacon(contribution: Contribution): Contribution {
  if (contribution.kind === 'contribution') return contribution;
  const { beacon: _, ...points } = contribution;
  return { ...points, kind: 'contribution' };
}

function inconsistent(what: string, file: string): QuietproofError {
  return new QuietproofError('QP5024', { what, where: file, fix: 'Take the key from the ceremony again' });
}
