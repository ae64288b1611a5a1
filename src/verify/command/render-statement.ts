import type { StatementFinding } from '../index.ts';
import type { Paint } from './words.ts';

/** `✓ rederivation by Audit GmbH, 2026-11-27T19:24:19Z (statements/audit.json)`, or why it does not count. */
export function renderStatement(one: StatementFinding, paint: Paint): string {
  const { name, counts, kind = 'statement', party, date, code, why } = one;
  const said = [kind, party && `by ${party}`, date && `of ${date}`].filter((part) => part !== undefined);
  if (counts) return `  ${paint.green('✓')} ${said.join(' ')}${retiring(one)}  ${paint.dim(name)}`;
  return `  ${paint.yellow('-')} ${said.join(' ')} does not count: ${code} ${why}  ${paint.dim(name)}`;
}

function retiring({ retires }: StatementFinding): string {
  return retires === true ? ', which retires this model' : '';
}
