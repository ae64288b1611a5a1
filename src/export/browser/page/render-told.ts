import {
  type AnyModelRecord,
  ENVELOPE_TYPE,
  type StatementKind,
  type TrustFinding,
} from '@quietproof/verify';
import { type Content, element, foreign, paragraph, say } from './dom.ts';
import { markOf } from './marks.ts';
import type { Shown } from './shown.ts';
import { TOLD } from './words.ts';

const KINDS: readonly StatementKind[] = ['contribution', 'rederivation', 'release'];

/**
 * What those whom the sender names have signed about the model and its key, and what then rests on the provider's word
 * alone. A reader who asks those whom they trust themselves is told that instead.
 */
export function toldSection({ finding: { kind }, verdict, record, told }: Shown): Content[] {
  const isAsked = verdict.trust !== undefined;
  if (kind === 'trial' || isAsked || record?.setup.kind !== 'ceremony') return [];
  if (told === undefined) return [claimed(carriesStatements(record) ? TOLD.unread : TOLD.none)];
  const said = KINDS.map((one) => [one, partiesFor(told.finding, one)] as const);
  const signed = said.filter(([, parties]) => parties.length > 0);
  const missing = said
    .filter(([one]) => isMissing(told.finding, one))
    .map(([one, parties]) => (parties.length === 0 ? TOLD.missingWhat : TOLD.missingMore)[one]);
  return [
    ...(signed.length === 0
      ? []
      : [
          paragraph(TOLD.title),
          element('ul', 'told', ...signed.map(([one, parties]) => item(one, parties))),
          claimed(TOLD.worth),
        ]),
    missing.length === 0 ? undefined : claimed(TOLD.missing, { what: missing.join(', ') }),
  ];
}

function item(kind: StatementKind, parties: readonly string[]): HTMLElement {
  return element('li', '', ...say(TOLD.signed[kind], { names: foreign(parties.join(', ')) }));
}

function claimed(sentence: string, values: Readonly<Record<string, Content>> = {}): HTMLElement {
  const said = paragraph(sentence, values);
  said.append(' ', markOf('claimed'));
  return said;
}

function partiesFor({ statements }: TrustFinding, kind: StatementKind): string[] {
  const counting = statements.filter((one) => one.counts && one.kind === kind && one.retires !== true);
  return [...new Set(counting.flatMap(({ party }) => (party === undefined ? [] : [party])))];
}

/** A release is missed only where the sender's own file asks for one: the reader may know the model's id. */
function isMissing(finding: TrustFinding, kind: StatementKind): boolean {
  const rules = finding.rules.filter(({ what }) => what === kind);
  return rules.length === 0 ? kind !== 'release' : rules.some(({ met }) => !met);
}

function carriesStatements(record: AnyModelRecord): boolean {
  if (record.version === 'quietproof/model/v1') return false;
  return (record.sidecars?.attestations ?? []).some(({ type }) => type === ENVELOPE_TYPE);
}
