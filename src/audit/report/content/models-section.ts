import { formatCount } from '../../../text/units.ts';
import type { AuditedModel, Findings } from '../../findings/findings-types.ts';
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

function modelFacts(model: AuditedModel): Fact[] {
  const { quality, first, last, retired, compromised } = model;
  const names = (list: readonly string[]) =>
    list.length === 0 ? 'nobody whom the auditor trusts' : list.join(', ');
  const flips =
    quality?.flips === undefined
      ? ''
      : `; ${formatCount(quality.flips.count)} changed decisions, at most ${quality.flips.upper} of all`;
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
            value: `${QUALITY[quality.kind]}, on ${formatCount(quality.rows)} rows${flips}`,
          },
        ]),
    { name: 'Accepted records', value: formatCount(model.records) },
    ...(first === undefined || last === undefined
      ? []
      : [{ name: 'Answered', value: `${first} to ${last}` }]),
    ...(retired === undefined ? [] : [{ name: 'Retired', value: retired }]),
    ...(compromised === undefined ? [] : [{ name: 'Key compromised', value: compromised }]),
  ];
}
