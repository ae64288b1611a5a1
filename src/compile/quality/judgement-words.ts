import { formatCount, plural } from '../../text/units.ts';
import type { Judgement } from './judge.ts';

/** Judged rows, measure and limit in a line: `0 of 667 labels flip, so at most 0.45 % do; 0.5 % are allowed`. */
export function judgementWords(judgement: Judgement): string {
  const { result, rows, needed } = judgement;
  return result === 'not-judged'
    ? `not judged: ${formatCount(rows)} of ${plural(needed, 'row')}`
    : brokenBy(judgement);
}

/** What decided, whether the contract was kept or broken. */
export function brokenBy({ by, contract, rows, comparison }: Judgement): string {
  const { flips, error } = comparison!;
  const words: string[] = [];
  if (by !== 'error') {
    const { count, upper } = flips!;
    words.push(
      `${formatCount(count)} of ${plural(rows, 'held-out label')} ${count === 1 ? 'flips' : 'flip'}, so up to ${share(upper)} may (95 % sure), ${share(contract.flips)} is allowed`,
    );
  }
  if (by !== 'flips') {
    words.push(
      `the largest error on ${formatCount(rows)} held-out rows is ${share(error!.share)} of the outputs' span, ${share(contract.error)} is allowed`,
    );
  }
  return words.join('; ');
}

/** `0.45 %`: at most 3 significant digits, never rounded below what it is. */
export function share(value: number): string {
  const percent = value * 100;
  const rounded = Number(percent.toPrecision(3));
  // The product above may be wrong in its last digit.
  if (rounded >= percent * (1 - 1e-12)) return `${rounded} %`;
  const step = 10 ** (Math.floor(Math.log10(percent)) - 2);
  return `${Number((rounded + step).toPrecision(3))} %`;
}
