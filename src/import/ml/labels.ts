import { isPrintable } from '@quietproof/verify';
import type { OperatorContext } from '../onnx/operator.ts';
import type { Label } from '../onnx/value.ts';

/**
 * The classes of a classifier, in order.
 *
 * @param integerName the attribute of integer labels
 * @throws QuietproofError QP2118 if there are none, or if they cannot be told apart or shown
 */
export function readLabels(context: OperatorContext, integerName = 'classlabels_int64s'): Label[] {
  const strings = context.attributes.strings('classlabels_strings') ?? [];
  const integers = context.attributes.ints(integerName) ?? [];
  const labels: readonly Label[] = strings.length > 0 ? strings : integers;
  checkLabels(context, labels);
  context.builder.checkSize(context.node, labels.length);
  return [...labels];
}

/** @throws QuietproofError QP2118 */
export function checkLabels(context: OperatorContext, labels: readonly Label[]): void {
  const refuse = (what: string) => context.error('QP2118', what, 'Rename the classes before training');
  if (labels.length === 0) throw refuse('the classifier has no classes');
  if (new Set(labels).size !== labels.length) throw refuse('two classes have one name');
  if (labels.some((label) => typeof label === 'number' && !Number.isSafeInteger(label)))
    throw refuse('the number of a class is too large');
  if (labels.some((label) => typeof label === 'string' && (label === '' || !isPrintable(label))))
    throw refuse('the name of a class is empty, too long, or contains characters that cannot be shown');
}
