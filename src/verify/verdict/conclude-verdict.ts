import { splitSignals } from '../interface/public-signals.ts';
import { decodeAnswer, decodeFeatures } from './decode-answer.ts';
import type { Examination, VerifyOptions } from './examine-bundle.ts';
import type { Check, CheckId, OpenQuestion, Verdict, VerdictModel } from './verdict-types.ts';

/** "valid" needs each of these to have passed; the rest only must not have failed. */
const REQUIRED: readonly CheckId[] = [
  'format',
  'model-record',
  'interface',
  'statement',
  'binding',
  'key',
  'signals',
  'points',
  'proof',
];

const DEVELOPMENT =
  'DEVELOPMENT SETUP: the key was made on one machine, and whoever made it can forge proofs. Do not rely on it.';

const OPEN_WORDS: Readonly<Record<OpenQuestion, string>> = {
  'interface-not-pinned': 'interface not pinned (you did not say which model you expect)',
  'context-not-checked': 'context not checked',
  'input-not-opened': 'input not opened',
};

/** Turns the checks into a verdict. Nothing is decoded from a bundle that is not valid. */
export function concludeVerdict(examination: Examination, options: VerifyOptions): Verdict {
  const { list, model, read } = examination;
  const checks = list.checks();
  const failed = checks.find((check) => check.status === 'fail');
  const valid = failed === undefined && REQUIRED.every((id) => list.status(id) === 'pass');
  const pinned = list.status('model') === 'pass';
  const open = openQuestions(examination);
  const summary = model && {
    ...model.ids,
    name: model.interface.name,
    setup: model.setup.kind,
  };
  return {
    headline: headline(valid, failed, summary, open),
    valid,
    pinned,
    accepted: valid && (pinned || options.anyModel === true),
    checks,
    open,
    warnings: model?.setup.kind === 'development' ? [DEVELOPMENT] : [],
    ...(failed?.code !== undefined && { code: failed.code }),
    ...(read !== undefined && { recordId: read.recordId, row: read.statement.predicate.row.index }),
    ...(summary !== undefined && { model: summary }),
    ...(valid && decoded(examination)),
    ...(valid && model?.manifest.claims !== undefined && { claims: model.manifest.claims }),
  };
}

function openQuestions({ list, values }: Examination): OpenQuestion[] {
  const open: OpenQuestion[] = [];
  if (list.status('model') === 'skipped') open.push('interface-not-pinned');
  if (list.status('context') === 'skipped') open.push('context-not-checked');
  // A public input needs no opening: it can be read.
  if (list.status('input') === 'skipped' && values === undefined) open.push('input-not-opened');
  return open;
}

function headline(
  valid: boolean,
  failed: Check | undefined,
  model: VerdictModel | undefined,
  open: readonly OpenQuestion[],
): string {
  if (!valid) return `Not valid: ${failed?.code ?? ''} ${failed?.detail ?? ''} [check: ${failed?.id ?? ''}]`;
  const parts = [`Valid for model "${model?.name}" (${model?.modelId.slice(0, 16)}…)`];
  if (model?.setup === 'development') parts.push('DEVELOPMENT setup');
  return [...parts, ...open.map((question) => OPEN_WORDS[question])].join('; ');
}

function decoded({ model, signals, values }: Examination): Pick<Verdict, 'answer' | 'features'> {
  if (model === undefined || signals === undefined) return {};
  return {
    answer: decodeAnswer(model.interface.output, splitSignals(model.interface, signals).outputs),
    ...(values !== undefined && { features: decodeFeatures(model.interface.input, values) }),
  };
}
