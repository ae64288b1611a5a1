import type { Check, StatementFinding, Unchecked } from '@quietproof/verify';
import { factList } from './details-facts.ts';
import { type Content, element, foreign, icon, say } from './dom.ts';
import type { Shown, ToldOf } from './shown.ts';
import { CHECK_TITLES, DETAILS, STATUS_WORDS } from './words.ts';

/** What stays folded: ids and digests, every check, and what was not checked. */
export function detailsSection({ verdict, record, told }: Shown): Content[] {
  const { checks, valid, unchecked, warnings, trust } = verdict;
  return [
    ...warnings.map((warning) => element('p', 'small', warning)),
    ...(valid ? [element('h3', '', DETAILS.facts), factList(verdict, record)] : []),
    element('h3', '', DETAILS.checks),
    element('ol', 'checks', ...checks.map(checkItem)),
    ...statementList((trust ?? told?.finding)?.statements ?? []),
    ...partyList(told?.parties ?? []),
    ...(valid ? uncheckedList(unchecked) : []),
    element('p', 'small', DETAILS.proof),
  ];
}

function checkItem({ id: check, status, detail, code }: Check): HTMLElement {
  const title = [CHECK_TITLES[check], ' ', element('span', 'status', STATUS_WORDS[status])];
  const coded = code === undefined ? [] : [' ', element('code', 'code', code)];
  const texts = element(
    'div',
    '',
    element('p', 'check-title', ...title),
    element('p', 'small', foreign(detail), ...coded),
  );
  const item = element('li', `check ${status}`, icon(status), texts);
  item.dataset.check = check;
  return item;
}

function statementList(statements: readonly StatementFinding[]): Content[] {
  if (statements.length === 0) return [];
  return [
    element('h3', '', DETAILS.statements),
    element('ul', 'statements', ...statements.map(statementItem)),
  ];
}

function statementItem({ kind, party, date, counts, code, why }: StatementFinding): HTMLElement {
  const signed =
    kind === undefined || party === undefined
      ? [DETAILS.unsigned]
      : say(DETAILS.signed, { kind, party: foreign(party), date: date ?? '' });
  const worth = counts ? [DETAILS.counts] : say(DETAILS.countsNot, { why: foreign(why ?? '') });
  const coded = code === undefined ? [] : [' ', element('code', 'code', code)];
  return element('li', '', ...signed, ': ', ...worth, ...coded);
}

/** The keys that the page's sender names, for the reader to compare. */
function partyList(parties: ToldOf['parties']): Content[] {
  if (parties.length === 0) return [];
  const items = parties.map(([party, ids]) =>
    element('li', '', foreign(party), ...ids.flatMap((id) => [' ', element('code', 'id', id)])),
  );
  return [
    element('h3', '', DETAILS.parties),
    element('p', 'small', DETAILS.partiesNote),
    element('ul', 'statements', ...items),
  ];
}

/** What the bundle carries beside what was checked. */
function uncheckedList(unchecked: readonly Unchecked[]): Content[] {
  if (unchecked.length === 0) return [];
  return [
    element('h3', '', DETAILS.unchecked),
    element('p', 'small', DETAILS.uncheckedNote),
    element('ul', 'unchecked', ...unchecked.map(uncheckedItem)),
  ];
}

function uncheckedItem({ path, type, about }: Unchecked): HTMLElement {
  const item = element('li', '', element('code', '', foreign(path)));
  if (type !== undefined) item.append(...parts(DETAILS.ofType, { type: foreign(type) }));
  if (about !== undefined) item.append(...parts(DETAILS.about, { what: foreign(about.what) }));
  return item;
}

function parts(template: string, values: Readonly<Record<string, Content>>): (Node | string)[] {
  return say(template, values).filter((part) => part !== undefined);
}
