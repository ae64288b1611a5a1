import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph, GraphOutput } from '../graph/float-graph.ts';
import { chooseDecision, type Decision } from '../quantize/decision.ts';
import type { DecidedAs } from '../quantize/stated-as.ts';
import { isReconstruction } from './reconstruction.ts';

/** Which outputs a proof states, and as what. */
export interface OutputChoice {
  /** Names of outputs in the file; missing for all of them. */
  readonly names?: readonly string[];
  /** What is stated of an output; undefined for the default. */
  readonly asked: (tensor: string) => DecidedAs | undefined;
}

const isDecidedAs = (text: string | undefined): text is DecidedAs => text === 'label' || text === 'logits';

/** Reads `label`, `logits`, or a list like `scores=logits,flag`. @throws QuietproofError QP2135 for an empty name */
export function parseOutputChoice(text: string | undefined): OutputChoice {
  if (text === undefined || isDecidedAs(text)) return { asked: () => text };
  const asked = new Map<string, DecidedAs | undefined>();
  for (const item of text.split(',')) {
    const [, name = '', as] = /^(.*?)(?:=(label|logits))?$/s.exec(item.trim())!;
    if (name === '') throw new QuietproofError('QP2135', { where: `--output ${text}`, fix: FORM });
    asked.set(name, isDecidedAs(as) ? as : undefined);
  }
  return { names: Array.from(asked.keys()), asked: (tensor) => asked.get(tensor) };
}

const FORM = 'Give label, logits, or names of outputs as in --output scores=logits,flag=label';

/**
 * Chooses what the proof states of each output: by default the values of one that reconstructs the input, whatever else it
 * could be.
 *
 * @param threshold for all outputs that a threshold can decide; another one is left as it is
 * @throws QuietproofError QP3004 if an output's scores give no label, QP3005 if the threshold cannot be used
 */
export function chooseDecisions(
  graph: FloatGraph,
  choice: OutputChoice,
  threshold: number | undefined,
): Decision[] {
  const { outputs } = graph;
  const values = (output: GraphOutput): DecidedAs | undefined =>
    threshold === undefined && isReconstruction(graph, output) ? 'logits' : undefined;
  const kinds = new Map(outputs.map((output) => [output, choice.asked(output.tensor) ?? values(output)]));
  const takes = outputs.map((output) => takesThreshold(output, kinds.get(output)));
  // Where none takes it, the error is that of the output itself.
  const isForAll = outputs.length === 1 || !takes.includes(true);
  return outputs.map((output, k) => {
    const kind = kinds.get(output);
    const given = threshold !== undefined && (isForAll || takes[k]);
    return chooseDecision(output, {
      ...(kind !== undefined && { output: kind }),
      ...(given && { threshold }),
    });
  });
}

function takesThreshold({ values, head }: GraphOutput, asked: DecidedAs | undefined): boolean {
  return asked !== 'logits' && (values.length === 1 || head === 'sigmoid');
}
