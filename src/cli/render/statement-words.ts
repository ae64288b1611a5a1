import type { InputMode } from '@quietproof/verify';
import type { OutputRecord, StatementRecord } from '../../artifact/artifact-manifest.ts';
import type { Alternative, OutputReport } from '../../compile/output-report.ts';
import type { Decision } from '../../quantize/decision.ts';

const DECISION_WORDS: { readonly [K in Decision['kind']]: string } = {
  logits: 'the logits',
  argmax: 'a label (argmax)',
  threshold: 'a label (threshold)',
};

/** A final argmax is the label itself. */
const HEAD_WORDS: { readonly [H in OutputRecord['head']]: string } = {
  none: '',
  argmax: '',
  sigmoid: '; the final sigmoid is left out',
  softmax: '; the final softmax is left out',
};

const INPUT_WORDS: { readonly [M in InputMode]: string } = {
  digest: 'a salted digest of the input',
  public: 'all input values, in public',
};

/** What proofs of a compiled model state. */
export function describeStatement(statement: StatementRecord): string {
  const outputs =
    'outputs' in statement
      ? statement.outputs.map((own) => `"${own.name}": ${describeOutput(own)}`)
      : [describeOutput(statement)];
  return [...outputs, INPUT_WORDS[statement.input]].join('; ');
}

function describeOutput({ decision, head }: OutputRecord): string {
  return `${DECISION_WORDS[decision.kind]}${HEAD_WORDS[head]}`;
}

/** What proofs of a model would state about its output. */
export function describeDecision(decision: Decision, scores: number): string {
  switch (decision.kind) {
    case 'logits':
      return 'the logits';
    case 'argmax':
      return 'the label: index of the largest score';
    case 'threshold':
      return `${scores === 1 ? 'the label: score' : 'a label for each score: it is'} ≥ ${decision.threshold}`;
  }
}

const ALTERNATIVE_WORDS: { readonly [S in Alternative['says']]: string } = {
  label: 'a label',
  logits: 'the scores themselves',
};

/** What a proof could say of the outputs instead, with the option that asks for it. */
export function describeAlternatives(outputs: readonly OutputReport[]): string[] {
  return outputs.flatMap(({ name, otherwise }) => {
    if (otherwise === undefined) return [];
    const which = outputs.length === 1 ? '' : ` of "${name}"`;
    return [`${ALTERNATIVE_WORDS[otherwise.says]}${which}, with ${otherwise.option}`];
  });
}
