import { BASES, idA, idB, labelA, mixedA, openA } from './bases.ts';
import type { CorpusV2 } from './corpus.ts';
import { thin } from './edit.ts';

const nameOf = ({ file }: { file: string }) => file.split('.')[0] as string;

/** Unchanged bundles, with every kind of question: all must be accepted. */
export function validCases(corpus: CorpusV2): void {
  for (const from of BASES) {
    if (from === idA || from === idB) continue;
    corpus.bundle(`valid/${nameOf(from)}`, 'As it was made', from, from.copy());
  }
  for (const from of [labelA, mixedA, openA]) {
    const name = nameOf(from);
    const { unchecked } = from;
    corpus.bundle(
      `valid/${name}-unpinned`,
      'Nobody said which model is expected',
      from,
      from.copy(),
      { verdict: 'unpinned' },
      { pin: false },
    );
    corpus.bundle(
      `valid/${name}-thin`,
      'A thin bundle with its model.json: the same record, and the same is not checked',
      from,
      thin(from.copy()),
      { verdict: 'valid', sameRecordAs: `valid/${name}`, unchecked },
      { companion: from.copy().model },
    );
  }
  corpus.bundle(
    'valid/mixed-a-no-context-asked',
    'No context is asked for: an open question, and no failure',
    mixedA,
    mixedA.copy(),
    undefined,
    { context: false },
  );
}
