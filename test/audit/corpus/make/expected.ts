import { FINDING_KINDS, type FindingKind } from '../../../../src/audit/findings/finding-kinds.ts';
import type { Totals } from '../../../../src/audit/findings/findings-types.ts';
import type { ExpectedFindings } from './corpus-types.ts';

interface Counts extends Partial<Omit<Totals, 'records'>> {
  readonly exit: ExpectedFindings['exit'];
}

/** Of a finding: the paths of its records, and what else there is. By default each is listed, without a code. */
export type FindingRow = readonly [
  kind: FindingKind,
  listed: readonly string[],
  more?: { readonly count?: number; readonly codes?: readonly string[] },
];

const ORDER = Object.keys(FINDING_KINDS);

/** All that is found in a folder. What is not said is not there. */
export function expectedOf({ exit, ...counts }: Counts, rows: readonly FindingRow[]): ExpectedFindings {
  const totals = {
    ...{ accepted: 0, refused: 0, unreadable: 0, duplicates: 0, undated: 0, models: 0, logs: 0 },
    ...counts,
  };
  return {
    exit,
    totals: { records: totals.accepted + totals.refused + totals.unreadable, ...totals },
    findings: rows
      .toSorted(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other))
      .map(([kind, listed, { count = listed.length, codes = [] } = {}]) => {
        const { grade } = FINDING_KINDS[kind];
        return { kind, grade, codes, count, listed };
      }),
  };
}
