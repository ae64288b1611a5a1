import type { RuleFinding } from '../trust/vouching-types.ts';

/** `contributions by 2 of Ada, Bo, Cy: 1 (Ada) among the statements given`. */
export function ruleWords({ what, least, by, found }: RuleFinding): string {
  const wanted = by.length === 1 ? by[0] : `${least} of ${by.join(', ')}`;
  const had = found.length === 0 ? 'none' : `${found.length} (${found.join(', ')})`;
  return `${what} by ${wanted}: ${had} among the statements given`;
}
