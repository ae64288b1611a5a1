import type { Json } from '../canonical.ts';
import { type BaseV2, creditA, creditB } from './bases.ts';
import { type CorpusV2, fails, type OutcomeV2, VALID } from './corpus.ts';
import { sealed } from './edit.ts';

const APPLICANT = [12, 1736, 31, 'no checking account', 'furniture/equipment', '... < 100 DM', 'own'];
/** The account is missing, and the model knows no boats. */
const OTHER = [12, 1500, 30, '', 'boat', '... < 100 DM', 'own'];
const [MONTHS, ACCOUNT, PURPOSE] = [0, 3, 4];

/** Rows of a model that the producer made: seven inputs, four of them texts, and two outputs. */
export function creditCases(corpus: CorpusV2): void {
  const ask = (id: string, what: string, from: BaseV2, input: Json, outcome: OutcomeV2 = VALID) =>
    corpus.bundle(`input/credit-${id}`, what, from, from.copy(), outcome, {
      opening: from.copyOpening(),
      input,
    });
  const differs = fails('input QP7604');
  const refused = fails('input QP7605');
  ask('row', 'The row as it is in the table', creditA, APPLICANT);
  ask('category', 'Another purpose', creditA, APPLICANT.with(PURPOSE, 'business'), differs);
  ask(
    'category-case',
    'The purpose in capitals: unknown',
    creditA,
    APPLICANT.with(PURPOSE, 'BUSINESS'),
    differs,
  );
  ask('category-place', 'The place of the purpose', creditA, APPLICANT.with(PURPOSE, 5), refused);
  ask('months', 'A month more', creditA, APPLICANT.with(MONTHS, 13), differs);
  ask('fraction', 'A fraction of a month', creditA, APPLICANT.with(MONTHS, 12.5), refused);
  ask('order', 'Age and months swapped', creditA, [31, 1736, 12, ...APPLICANT.slice(3)], differs);
  ask('unknown', 'A missing text and an unknown one, where both were proved as unknown', creditB, OTHER);
  ask(
    'unknown-alike',
    'Two other unknown texts: the same codes',
    creditB,
    OTHER.with(ACCOUNT, 'none').with(PURPOSE, 'yacht'),
  );
  ask(
    'known',
    'A known text where an unknown one was proved',
    creditB,
    OTHER.with(PURPOSE, 'others'),
    differs,
  );
  ask('nan', 'NaN, a text like others', creditB, OTHER.with(ACCOUNT, 'NaN'));
  const swapped = sealed(creditA, ({ publicSignals: own }) => {
    [own[1], own[2]] = [own[2], own[1]];
  });
  corpus.bundle(
    'signals/credit-scores',
    'The scores of the classes swapped',
    creditA,
    swapped,
    fails('proof QP7505'),
  );
  const other = sealed(creditA, ({ publicSignals: own }) => {
    own[0] = '2';
  });
  corpus.bundle('signals/credit-label', 'A label that is no class', creditA, other, fails('signals QP7403'));
  ask('null', 'null for the missing text', creditB, OTHER.with(ACCOUNT, null as never), refused);
}
