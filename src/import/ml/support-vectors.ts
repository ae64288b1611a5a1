import type { OperatorContext } from '../onnx/operator.ts';
import type { TensorView } from '../tensor.ts';

const KINDS = ['LINEAR', 'POLY', 'RBF', 'SIGMOID'] as const;

/** A function of a row and a support vector, as ONNX Runtime computes it. */
export interface Kernel {
  readonly kind: (typeof KINDS)[number];
  readonly gamma: number;
  readonly coef0: number;
  readonly degree: number;
}

/** Support vectors, one after another, and what weighs their kernels. */
export interface Machine {
  readonly kernel: Kernel;
  readonly features: number;
  readonly vectors: ArrayLike<number>;
  readonly count: number;
}

/**
 * Reads the support vectors of a machine.
 *
 * @param x the row's features, [1, features]
 * @param count of the vectors, as another attribute gives it
 * @throws QuietproofError QP2102 for an unknown kernel, QP2185 if the attributes do not fit each other, QP2110 if the vectors
 *   have another number of features than the row
 */
export function machineOf(context: OperatorContext, x: TensorView, count: number): Machine {
  const kernel = kernelOf(context);
  const vectors = context.attributes.floats('support_vectors') ?? [];
  const features = vectors.length / count;
  if (!Number.isInteger(features))
    throw misfitting(context, `${vectors.length} numbers are not ${count} support vectors`);
  if (features !== x.ids.length)
    throw context.error(
      'QP2110',
      `support vectors of ${features} features do not fit a row of ${x.ids.length}`,
    );
  return { kernel, vectors, features, count };
}

/** Attributes that ONNX Runtime does not read where the coefficients are those of a linear function. */
export function ignoreKernel(context: OperatorContext): void {
  context.attributes.ignore('kernel_type', 'kernel_params', 'support_vectors');
}

/** The error for a support vector machine whose attributes do not fit each other. */
export function misfitting(context: OperatorContext, what: string) {
  return context.error('QP2185', what, 'Export the model again');
}

function kernelOf(context: OperatorContext): Kernel {
  const name = context.attributes.string('kernel_type', 'LINEAR');
  const kind = KINDS.find((own) => own === name);
  if (kind === undefined) throw context.unsupported(`with the kernel ${JSON.stringify(name.slice(0, 30))}`);
  const parameters = context.attributes.floats('kernel_params') ?? [];
  if (parameters.length !== 0 && parameters.length !== 3)
    throw misfitting(context, `it has ${parameters.length} kernel_params, not 3`);
  const [gamma = 0, coef0 = 0, degree = 0] = parameters;
  return { kind, gamma, coef0, degree };
}
