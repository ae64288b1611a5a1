import type { GraphOutput } from '../graph/float-graph.ts';
import { answerNames } from '../quantize/card.ts';
import type { Decision } from '../quantize/decision.ts';
import type { DecidedAs } from '../quantize/stated-as.ts';
import type { LoadedModel, StatementOptions } from './load-model.ts';
import { parseOutputChoice } from './output-choice.ts';

/** What a proof says of one output. */
export interface OutputReport {
  readonly name: string;
  readonly scores: number;
  readonly head: GraphOutput['head'];
  readonly decision: Decision;
  /** Of its classes, from the card or the file. */
  readonly classes?: readonly string[];
  /** What it could say instead; missing where the user or the file says what the output is for. */
  readonly otherwise?: Alternative;
}

/** Another statement, and the option that asks for it. */
export interface Alternative {
  readonly says: DecidedAs;
  readonly option: string;
}

/** Each output of a model, and what a proof says of it. */
export function outputReports(loaded: LoadedModel, options: StatementOptions): OutputReport[] {
  const { graph, decisions, card } = loaded;
  return graph.outputs.map(({ name, values, head }, k) => {
    const { classes } = answerNames(card, name, decisions.length);
    const otherwise = alternativeOf(loaded, k, options);
    const named = { ...(classes && { classes }), ...(otherwise && { otherwise }) };
    return { name, scores: values.length, head, decision: decisions[k]!, ...named };
  });
}

function alternativeOf(
  { graph, decisions }: LoadedModel,
  k: number,
  { output: words, threshold }: StatementOptions,
): Alternative | undefined {
  const { tensor, values, head, classes } = graph.outputs[k]!;
  const isAsked = threshold !== undefined || parseOutputChoice(words).asked(tensor) !== undefined;
  if (isAsked || classes !== undefined || !isOpen(head, values.length)) return undefined;
  const says = OTHER[decisions[k]!.kind];
  // One score has no largest one.
  if (values.length === 1) return { says, option: '--threshold <x>' };
  const tensors = [...new Set(graph.outputs.map((own) => own.tensor))];
  const all = tensors.map((own) => (own === tensor ? `${own}=${says}` : own));
  return { says, option: `--output ${tensors.length === 1 ? says : all.join(',')}` };
}

/** Whether the file leaves open what the scores are for: several sigmoids may be labels or values. */
function isOpen(head: GraphOutput['head'], scores: number): boolean {
  switch (head) {
    case 'none':
      return true;
    case 'sigmoid':
      return scores > 1;
    case 'softmax':
    case 'argmax':
      return false;
  }
}

const OTHER: { readonly [K in Decision['kind']]: DecidedAs } = {
  logits: 'label',
  argmax: 'logits',
  threshold: 'logits',
};
