import { decodeBase64 } from '../json/base64.ts';
import { checkSignatures } from '../log/note.ts';
import { checkWitnesses, type LogTrust, type Witnessed } from '../log/witnessed.ts';
import { Refusal } from '../refusal.ts';
import { checkSealed, type FoundSeal } from '../seal/check-sealed.ts';
import { timeOf } from '../trust/time.ts';
import type { ThinBundleV2 } from '../v2/bundle-types.ts';
import { LOG_PROOF_TYPE } from '../v2/sidecar-types.ts';
import type { OpenedStatement } from '../versions/record.ts';
import type { Checklist } from './checklist.ts';
import type { VerdictSeal } from './verdict-types.ts';
import type { VerifyOptions } from './verify-options.ts';

const NONE = 'No log proof: nothing shows that the answer was sealed before it was proved';

/**
 * The check `seal`: whether the statement stands in a log, at the place for which its context was made. Without the
 * reader's trust in a log that is claimed: anybody can write a log of his own, with any times.
 *
 * @returns what the log proof says, if it holds
 */
export function examineSeal(
  list: Checklist,
  { sidecars }: Pick<ThinBundleV2, 'sidecars'>,
  { leaf, contextId }: OpenedStatement,
  { trust, sealed }: VerifyOptions,
): VerdictSeal | undefined {
  const claim = (why: string) => list.claim('seal', why, sealed === true ? 'QP7749' : undefined);
  const sidecar = sidecars?.logProof;
  if (sidecar?.type !== LOG_PROOF_TYPE || leaf === undefined) {
    if (sealed === true) claim(NONE);
    else list.skip('seal', NONE);
    return undefined;
  }
  const log = (origin: string) => trust?.log(origin);
  const now = trust === undefined ? 0 : Date.parse(trust.at) / 1000;
  const held = list.run('seal', passed, () => {
    const found = checkSealed(decodeBase64(sidecar.content), { leaf, contextId });
    return { ...found, witnessed: witnessedBy(found, log(found.origin), now) };
  });
  if (held === undefined) return undefined;
  const { witnessed } = held;
  const doubt =
    witnessed === undefined ? 'you did not say that you trust this log' : reasonAgainst(witnessed);
  if (doubt !== undefined) claim(`Only claimed: ${words(held)}; ${doubt}`);
  return { ...summaryOf(held), trusted: doubt === undefined };
}

type HeldSeal = FoundSeal & { readonly witnessed: Witnessed | Refusal | undefined };

/**
 * Who has seen the tree, or why too few have; undefined for a log that the reader does not trust.
 *
 * @throws Refusal QP7706 if the log has not signed it, QP7703 if a signature does not hold
 */
function witnessedBy(
  { checkpoint }: FoundSeal,
  log: LogTrust | undefined,
  now: number,
): HeldSeal['witnessed'] {
  if (log === undefined) return undefined;
  if (checkSignatures(checkpoint.note, log.keys).length === 0) throw new Refusal('QP7706');
  try {
    return checkWitnesses(checkpoint, log, now);
  } catch (error) {
    // Others may still cosign: a log proof with too few of them is not wrong.
    if (error instanceof Refusal && error.code === 'QP7710') return error;
    throw error;
  }
}

function reasonAgainst(witnessed: Witnessed | Refusal): string | undefined {
  return witnessed instanceof Refusal ? `${witnessed.what} (${witnessed.where})` : undefined;
}

function passed(seal: HeldSeal): string {
  const { witnessed } = seal;
  const time = witnessed instanceof Refusal ? undefined : witnessed?.existedBy;
  const by =
    time === undefined
      ? 'by its own account'
      : `seen by your witnesses by ${textOf(time)}; by its own account`;
  return `Shown: ${words(seal, by)}`;
}

function words({ origin, index, time }: FoundSeal, by = 'by its own account'): string {
  return `entry ${index} of the log "${origin}" seals this answer, ${by} at ${textOf(time)}`;
}

function summaryOf({ origin, index, time, checkpoint, witnessed }: HeldSeal): Omit<VerdictSeal, 'trusted'> {
  const existedBy = witnessed instanceof Refusal ? undefined : witnessed?.existedBy;
  return { origin, index, time, size: checkpoint.size, ...(existedBy !== undefined && { existedBy }) };
}

/** A time that no calendar has is shown as the number that it is. */
function textOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? `second ${seconds}` : timeOf(date);
}
