import type { AnyInterface, InputMode, OutputInterface, OutputV2 } from '@quietproof/verify';
import { type DecidedAs, STATED_AS } from '../quantize/stated-as.ts';

/** What has to be asked of a model again for its proofs to say what an interface claims. */
export interface ClaimedStatement {
  /** As `--output` takes it. */
  readonly output: string;
  readonly input: InputMode;
  readonly threshold?: number;
}

/**
 * Undefined where it claims what is never compiled: categories.
 *
 * @param isNamed whether the model file has several outputs, which an interface calls by their names
 */
export function claimedStatement(
  modelInterface: AnyInterface,
  isNamed: boolean,
): ClaimedStatement | undefined {
  const input = modelInterface.input.mode;
  if (modelInterface.version === 'quietproof/interface/v1') {
    const { output } = modelInterface;
    return { output: STATED_AS[output.kind], input, ...thresholdOf(output) };
  }
  const { outputs } = modelInterface;
  const stated = outputs.map(statedOutput);
  const thresholds = stated.map((own) => own?.threshold).filter((threshold) => threshold !== undefined);
  if (stated.includes(undefined)) return undefined;
  return {
    output: isNamed ? namedOutputs(outputs) : stated[0]!.output,
    ...(thresholds.length > 0 && { threshold: thresholds[0]! }),
    input,
  };
}

/** The names of the outputs of a model with one output: by what they are. */
const OWN_NAME = /^(label|score|scores|label \d+)$/;

/** The outputs of the model file that the claims are about; undefined where they may be all that there are. */
export function claimedTensors(modelInterface: AnyInterface): string[] | undefined {
  if (modelInterface.version === 'quietproof/interface/v1') return undefined;
  const { outputs } = modelInterface;
  if (outputs.every(({ name }) => OWN_NAME.test(name))) return undefined;
  return Array.from(new Set(outputs.map(tensorOf)));
}

/** The names in the file, each with what is stated: a row of a batch has its index, and so has one of several labels. */
function namedOutputs(outputs: readonly OutputV2[]): string {
  const byTensor = new Map(outputs.map((own) => [tensorOf(own), statedOutput(own)!.output]));
  return Array.from(byTensor, ([name, as]) => `${name}=${as}`).join(',');
}

function tensorOf(output: OutputV2): string {
  const { name } = output;
  const isDecided = statedOutput(output)?.threshold !== undefined;
  const score = isDecided ? name.replace(/ \d+$/, '') : name;
  return score.replace(/\[\d+\]$/, '');
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

function statedOutput(
  output: OutputV2,
): { readonly output: DecidedAs; readonly threshold?: number } | undefined {
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
