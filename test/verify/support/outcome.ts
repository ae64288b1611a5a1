import type { Verdict } from '@quietproof/verify';

const failed = ({ checks }: Verdict) =>
  checks.find(({ status }) => status === 'fail' || status === 'missing');

/** `valid`, or the check that ends the verdict and its code. */
export const outcome = (verdict: Verdict) =>
  verdict.valid ? 'valid' : `${failed(verdict)?.id} ${verdict.code}`;
