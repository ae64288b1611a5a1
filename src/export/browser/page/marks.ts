import { element } from './dom.ts';
import type { FindingKind } from './finding.ts';
import { MARKS } from './words.ts';

export type Mark = keyof typeof MARKS;

/** What the check shows is worth as much as the model and its key are known. */
export const WORTH: Partial<Record<FindingKind, Mark>> = {
  confirmed: 'proved',
  unconfirmed: 'depends-on-model',
  trial: 'trial',
};

/** The mark beside a statement. */
export function markOf(mark: Mark): HTMLElement {
  return element('span', `mark mark-${mark}`, MARKS[mark].mark);
}

/** What the marks on this page mean. */
export function legend(kind: FindingKind): HTMLElement[] {
  const worth = WORTH[kind];
  const marks: Mark[] = worth === undefined ? [] : [worth, 'claimed'];
  return marks.map((mark) => element('span', 'meaning', markOf(mark), ` ${MARKS[mark].meaning}`));
}
