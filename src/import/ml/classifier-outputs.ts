import { INT64, STRING } from '../onnx/data-types.ts';
import type { GraphProto, ValueInfoProto } from '../onnx/decode-model.ts';
import type { Value } from '../onnx/value.ts';

/** What converters call the scores of the classes. */
const SCORES = ['probabilities', 'output_probability', 'scores'];

/**
 * The label of a classifier that gives its scores beside it, as converters declare the two: an integer or a string, and
 * numbers by the names of the classes, or numbers that are called scores. What only the scores depend on is not needed.
 */
export function declaredLabel({ output }: GraphProto): string | undefined {
  const outputs = output as ValueInfoProto[];
  if (outputs.length !== 2) return undefined;
  const label = outputs.find(({ type }) => [INT64, STRING].includes(type?.tensorType?.elemType ?? 0));
  const scores = outputs.find((other) => other !== label);
  const isByName = scores?.type?.sequenceType !== undefined && scores.type.sequenceType !== null;
  const isScores = isByName || SCORES.includes(scores?.name ?? '');
  return isScores ? label?.name : undefined;
}

/**
 * The label among the two outputs of a classifier, the other being its scores: they follow from the same values, and the
 * label is what a classifier is for. Undefined for any other outputs.
 */
export function labelOfClassifier(
  outputs: readonly (readonly [name: string, value: Value])[],
): [string, Value] | undefined {
  if (outputs.length !== 2) return undefined;
  for (const [at, [name, value]] of outputs.entries()) {
    const other = outputs[1 - at]![1];
    if (value.kind !== 'head' || value.head !== 'argmax' || other.kind === 'const') continue;
    const beside = other.kind === 'view' ? other.view.ids : other.logits.ids;
    const known = [value.logits.ids, ...(value.scores === undefined ? [] : [value.scores])];
    if (known.some((ids) => areSame(ids, beside))) return [name, value];
  }
  return undefined;
}

function areSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
