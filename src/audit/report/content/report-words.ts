import { formatCount, plural } from '../../../text/units.ts';
import type { Finding, Findings } from '../../findings/findings-types.ts';
import type { Grade } from '../../findings/grade.ts';
import type { Tone } from './report-blocks.ts';

/** What a grade is called, and what it stands for. */
export const GRADES: Readonly<
  Record<Grade, { readonly word: string; readonly tone: Tone | 'none'; readonly means: string }>
> = {
  evidence: {
    word: 'Evidence',
    tone: 'bad',
    means: 'it shows misconduct, or mathematics that does not hold, to everybody, whoever they trust',
  },
  fault: { word: 'Fault', tone: 'bad', means: 'something is wrong with what was handed in' },
  open: { word: 'Open', tone: 'open', means: 'a question that cannot be answered with what was given' },
  difference: { word: 'Difference', tone: 'none', means: 'two things differ that may differ' },
  pass: { word: 'In order', tone: 'good', means: 'what was checked holds' },
};

/** Grades by weight. */
export const GRADE_ORDER = Object.keys(GRADES) as Grade[];

export const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Record',
    'A file with one answer of a model and a proof of it. The proof shows that this model, and no other, computed this answer from the input whose digest or values the record states.',
  ],
  [
    'Model',
    'A fixed computation, named by an id of 64 characters. If anything in the model changes, so does the id.',
  ],
  [
    'Key',
    'What proofs of a model are checked with. A ceremony of several parties makes it such that nobody can forge proofs, unless all of them worked together.',
  ],
  [
    'Log',
    'A list to which its operator only adds. A checkpoint is its signed summary: whoever changes an earlier entry cannot arrive at the same summary.',
  ],
  ['Witness', 'A party that signs a checkpoint only if it continues what it has seen of this log before.'],
  ['Opening', 'The input of a record, handed over so that it can be compared with the digest in the record.'],
];

/** Findings by grade. */
export function counted(findings: readonly Finding[]): Readonly<Record<Grade, number>> {
  const counts = { evidence: 0, fault: 0, open: 0, difference: 0, pass: 0 };
  for (const { grade } of findings) counts[grade] += 1;
  return counts;
}

export function toneOf(findings: readonly Finding[]): Tone {
  const { evidence, fault, open } = counted(findings);
  return evidence + fault > 0 ? 'bad' : open > 0 ? 'open' : 'good';
}

/** The result in a sentence. */
export function headlineOf({ findings }: Findings): string {
  const { evidence, fault, open } = counted(findings);
  const faults = fault === 1 ? 'one fault' : `${formatCount(fault)} faults`;
  const rest =
    open === 0 ? '' : `; ${open === 1 ? 'one question is' : `${formatCount(open)} questions are`} open`;
  if (evidence > 0) {
    const also = fault === 0 ? '' : `, and ${faults}`;
    return `Evidence of misconduct or of an unsound model was found${also}${rest}`;
  }
  if (fault > 0) return `${faults[0]!.toUpperCase()}${faults.slice(1)} found${rest}`;
  return `No fault was found${rest}`;
}

/** What the headline rests on. */
export function leadOf({ totals }: Findings): string {
  const { records, accepted, refused, unreadable, duplicates } = totals;
  const were = (count: number) => `${formatCount(count)} ${count === 1 ? 'was' : 'were'}`;
  const again =
    duplicates === 0
      ? ''
      : `, among them ${formatCount(duplicates)} that ${duplicates === 1 ? 'proves' : 'prove'} again what another record proves`;
  const noRecord = unreadable === 0 ? '' : `, and ${formatCount(unreadable)} could not be read`;
  return `Of ${plural(records, 'record')} that ${records === 1 ? 'was' : 'were'} handed in, ${were(accepted)} accepted${again}; ${were(refused)} refused${noRecord}. Every record was checked; none was left out.`;
}
