import { Refusal } from '../refusal.ts';
import type { MeasuredQuality, Quality, QualityContract } from './record-types.ts';

/**
 * Checks that the kind of a quality agrees with its numbers. The numbers themselves are the producer's claim.
 *
 * @throws Refusal QP7107, naming the member
 */
export function checkQuality(quality: Quality): void {
  if (quality.contract !== undefined) checkContract(quality.contract);
  if (quality.kind === 'not-judged') return;
  const { flips, error, contract } = quality;
  if (flips === undefined && error === undefined) refuse('kind', 'nothing was measured');
  checkFlips(quality);
  if (error !== undefined && Number(error) < 0) refuse('error', 'must not be negative');
  const kept =
    (flips === undefined || Number(flips.upper) <= Number(contract.flips)) &&
    (error === undefined || Number(error) <= Number(contract.error));
  if (kept !== (quality.kind === 'judged')) {
    refuse('kind', kept ? 'the measurements keep the contract' : 'the measurements break the contract');
  }
}

function checkContract({ flips, error }: QualityContract): void {
  if (!isShare(flips)) refuse('contract.flips', 'must be between 0 and 1');
  if (Number(error) < 0) refuse('contract.error', 'must not be negative');
}

function checkFlips({ flips, rows }: MeasuredQuality): void {
  if (flips === undefined) return;
  if (flips.count > rows) refuse('flips.count', 'more flips than rows');
  if (!isShare(flips.upper)) refuse('flips.upper', 'must be between 0 and 1');
  if (Number(flips.upper) < flips.count / rows) refuse('flips.upper', 'below the measured share');
}

function isShare(real: string): boolean {
  return Number(real) >= 0 && Number(real) <= 1;
}

function refuse(where: string, what: string): never {
  throw new Refusal('QP7107', { what: `The quality contradicts itself: ${what}`, where: `quality.${where}` });
}
