import { formatCount, plural } from '../../../text/units.ts';
import type { AuditedModel, AuditedQuality, Findings, MeasuredModel } from '../../findings/findings-types.ts';
import type { Block, Fact, Section } from './report-blocks.ts';

const SETUP = {
  pass: 'what the trust file asks for its key is met',
  claimed: 'its making is claimed: what would show it is not met, or was not asked for',
  development: 'a development key: whoever made it could have proved any answer',
} as const;
const QUALITY = {
  judged: 'measured, and within what its producer promised',
  'loss-accepted': 'measured; its producer accepted the loss',
  'not-judged': 'not judged',
} as const;

const MEASURED = {
  kept: 'as close to its source as its producer states',
  broken: 'farther from its source than its producer states',
  'not-judged': 'too few rows to judge, or nothing to judge by',
} as const;

export function modelsSection({ models }: Findings): Section {
  return {
    id: 'models',
    title: 'Models',
    blocks: models.flatMap((model): Block[] => [
      {
        kind: 'heading',
        text: model.version === undefined ? model.name : `${model.name}, version ${model.version}`,
      },
      { kind: 'facts', facts: modelFacts(model) },
    ]),
  };
}

/** Of decisions that the quantized model changed. */
function flipWords({ flips }: Pick<AuditedQuality, 'flips'>): string {
  return flips === undefined
    ? ''
    : `; ${plural(flips.count, 'changed decision')}, at most ${percent(flips.upper)} of all`;
}

function measuredWords(measured: MeasuredModel): string {
  const { contract, rows, outside, error, accuracy } = measured;
  return [
    `${MEASURED[contract]}, on ${plural(rows, 'row')} of the auditor${flipWords(measured)}`,
    ...(error === undefined ? [] : [`largest error ${percent(error)} of the span`]),
    ...(accuracy === undefined
      ? []
      : [`right in ${percent(accuracy.proved)}, its source in ${percent(accuracy.source)}`]),
    ...(outside === 0 ? [] : [`${plural(outside, 'row')} outside the range that is proved`]),
  ].join('; ');
}

/** Three digits say enough. */
function percent(share: string): string {
  return `${Number((100 * Number(share)).toPrecision(3))} %`;
}

function modelFacts(model: AuditedModel): Fact[] {
  const { quality, first, last, retired, compromised } = model;
  const names = (list: readonly string[]) =>
    list.length === 0 ? 'nobody whom the auditor trusts' : list.join(', ');
  return [
    { name: 'Model id', value: model.modelId, kind: 'id' },
    { name: 'Key id', value: model.keyId, kind: 'id' },
    { name: 'Key', value: SETUP[model.setup] },
    { name: 'Released by', value: names(model.vouchedBy) },
    { name: 'Derived again by', value: names(model.rederivedBy) },
    { name: 'Contributed by', value: names(model.contributedBy) },
    ...(quality === undefined
      ? []
      : [
          {
            name: 'Quality, as claimed',
            value: `${QUALITY[quality.kind]}, on ${plural(quality.rows, 'row')}${flipWords(quality)}`,
          },
        ]),
    ...(model.measured === undefined
      ? []
      : [{ name: 'Quality, measured again', value: measuredWords(model.measured) }]),
    { name: 'Accepted records', value: formatCount(model.records) },
    ...(first === undefined || last === undefined
      ? []
      : [{ name: 'Answered', value: `${first} to ${last}` }]),
    ...(retired === undefined ? [] : [{ name: 'Retired', value: retired }]),
    ...(compromised === undefined ? [] : [{ name: 'Key compromised', value: compromised }]),
  ];
}
