import { Refusal } from '../refusal.ts';
import type { OpenedStatement } from './open-statements.ts';
import { REDERIVATION_TYPE } from './statement-types.ts';
import type { Time } from './trust-types.ts';

/**
 * Whether a statement counts, by its date and the state of its key. Whoever has a compromised key can write any date:
 * there only a third party's statement, made before, shows that this one existed.
 *
 * @param others that were given, whose signatures hold
 * @param at the time for which the question is asked
 * @throws Refusal QP7220 to QP7222
 */
export function requireInTime(one: OpenedStatement, others: readonly OpenedStatement[], at: Time): void {
  const { trusted } = one.signer;
  const { date } = one.statement.predicate;
  if (date > at) throw new Refusal('QP7222', { where: `it is dated ${date}` });
  if (trusted.state === 'active') return;
  const { since, state } = trusted;
  if (state === 'retired') {
    if (date >= since) throw new Refusal('QP7220', { where: `dated ${date}, retired since ${since}` });
    return;
  }
  if (date >= since) throw new Refusal('QP7221', { where: `dated ${date}, compromised since ${since}` });
  if (others.some((other) => saw(other, one, since))) return;
  throw new Refusal('QP7221', { where: `no third party is known to have seen it before ${since}` });
}

/** Whether somebody else, by a key of his that was good at that time, had seen a statement before it. */
function saw(other: OpenedStatement, one: OpenedStatement, before: Time): boolean {
  const { statement, signer } = other;
  if (statement.predicateType !== REDERIVATION_TYPE) return false;
  const { date, statements } = statement.predicate;
  if (signer.isProducer || signer.party === one.signer.party) return false;
  const { trusted } = signer;
  // No chain of such statements: what a compromised key signed is no witness.
  const good = trusted.state === 'active' || (trusted.state === 'retired' && date < trusted.since);
  return good && date < before && statements?.includes(one.digest) === true;
}
