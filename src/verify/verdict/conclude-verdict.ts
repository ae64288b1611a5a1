import type { Quality } from '../v2/record-types.ts';
import { uncheckedOf } from '../v2/unchecked.ts';
import { type FormatVersion, identityOf, versionOf } from '../versions/record.ts';
import { decodeAnswers } from './decode-answer.ts';
import { decodeFeatures, farthest } from './decode-input.ts';
import type { Examination } from './examine-bundle.ts';
import {
  CHECK_IDS,
  type Check,
  type CheckId,
  type OpenQuestion,
  type Verdict,
  type VerdictModel,
} from './verdict-types.ts';
import type { VerifyOptions } from './verify-options.ts';

/** A bundle is valid when all of these passed and no other check failed. */
const REQUIRED: readonly CheckId[] = [
  'format',
  'model-record',
  'interface',
  'statement',
  'binding',
  'sidecars',
  'key',
  'signals',
  'points',
  'proof',
];

/** Checks that a version of the format does not have. */
const ABSENT_CHECKS: { readonly [V in FormatVersion]: readonly CheckId[] } = {
  1: ['sidecars'],
  2: ['signature'],
};

const DEVELOPMENT_WARNING =
  'DEVELOPMENT SETUP: the key was made on one machine, and its maker can forge proofs. Do not rely on it.';

const OPEN_QUESTION_TEXT: Readonly<Record<OpenQuestion, string>> = {
  'interface-not-pinned': 'interface not pinned (you did not say which model you expect)',
  'context-not-checked': 'context not checked',
  'input-not-opened': 'input not opened',
};

const QUALITY_TEXT: Readonly<Record<Quality['kind'], string | undefined>> = {
  judged: undefined,
  'loss-accepted': 'loss accepted',
  'not-judged': 'quality not judged',
};

/** Turns the checks into a verdict. It decodes answers and inputs only from a valid bundle. */
export function concludeVerdict(examination: Examination, options: VerifyOptions): Verdict {
  const { list, bundle, record } = examination;
  const version = bundle && versionOf(bundle);
  const absent = ABSENT_CHECKS[version ?? 1];
  const checks = list.checks(CHECK_IDS.filter((id) => !absent.includes(id)));
  const failed = checks.find((check) => check.status === 'fail');
  const valid = failed === undefined && REQUIRED.every((id) => list.status(id) === 'pass');
  const pinned = list.status('model') === 'pass';
  const open = openQuestions(examination);
  const model = summaryOf(examination);
  const quality = record?.version === 2 ? record.model.quality : undefined;
  return {
    headline: valid && model ? headline(model, quality, open) : failure(failed),
    valid,
    pinned,
    accepted: valid && (pinned || options.anyModel === true),
    checks,
    open,
    warnings: model?.setup === 'development' ? [DEVELOPMENT_WARNING] : [],
    unchecked: uncheckedIn(examination),
    ...(failed?.code !== undefined && { code: failed.code }),
    ...(version !== undefined && { version }),
    ...identified(examination),
    ...(model !== undefined && { model }),
    ...(valid && decoded(examination)),
    ...(valid && quality !== undefined && { quality }),
    ...(valid && record?.model.manifest.claims !== undefined && { claims: record.model.manifest.claims }),
  };
}

function openQuestions({ list, input }: Examination): OpenQuestion[] {
  const open: OpenQuestion[] = [];
  if (list.status('model') === 'skipped') open.push('interface-not-pinned');
  if (list.status('context') === 'skipped') open.push('context-not-checked');
  // A public input needs no opening.
  if (list.status('input') === 'skipped' && input === undefined) open.push('input-not-opened');
  return open;
}

function summaryOf({ record }: Examination): VerdictModel | undefined {
  if (record === undefined) return undefined;
  const { ids, interface: modelInterface, setup } = record.model;
  return { ...ids, name: modelInterface.name, setup: setup.kind, input: modelInterface.input.mode };
}

function headline(model: VerdictModel, quality: Quality | undefined, open: readonly OpenQuestion[]): string {
  const measured = quality && QUALITY_TEXT[quality.kind];
  return [
    `Valid for model "${model.name}" (${model.modelId.slice(0, 16)}…)`,
    ...(model.setup === 'development' ? ['DEVELOPMENT setup'] : []),
    ...(measured === undefined ? [] : [measured]),
    ...open.map((question) => OPEN_QUESTION_TEXT[question]),
  ].join('; ');
}

function failure(failed: Check | undefined): string {
  return `Not valid: ${failed?.code ?? ''} ${failed?.detail ?? ''} [check: ${failed?.id ?? ''}]`;
}

/** Identifiers from the bundle itself. They identify something proved only in a valid verdict. */
function identified({
  record,
  statement,
}: Examination): Pick<Verdict, 'recordId' | 'identity' | 'statementDigest' | 'leaf' | 'contextId' | 'row'> {
  if (record === undefined || statement === undefined) return {};
  const { recordId, statementDigest, leaf, contextId, row } = statement;
  return {
    recordId,
    identity: identityOf(record),
    ...(statementDigest !== undefined && { statementDigest }),
    ...(leaf !== undefined && { leaf }),
    ...(contextId !== undefined && { contextId }),
    ...(row !== undefined && { row }),
  };
}

function uncheckedIn({ bundle, record, statement, input }: Examination): Verdict['unchecked'] {
  if (bundle?.version !== 'quietproof/bundle/v2') return [];
  return uncheckedOf({
    bundle,
    model: record?.version === 2 ? record.model : undefined,
    statement: statement?.statement,
    opening: input?.opening,
  });
}

function decoded({
  reading,
  signals,
  input,
}: Examination): Pick<Verdict, 'answers' | 'answer' | 'features' | 'distance'> {
  if (reading === undefined || signals === undefined) return {};
  const answers = decodeAnswers(reading, signals);
  const distance = input && farthest(input);
  return {
    answers,
    ...(answers[0] !== undefined && { answer: answers[0].answer }),
    ...(input !== undefined && { features: decodeFeatures(reading.input, input) }),
    ...(distance !== undefined && { distance }),
  };
}
