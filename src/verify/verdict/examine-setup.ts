import type { PreparedKey } from '../key/prepared-key.ts';
import { Refusal } from '../refusal.ts';
import type { ShownChain } from '../transcript/check-transcript.ts';
import type { RuleFinding, StatementFinding, TrustFinding } from '../trust/vouching-types.ts';
import type { AnyModelRecord } from '../versions/any-version.ts';
import { checkSetup } from '../versions/check-setup.ts';
import type { Checklist } from './checklist.ts';
import { ruleWords } from './rule-words.ts';

const DEVELOPMENT = 'This is a development key: its maker can forge proofs';
const UNSHOWN =
  'The contributors are a claim of the producer: the transcript of the ceremony was not checked';

/**
 * The model id covers the setup record, but the record is the producer's claim. A transcript shows a part of it and
 * never enough: forging under a key with chosen α, β or IC needs no secret of its contributions. The check passes only
 * where besides somebody trusted contributed, and somebody trusted, who is not the producer, derived the whole key
 * again.
 *
 * @returns what the transcript shows
 */
export function examineSetup(
  list: Checklist,
  model: AnyModelRecord,
  key: PreparedKey,
  trust: TrustFinding | undefined,
): ShownChain | undefined {
  const rules = (trust?.rules ?? []).filter(({ what }) => what !== 'release');
  const vouched = rules.length > 0 && rules.every(({ met }) => met);
  const chain = list.run('setup', '', () => {
    // Whoever made it alone knows all of its secrets.
    if (rules.length > 0 && model.setup.kind === 'development') throw new Refusal('QP7226');
    return checkSetup(model, key);
  });
  if (list.status('setup') === 'fail') return undefined;
  if (model.setup.kind === 'development') {
    list.skip('setup', DEVELOPMENT);
    return chain;
  }
  const said = chain === undefined ? UNSHOWN : `Shown: ${shown(chain)}`;
  if (rules.length > 0) {
    if (vouched && chain !== undefined) list.run('setup', `${said}. ${vouchedWords(rules, trust)}`, () => {});
    else list.claim('setup', `${said}. Only claimed: ${unmetWords(rules)}`, 'QP7224');
  } else if (model.version === 'quietproof/model/v1') list.skip('setup', UNSHOWN);
  else list.claim('setup', chain === undefined ? said : `${said}. Not shown: ${NOT_SHOWN}`);
  return chain;
}

const NOT_SHOWN =
  'that the rest of the key belongs to this circuit and phase 1, who contributed, that anyone forgot a secret';

function shown({ contributions, beacons, phase1 }: ShownChain): string {
  return [
    `each of ${count(contributions, 'contribution')} proves that its secret was known`,
    ...(beacons === 0 ? [] : [`${count(beacons, 'beacon')} made from the bytes given`]),
    "together they give this key's delta",
    ...(phase1 === undefined ? [] : [`alpha and beta are those of ${phase1}`]),
  ].join(', ');
}

/** What of the rest is the word of whom. */
function vouchedWords(rules: readonly RuleFinding[], trust: TrustFinding | undefined): string {
  const by = (kind: RuleFinding['what']) =>
    [...new Set(rules.flatMap(({ what, found }) => (what === kind ? found : [])))].join(', ');
  const reserved = (trust?.statements ?? []).filter(isReserved).map(reservationWords);
  return [
    `By the word of those you trust: ${by('contribution')} contributed`,
    `${by('rederivation')} derived the whole key again from the model`,
    ...reserved,
  ].join('; ');
}

function isReserved({ kind, counts, reservations }: StatementFinding): boolean {
  return counts && kind === 'rederivation' && (reservations ?? []).length > 0;
}

function reservationWords({ party, reservations }: StatementFinding): string {
  return `with reservations of ${party}: ${(reservations ?? []).join(', ')}`;
}

function unmetWords(rules: readonly RuleFinding[]): string {
  const unmet = rules.filter(({ met }) => !met);
  return unmet.length === 0
    ? 'the record carries no transcript to compare with'
    : unmet.map(ruleWords).join('; ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
