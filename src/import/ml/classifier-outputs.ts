import type { Value } from '../onnx/value.ts';

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
