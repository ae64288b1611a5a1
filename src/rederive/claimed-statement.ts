import type { AnyInterface, InputMode, OutputV2 } from '@quietproof/verify';
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
    const threshold = output.kind === 'threshold' ? { threshold: Number(output.threshold) } : {};
    return { output: STATED_AS[output.kind], input, ...threshold };
  }
  const [only, ...more] = modelInterface.outputs;
  const stated = only === undefined || more.length > 0 ? undefined : statedOutput(only);
  return stated && { ...stated, input };
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
