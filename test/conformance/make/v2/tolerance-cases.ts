import { AMOUNT, asker, FIRST } from './ask-row.ts';
import { type CorpusV2, lacks } from './corpus.ts';

/** How far a row may be from what was proved. It only tightens. */
export function toleranceCases(corpus: CorpusV2): void {
  const ask = asker(corpus);
  // 0.1 is 0.2 steps from the float32 that stands for it.
  const exact = 0.10000000149011612;
  ask('tolerance-0-on-grid', 'Tolerance 0, and the very values', {
    row: { [AMOUNT]: exact },
    tolerance: '0',
  });
  ask(
    'tolerance-0-off-grid',
    'Tolerance 0, and one value 0.3 steps off',
    { row: { [AMOUNT]: exact, [FIRST]: 0.65 }, tolerance: '0' },
    'input QP7607',
  );
  ask(
    'tolerance-0-rank32',
    'Tolerance 0, and 0.1, which is no float32',
    { tolerance: '0', row: {} },
    'input QP7607',
  );
  ask(
    'tolerance-0.25',
    'Tolerance 0.25, and 0.3 steps',
    { row: { [FIRST]: 0.65 }, tolerance: '0.25' },
    'input QP7607',
  );
  ask('tolerance-0.5', 'Tolerance 0.5, and half a step', { row: { [FIRST]: 0.25 }, tolerance: '0.5' });
  ask(
    'tolerance-does-not-widen',
    'Tolerance 0.5, and another value',
    { row: { [FIRST]: 1 }, tolerance: '0.5' },
    'input QP7604',
  );
  ask('tolerance-opening-input', "No row, tolerance 0.25, and the opening's own 0.2 steps off", {
    input: { [FIRST]: '0.6' },
    tolerance: '0.25',
  });
  ask(
    'tolerance-opening-input-far',
    "No row, tolerance 0.25, and the opening's own 0.3 steps off",
    { input: { [FIRST]: '0.65' }, tolerance: '0.25' },
    'input QP7607',
  );
  ask('tolerance-row-counts', "Tolerance 0.25: the row 0.1 steps off, the opening's own 0.3", {
    row: { [FIRST]: 0.55 },
    input: { [FIRST]: '0.65' },
    tolerance: '0.25',
  });
  ask(
    'tolerance-nothing',
    'A tolerance, an opening without a row, and no row',
    { row: false, tolerance: '0.5' },
    lacks('input QP7608'),
  );
  const subnormal = { proved: { [AMOUNT]: 2139095040 }, row: { [AMOUNT]: 1e-46 } };
  ask('tolerance-0.2-rank32', 'Tolerance 0.2, and 0.1, which is nearly that', { row: {}, tolerance: '0.2' });
  ask('tolerance-0.19-rank32', 'Tolerance 0.19, and 0.1', { row: {}, tolerance: '0.19' }, 'input QP7607');
  ask('tolerance-0.08-subnormal', 'Tolerance 0.08, and 1e-46', { ...subnormal, tolerance: '0.08' });
  ask(
    'tolerance-0.07-subnormal',
    'Tolerance 0.07, and 1e-46',
    { ...subnormal, tolerance: '0.07' },
    'input QP7607',
  );
}
