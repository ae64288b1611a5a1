import { QuietproofError } from '../errors/quietproof-error.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import type { FloatPrecision } from '../graph/float-precision.ts';
import type { TensorView } from './tensor.ts';

/** An output of the model: the values before its final function. */
export interface FinalTensor {
  readonly name: string;
  /** The tensor that it is a part of; itself by default. */
  readonly tensor?: string;
  readonly view: TensorView;
  readonly head: GraphOutput['head'];
  /** Default float32. */
  readonly precision?: FloatPrecision | undefined;
  /** What the file calls the answers of a classifier. */
  readonly classes?: readonly string[] | undefined;
}

/**
 * An output, or one for each row of a batch.
 *
 * @param shape that the output has in the file
 * @param batch rows that the model takes at once
 */
export function rowsOf(final: FinalTensor, shape: readonly number[], batch: number): FinalTensor[] {
  if (batch === 1 || shape[0] !== batch) return [final];
  const { name, view } = final;
  const size = view.ids.length / batch;
  return Array.from({ length: batch }, (_, k) => {
    const ids = view.ids.subarray(k * size, (k + 1) * size);
    return { ...final, name: `${name}[${k}]`, tensor: name, view: { shape: [1, ...shape.slice(1)], ids } };
  });
}

/**
 * The softmax of a single score is 1 whatever the score, and its argmax is 0.
 *
 * @throws QuietproofError QP2115 if the final function gives the same answer for every input
 */
export function refuseConstantHead({ name, view, head }: FinalTensor, file: string): void {
  if (view.ids.length !== 1 || (head !== 'softmax' && head !== 'argmax')) return;
  const what = `the output is the ${head} of a single score, which is the same for every input`;
  const fix = 'End the model in a sigmoid, or in two or more scores';
  throw new QuietproofError('QP2115', { what, where: `output "${name}" in ${file}`, fix });
}
