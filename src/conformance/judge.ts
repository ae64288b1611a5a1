import type { Outcome } from './answer.ts';
import type { Answer, Case } from './case.ts';

/** Describes what is wrong with an answer; undefined if it is as expected. */
function judge(
  one: Case,
  answer: Answer,
  recordIds: ReadonlyMap<string, string | undefined>,
): string | undefined {
  if (answer.verdict !== one.verdict && !isOlderWord(one, answer)) {
    return `${answer.verdict}${answer.check === undefined ? '' : ` (${answer.check})`} where ${one.verdict}${one.check === undefined ? '' : ` (${one.check})`} is right`;
  }
  if (answer.check !== one.check) return `failed at ${answer.check} where ${one.check} is the first to fail`;
  if (
    one.sameRecordAs !== undefined &&
    (answer.recordId === undefined || answer.recordId !== recordIds.get(one.sameRecordAs))
  ) {
    return `another record than ${one.sameRecordAs}`;
  }
  for (const name of ['recordId', 'statement', 'leaf', 'unchecked', 'setup', 'seal', 'trusted'] as const) {
    const [found, right] = [answer[name], one[name]].map((value) => JSON.stringify(value));
    if (right !== undefined && found !== right) return `${name} ${found} where ${right} is right`;
  }
  return undefined;
}

/** Cases of version 1 in which something is missing. */
const LACKING_IN_V1: readonly string[] = ['form/thin-without-companion', 'input/row-without-opening'];

/** The corpus of version 1 never changes and is older than `incomplete`: it says `invalid`. Both are right there. */
function isOlderWord({ id, verdict }: Case, answer: Answer): boolean {
  return verdict === 'invalid' && answer.verdict === 'incomplete' && LACKING_IN_V1.includes(id);
}

/** What is wrong with the outcomes of cases, by case id. */
export function judgeAll(
  cases: readonly Case[],
  outcomes: ReadonlyMap<string, Outcome>,
): Map<string, string> {
  const recordIds = new Map<string, string | undefined>();
  for (const [id, outcome] of outcomes) if (!('problem' in outcome)) recordIds.set(id, outcome.recordId);
  const found = new Map<string, string>();
  for (const one of cases) {
    const wrong = judgeOutcome(one, outcomes.get(one.id), recordIds);
    if (wrong !== undefined) found.set(one.id, wrong);
  }
  return found;
}

function judgeOutcome(
  one: Case,
  outcome: Outcome | undefined,
  recordIds: ReadonlyMap<string, string | undefined>,
): string | undefined {
  if (outcome === undefined) return 'no answer';
  return 'problem' in outcome ? outcome.problem : judge(one, outcome, recordIds);
}
