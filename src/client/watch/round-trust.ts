import {
  type CheckedTrust,
  parseTrust,
  Refusal,
  type StatementFinding,
  type TrustFinding,
  timeOf,
  Vouching,
  vouchedFor,
} from '@quietproof/verify';
import type { WatchRecord } from '../store/watch-store.ts';
import type { KnownModel } from './known-models.ts';
import { alarm, messageOf, type WatchParts } from './parts.ts';
import type { WatchOptions } from './watch-types.ts';

/** Codes of statements whose key is trusted no longer. */
const RETIRED = new Set(['QP7220', 'QP7221']);

/**
 * Asks again whether those whom the user trusts vouch for the models. What they said once may count no longer.
 *
 * @returns the trust file, undefined if none was given or it cannot be read
 */
export async function checkTrust(
  parts: WatchParts,
  read: WatchOptions['trust'],
): Promise<CheckedTrust | undefined> {
  if (read === undefined) return undefined;
  const { journal, now, doubts } = parts;
  try {
    const { file, statements = [] } = await read();
    const vouching = new Vouching(file, statements, timeOf(new Date(now() * 1000)));
    doubts.clear('trust');
    for (const model of parts.models.values()) {
      await journal.write(...judge(parts, model, vouchedFor(model.record, vouching)));
    }
    return parseTrust(file);
  } catch (error) {
    const since = doubts.since('trust', now());
    const detail = `The trust file or a statement: ${messageOf(error)}.`;
    const cause = error instanceof Refusal ? { cause: error.code } : {};
    await journal.write(alarm(parts, 'trust-gone', { subject: `file/${since}`, detail, since, ...cause }));
    return undefined;
  }
}

function judge(
  parts: WatchParts,
  { id: model }: KnownModel,
  { rules, statements }: TrustFinding,
): (WatchRecord | undefined)[] {
  const { now, doubts, book } = parts;
  const unmet = rules.filter(({ met }) => !met);
  const retiring = statements.find(({ counts, retires }) => counts && retires === true);
  const what = `trust/${model}`;
  if (unmet.length === 0 && retiring === undefined) {
    const since = doubts.get(what);
    doubts.clear(what);
    const ids = ['key-retired', 'trust-gone'].map((kind) => `${kind}/${model}-${since}`);
    const standing = ids.filter((id) => book.find(id) !== undefined);
    return standing.map((id) => ({ kind: 'ended', id, at: now() }));
  }
  const since = doubts.since(what, now());
  const retired = statements.find(({ code }) => code !== undefined && RETIRED.has(code));
  const kind = unmet.length > 0 && retired !== undefined ? 'key-retired' : 'trust-gone';
  const cause = retired?.code ?? (retiring === undefined ? 'QP7224' : 'QP7225');
  const detail = [
    ...unmet.map(
      ({ what: rule, least, found }) => `Of ${rule}, ${least} are asked for, and ${found.length} count.`,
    ),
    ...(retiring === undefined ? [] : [`${retiring.party ?? 'The producer'} has retired model ${model}.`]),
    ...statements.filter(({ counts }) => !counts).map(sentence),
  ].join(' ');
  return [alarm(parts, kind, { subject: `${model}-${since}`, detail, cause, model, since })];
}

function sentence({ name, why = 'it does not count' }: StatementFinding): string {
  return `${name}: ${why}.`;
}
