import { Refusal } from '../refusal.ts';
import type { StatementFinding, TrustFinding } from '../trust/vouching-types.ts';
import type { AnyModelRecord } from '../versions/any-version.ts';
import type { Checklist } from './checklist.ts';
import { ruleWords } from './rule-words.ts';
import type { VerifyOptions } from './verify-options.ts';

/**
 * Whether the model is one that the caller expects: by its id, or as one that a producer whom the caller trusts has
 * released and not retired.
 */
export function examinePin(
  list: Checklist,
  { ids }: AnyModelRecord,
  { model }: VerifyOptions,
  trust: TrustFinding | undefined,
): void {
  const rules = (trust?.rules ?? []).filter(({ what }) => what === 'release');
  if (model === undefined && rules.length === 0) {
    list.skip('model', 'You did not say which model you expect');
    return;
  }
  const releases = (trust?.statements ?? []).filter(({ kind, counts }) => kind === 'release' && counts);
  list.run('model', ['The model is the one you expect', ...passWords(releases)].join(', '), () => {
    const expected = typeof model === 'string' ? [model] : model;
    if (expected !== undefined && !expected.includes(ids.modelId)) {
      throw new Refusal('QP7601', { where: `${ids.modelId}, expected ${expected.join(' or ')}` });
    }
    requireCurrent(releases);
  });
  const unmet = rules.filter(({ met }) => !met);
  if (list.status('model') === 'fail' || unmet.length === 0) return;
  const pinned = model === undefined ? '' : 'The model is the one you expect; ';
  list.claim('model', `${pinned}only claimed: ${unmet.map(ruleWords).join('; ')}`, 'QP7224');
}

/** @throws Refusal QP7225 if somebody who released it also retired it */
function requireCurrent(releases: readonly StatementFinding[]): void {
  const retired = releases.find(
    ({ retires, party }) =>
      retires === true && releases.some((one) => one.retires !== true && one.party === party),
  );
  if (retired === undefined) return;
  throw new Refusal('QP7225', { where: `${retired.party}, statement of ${retired.date}` });
}

function passWords(releases: readonly StatementFinding[]): string[] {
  const by = new Set(releases.flatMap(({ party, retires }) => (retires === true ? [] : [party])));
  return by.size === 0 ? [] : [`released by ${[...by].join(', ')}; no retirement among the statements given`];
}
