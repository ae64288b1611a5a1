import type { Feature } from '@quietproof/verify';
import type { FileVerdict } from '@quietproof/verify/command/verify-files';
import type { DataSet } from '../../data/data-set.ts';
import type { Style } from '../render/style.ts';
import { renderPairs } from '../render/table.ts';

/** What was asked and answered about each applicant, as the proofs say it. */
export function renderApplicants(data: DataSet, verdicts: readonly FileVerdict[], style: Style): string[] {
  return verdicts.flatMap(({ verdict: { row = 0, features = [], answer } }, k) => {
    const name = answer?.kind === 'label' ? (answer.name ?? String(answer.index)) : 'not valid';
    const asked = renderPairs(features.map((feature, i) => [`    ${feature.name ?? i}`, valueText(feature)]));
    const truth = data.labels?.[row];
    const repaid = truth === undefined ? '' : style.dim(` (in fact: ${truth === 1 ? 'good' : 'bad'})`);
    return [
      ...(k === 0 ? [] : ['']),
      `  Applicant ${row}: asked with`,
      ...asked.split('\n'),
      `  ${style.bold(`answered: ${name}`)}${repaid}`,
    ];
  });
}

function valueText({ value, unit = '' }: Feature): string {
  switch (value.kind) {
    case 'number':
      return `${value.number} ${unit}`.trim();
    case 'text':
      return value.text === 'NaN' ? `missing ${unit}`.trim() : value.text;
    case 'unknown':
      return 'a value that is none of the known ones';
  }
}
