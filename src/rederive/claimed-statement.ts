import type { AnyInterface, InputMode, OutputInterface, OutputV2 } from '@quietproof/verify';
import type { StatedOutput } from '../integer/integer-graph.ts';
import { STATED_AS } from '../quantize/stated-as.ts';

/** What has to be asked of a model again for its proofs to say what an interface claims. */
export interface ClaimedStatement {
  readonly output: StatedOutput;
  readonly input: InputMode;
  readonly threshold?: number;
}

/** Undefined where it claims what is never compiled: several outputs, or categories. */
export function claimedStatement(modelInterface: AnyInterface): ClaimedStatement | undefined {
  const input = modelInterface.input.mode;
  if (modelInterface.version === 'quietproof/interface/v1') {
    const { output } = modelInterface;
    return { output: STATED_AS[output.kind], input, ...thresholdOf(output) };
  }
  const [only, ...more] = modelInterface.outputs;
  const stated = only === undefined || more.length > 0 ? undefined : statedOutput(only);
  return stated && { ...stated, input };
}

function thresholdOf(output: OutputInterface): Pick<ClaimedStatement, 'threshold'> {
  switch (output.kind) {
    case 'threshold':
      return { threshold: Number(output.threshold) };
    case 'logits':
    case 'argmax':
      return {};
  }
}

function statedOutput(output: OutputV2): Omit<ClaimedStatement, 'input'> | undefined {
  switch (output.kind) {
    case 'label':
      return output.rule.kind === 'threshold'
        ? { output: 'label', threshold: Number(output.rule.threshold) }
        : { output: 'label' };
    case 'score':
    case 'vector':
      return { output: 'logits' };
    case 'category':
      return undefined;
  }
}
