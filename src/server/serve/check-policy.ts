import { type ProvingPolicy, shareFraction } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/**
 * Refuses a policy that nobody could keep.
 *
 * @param hasBeacon whether rounds of the beacon can be had
 * @throws QP6553
 */
export function checkPolicy(
  { prove, sample, within, retention }: ProvingPolicy,
  name: string,
  hasBeacon: (hash: string) => boolean,
): void {
  const refuse = (what: string) => {
    throw new QuietproofError('QP6553', { what, where: `model ${name}` });
  };
  if ((prove === 'sample') !== (sample !== undefined))
    refuse('A share is given exactly where a sample is proved');
  for (const seconds of [within, retention, sample?.delay ?? 1]) {
    if (!Number.isSafeInteger(seconds) || seconds < 1) refuse(`${seconds} is no number of seconds`);
  }
  if (within + (sample?.delay ?? 0) >= retention) {
    refuse(
      `Proofs may be due after ${within + (sample?.delay ?? 0)} s, and answers are kept for ${retention} s`,
    );
  }
  if (sample === undefined) return;
  try {
    shareFraction(sample.share);
  } catch {
    refuse(`"${sample.share}" is no share like 0.01`);
  }
  if (sample.beacon !== undefined && !hasBeacon(sample.beacon))
    refuse(`The beacon ${sample.beacon} was not given`);
}
