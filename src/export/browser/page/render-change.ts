import type { AnyModelRecord, StatementKind, Verdict } from '@quietproof/verify';
import { type Content, element, foreign, paragraph } from './dom.ts';
import { type Mark, markOf, WORTH } from './marks.ts';
import { toldSection } from './render-told.ts';
import type { Shown } from './shown.ts';
import { CHANGE } from './words.ts';

/** Whether it can have been changed, on what that depends, and what no receipt tells. */
export function changeSection(shown: Shown): Content[] {
  const { finding, record, verdict } = shown;
  const { kind } = finding;
  if (kind === 'changed' || kind === 'forgeable') return [paragraph(CHANGE[kind])];
  if (kind !== 'confirmed' && kind !== 'unconfirmed' && kind !== 'trial') return [];
  const answer = paragraph(CHANGE[kind]);
  const worth = WORTH[kind];
  if (worth !== undefined) answer.append(' ', markOf(worth));
  return [
    answer,
    ...setupClaims(record),
    shownChain(verdict, worth),
    vouched(verdict),
    ...toldSection(shown),
    ...limits(),
  ];
}

function setupClaims(record: AnyModelRecord | undefined): Content[] {
  if (record === undefined) return [];
  const said: HTMLElement[] = [];
  if (record.setup.kind === 'ceremony') {
    const names = record.setup.contributions
      .filter(({ kind }) => kind === 'contribution')
      .map(({ name }) => name);
    const sentence = names.length === 1 ? CHANGE.ceremony.one : CHANGE.ceremony.other;
    said.push(paragraph(sentence, { count: String(names.length), names: foreign(names.join(', ')) }));
  }
  if (record.manifest.claims?.soundness?.verdict === 'counterexample') {
    said.push(element('p', 'alarm', CHANGE.counterexample));
  }
  for (const sentence of said) sentence.append(' ', markOf('claimed'));
  return said;
}

/** What the key's transcript shows, beside what it does not. */
function shownChain({ chain }: Verdict, worth: Mark | undefined): Content {
  if (chain === undefined || worth === undefined) return undefined;
  const sentence = chain.contributions === 1 ? CHANGE.chain.one : CHANGE.chain.other;
  const said = paragraph(sentence, { count: String(chain.contributions) });
  said.append(' ', markOf(worth));
  return said;
}

/** By whose word the rest of the key is right. */
function vouched({ trust, checks }: Verdict): Content {
  const holds = checks.some(({ id, status }) => id === 'setup' && status === 'pass');
  if (trust === undefined || !holds) return undefined;
  const by = (kind: StatementKind) =>
    foreign([...new Set(trust.rules.flatMap(({ what, found }) => (what === kind ? found : [])))].join(', '));
  return paragraph(CHANGE.vouched, { contributors: by('contribution'), auditors: by('rederivation') });
}

function limits(): Content[] {
  return [
    element('h3', '', CHANGE.limits),
    element('ul', '', ...CHANGE.limitList.map((limit) => element('li', '', limit))),
  ];
}
