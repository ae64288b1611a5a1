import { MISSING, type MissingPart } from '../refusal.ts';
import type { Quality } from '../v2/record-types.ts';
import { uncheckedOf } from '../v2/unchecked.ts';
import { type FormatVersion, identityOf, versionOf } from '../versions/record.ts';
import type { Checklist } from './checklist.ts';
import { decodeAnswers } from './decode-answer.ts';
import { decodeFeatures, farthest } from './decode-input.ts';
import type { Examination } from './examine-bundle.ts';
import {
  CHECK_IDS,
  type Check,
  type CheckId,
  type OpenQuestion,
  type Outcome,
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
  1: ['sidecars', 'seal'],
  2: ['signature'],
};

const DEVELOPMENT_WARNING =
  'DEVELOPMENT SETUP: the key was made on one machine, and its maker can forge proofs. Do not rely on it.';

const OPEN_QUESTION_TEXT: Readonly<Record<OpenQuestion, string>> = {
  'interface-not-pinned': 'interface not pinned',
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
  const { list, bundle, record, namedModel } = examination;
  const version = bundle && versionOf(bundle);
  const absent = ABSENT_CHECKS[version ?? 1];
  // Whoever requires a sealed answer learns that this version has none.
  const asked = (id: CheckId) => id === 'seal' && options.sealed === true;
  const checks = list.checks(CHECK_IDS.filter((id) => !absent.includes(id) || asked(id)));
  const outcome = outcomeOf(list, checks);
  const valid = outcome === 'valid' || outcome === 'unpinned';
  const reason = reasonOf(checks);
  const open = openQuestions(examination);
  const model = summaryOf(examination);
  const quality = record?.version === 2 ? record.model.quality : undefined;
  return {
    outcome,
    headline: valid && model ? headline(model, quality, open, options) : failure(outcome, reason),
    valid,
    pinned: list.status('model') === 'pass',
    accepted: outcome === 'valid' || (outcome === 'unpinned' && options.anyModel === true),
    checks,
    open,
    missing: outcome === 'incomplete' ? missingParts(checks) : [],
    warnings: model?.setup === 'development' ? [DEVELOPMENT_WARNING] : [],
    unchecked: uncheckedIn(examination),
    ...(reason?.code !== undefined && { code: reason.code }),
    ...(version !== undefined && { version }),
    ...identified(examination),
    ...(model !== undefined && { model }),
    ...(namedModel !== undefined && { namedModel }),
    ...(valid && decoded(examination)),
    ...(valid && examination.chain !== undefined && { chain: examination.chain }),
    ...(valid && examination.seal !== undefined && { seal: examination.seal }),
    ...(examination.trust !== undefined && { trust: examination.trust }),
    ...(valid && quality !== undefined && { quality }),
    ...(valid && record?.model.manifest.claims !== undefined && { claims: record.model.manifest.claims }),
  };
}

/** A failed check is certain; a missing part only leaves open what else would have been found. */
function outcomeOf(list: Checklist, checks: readonly Check[]): Outcome {
  if (checks.some(({ status }) => status === 'fail')) return 'invalid';
  if (checks.some(isMissing)) return 'incomplete';
  if (!REQUIRED.every((id) => list.status(id) === 'pass')) return 'invalid';
  return list.status('model') === 'pass' ? 'valid' : 'unpinned';
}

/** Not made for want of something; or claimed, where a trust file asks for more. */
function isMissing({ status, code }: Check): boolean {
  return status === 'missing' || (status === 'claimed' && code !== undefined);
}

/** The first check that failed, or else the first that could not be made. */
function reasonOf(checks: readonly Check[]): Check | undefined {
  return checks.find(({ status }) => status === 'fail') ?? checks.find(isMissing);
}

function missingParts(checks: readonly Check[]): MissingPart[] {
  const parts = checks.filter(isMissing).map(({ id, code }) => {
    const part = code && MISSING[code];
    return part === 'file' ? FILE_OF_CHECK[id] : part;
  });
  return [...new Set(parts.filter((part) => part !== undefined))];
}

/** The file that each check reads first. */
const FILE_OF_CHECK: { readonly [C in CheckId]?: MissingPart } = {
  format: 'bundle',
  'model-record': 'model-record',
};

/** Only what was not asked: a check that an earlier failure kept from running leaves no question of the caller. */
function openQuestions({ list, input }: Examination): OpenQuestion[] {
  const open: OpenQuestion[] = [];
  if (list.skipped('model')) open.push('interface-not-pinned');
  if (list.skipped('context')) open.push('context-not-checked');
  // A public input needs no opening.
  if (list.skipped('input') && input === undefined) open.push('input-not-opened');
  return open;
}

function summaryOf({ record }: Examination): VerdictModel | undefined {
  if (record === undefined) return undefined;
  const { ids, interface: modelInterface, setup } = record.model;
  return { ...ids, name: modelInterface.name, setup: setup.kind, input: modelInterface.input.mode };
}

function headline(
  model: VerdictModel,
  quality: Quality | undefined,
  open: readonly OpenQuestion[],
  { anyModel }: VerifyOptions,
): string {
  const measured = quality && QUALITY_TEXT[quality.kind];
  const unexpected = open.includes('interface-not-pinned') && anyModel !== true;
  return [
    unexpected
      ? `Holds for model ${named(model)}, but you did not say which model you expect`
      : `Valid for model ${named(model)}`,
    ...(model.setup === 'development' ? ['DEVELOPMENT setup'] : []),
    ...(measured === undefined ? [] : [measured]),
    ...open.map((question) => OPEN_QUESTION_TEXT[question]),
  ].join('; ');
}

function named({ name, modelId }: VerdictModel): string {
  return `"${name}" (${modelId.slice(0, 16)}…)`;
}

function failure(outcome: Outcome, reason: Check | undefined): string {
  const unread = reason?.id === 'format' ? 'Not read' : 'Not enough given';
  const title = outcome === 'incomplete' ? unread : 'Not valid';
  return `${title}: ${reason?.code ?? ''} ${reason?.detail ?? ''} [check: ${reason?.id ?? ''}]`;
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
    // In version 2 it is the record's id.
    identity: record.version === 2 ? recordId : identityOf(record),
    ...(statementDigest !== undefined && { statementDigest }),
    ...(leaf !== undefined && { leaf }),
    ...(contextId !== undefined && { contextId }),
    ...(row !== undefined && { row }),
  };
}

function uncheckedIn({ bundle, record, statement, input, trust }: Examination): Verdict['unchecked'] {
  if (bundle?.version !== 'quietproof/bundle/v2') return [];
  const judged = new Set(trust?.statements.map(({ name }) => name));
  const all = uncheckedOf({
    bundle,
    model: record?.version === 2 ? record.model : undefined,
    statement: statement?.statement,
    opening: input?.opening,
  });
  return all.filter(({ path }) => !judged.has(path));
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
