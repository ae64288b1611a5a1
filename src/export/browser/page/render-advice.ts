import { type Content, element } from './dom.ts';
import { dataCompared, type Shown } from './shown.ts';
import { ADVICE } from './words.ts';

type Advice = keyof typeof ADVICE;

/** What to do now, the most urgent first. */
export function adviceSection(shown: Shown): Content[] {
  const [first, ...more] = adviceFor(shown);
  if (first === undefined) return [];
  if (more.length === 0) return [element('p', '', ADVICE[first])];
  const items = [first, ...more].map((one) => element('li', '', ADVICE[one]));
  return [element('ol', 'advice', ...items)];
}

function adviceFor(shown: Shown): Advice[] {
  const { finding, page } = shown;
  const own: Advice[] = page === 'receipt' ? ['own'] : [];
  const compare: Advice[] = dataCompared(shown) ? [] : ['compare'];
  switch (finding.kind) {
    case 'confirmed':
      return [...own, ...compare, 'keep', 'disagree'];
    case 'unconfirmed':
      return ['pin', ...own, ...compare, 'keep', 'disagree'];
    case 'retired':
      return ['retired'];
    case 'trial':
    case 'self-made':
      return ['trial'];
    case 'another-model':
      return [page === 'receipt' ? 'copied' : 'ownPage', 'askWhich'];
    case 'other-occasion':
      return ['askOccasion', 'askPurpose'];
    case 'other-data':
      return finding.why === 'unfit' ? ['askData'] : ['askData', 'askPurpose'];
    case 'changed':
      return ['ignore', 'original', 'report'];
    case 'forgeable':
      return ['ignore', 'unsafe'];
    case 'unreadable':
      return finding.why === 'damaged' ? ['ignore', 'original'] : ['choose'];
    case 'newer':
      return ['newer'];
    case 'incomplete':
      return finding.missing === 'row' ? ['askData'] : ['missing'];
  }
}
