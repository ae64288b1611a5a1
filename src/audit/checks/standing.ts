import { type Check, type CheckId, type RefusalCode, timeOf, type Verdict } from '@quietproof/verify';
import type { FindingKind } from '../findings/finding-kinds.ts';
import type { AuditTrust } from './audit-trust.ts';
import type { SealedPlace } from './sealed-place.ts';

/** How an audit takes a record, and for which finding it counts if it is not accepted. */
export type Standing =
  | { readonly result: 'accepted' }
  | {
      readonly result: 'refused' | 'unreadable';
      readonly kind: FindingKind;
      readonly code: RefusalCode | undefined;
      readonly detail: string;
    };

/** What follows from whom and what the auditor expects, and not from the record. */
const POLICY = {
  QP7601: 'foreign-model',
  QP7224: 'model-not-vouched-for',
  QP7225: 'answer-after-retirement',
  QP7226: 'development-key',
} as const satisfies Partial<Record<RefusalCode, FindingKind>>;

type PolicyCode = keyof typeof POLICY;

/** Checks that did not pass and had to. */
function reasonsOf({ checks }: Verdict): readonly Check[] {
  return checks.filter(
    ({ status, code }) =>
      status === 'fail' || status === 'missing' || (status === 'claimed' && code !== undefined),
  );
}

/** Whether only the auditor's expectations keep a record from being accepted, as far as it was checked. */
export function isRefusedByPolicy(verdict: Verdict): boolean {
  const reasons = reasonsOf(verdict);
  if (verdict.accepted || reasons.length === 0) return false;
  return reasons.every(({ code }) => code !== undefined && code in POLICY);
}

/** The standing of a record that is refused for what it is. */
export function standingByItself(verdict: Verdict): Standing {
  if (verdict.accepted) return { result: 'accepted' };
  const reasons = reasonsOf(verdict);
  const own = reasons.filter(({ code }) => code === undefined || !(code in POLICY));
  const reason = own.find(({ status }) => status === 'fail') ?? own[0] ?? reasons[0];
  const kind = reason === undefined ? 'record-incomplete' : kindOf(reason);
  const isUnread = kind === 'damaged-file' || kind === 'not-a-file';
  return {
    result: isUnread ? 'unreadable' : 'refused',
    kind,
    code: reason?.code,
    detail: reason?.detail ?? verdict.headline,
  };
}

const PROOF_CHECKS: ReadonlySet<CheckId> = new Set(['signals', 'points', 'proof']);

function kindOf({ id, status, code }: Check): FindingKind {
  if (id === 'format') return code === 'QP7013' ? 'not-a-file' : 'damaged-file';
  if (status !== 'fail') return 'record-incomplete';
  return PROOF_CHECKS.has(id) ? 'proof-fails' : 'record-contradicts-itself';
}

/**
 * The standing of a record that holds by itself, and that the auditor's expectations speak against. An answer from before
 * its model was retired is accepted, if a log that the auditor trusts dates it.
 *
 * @param asked its verdict when asked for what the auditor expects
 */
export function standingByPolicy(
  asked: Verdict,
  place: SealedPlace | undefined,
  trust: AuditTrust | undefined,
): Standing {
  const reasons = reasonsOf(asked);
  const { code, detail } = reasons.find(({ status }) => status === 'fail') ?? (reasons[0] as Check);
  const refused = { result: 'refused', code, detail } as const;
  if (code !== 'QP7225') return { ...refused, kind: POLICY[code as PolicyCode] };
  const from = asked.trust && trust?.retiredFrom(asked.trust);
  const at = place === undefined ? undefined : timeText(place.time);
  if (from === undefined || from === 'unknown' || at === undefined) {
    return { ...refused, kind: 'record-incomplete', detail: `${detail}; nothing shows when it answered` };
  }
  if (at >= from) return { ...refused, kind: POLICY.QP7225, detail: `answered ${at}, retired from ${from}` };
  if (reasons.length === 1 && place?.trusted === true) return { result: 'accepted' };
  return {
    ...refused,
    kind: 'record-incomplete',
    detail: `retired from ${from}; that it answered before is the word of a log that is not trusted`,
  };
}

/** Undefined for a time that is none of the calendar until the year 9999. */
export function timeText(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? undefined : timeOf(date);
}
