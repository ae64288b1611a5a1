import type { ActivationKind } from '../../graph/activations.ts';
import type { ActivationFunction } from '../../graph/float-graph.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { TABULATED_OPERATORS } from './tabulated.ts';
import type { ViewValue } from './value.ts';

/** The ONNX operators of each activation; empty if ONNX has none. */
const OPERATORS_OF: { readonly [K in ActivationKind]: Readonly<Record<string, Operator>> } = {
  relu: { Relu: relu },
  'leaky-relu': { LeakyRelu: leakyRelu },
  clip: { Clip: clip },
  tabulated: TABULATED_OPERATORS,
};

export const ACTIVATION_OPERATORS: Readonly<Record<string, Operator>> = Object.assign(
  {},
  ...Object.values(OPERATORS_OF),
);

function relu(context: OperatorContext): ViewValue {
  return apply(context, { kind: 'relu' });
}

/** x if x ≥ 0, else alpha · x; ONNX's default for alpha is 0.01, a float32. */
function leakyRelu(context: OperatorContext): ViewValue {
  const alpha = context.attributes.float('alpha', Math.fround(0.01));
  if (!(alpha >= 0 && Number.isFinite(alpha))) throw context.unsupported(`with alpha ${alpha}`);
  return apply(context, { kind: 'leaky-relu', alpha });
}

/** min(max(x, min), max). Both bounds are optional: attributes before operator set 11, inputs since then. */
function clip(context: OperatorContext): ViewValue {
  const { attributes, opset } = context;
  const min = opset < 11 ? attributes.float('min', -Infinity) : bound(context, 1, -Infinity);
  const max = opset < 11 ? attributes.float('max', Infinity) : bound(context, 2, Infinity);
  if (!(min <= max)) throw context.unsupported(`from ${min} to ${max}`);
  // Exporters write the largest float32 if there is no bound.
  const low = min <= -FLOAT32_MAX ? -Infinity : min;
  const high = max >= FLOAT32_MAX ? Infinity : max;
  if (low === -Infinity && high === Infinity) return context.viewOf(context.view(0));
  return apply(
    context,
    low === 0 && high === Infinity ? { kind: 'relu' } : { kind: 'clip', min: low, max: high },
  );
}

const FLOAT32_MAX = 3.4028234663852886e38;

function bound(context: OperatorContext, index: number, otherwise: number): number {
  const tensor = context.optionalConstant(index, 'bounds');
  if (tensor === undefined) return otherwise;
  if (tensor.data.length !== 1) throw context.error('QP2110', 'the bounds of Clip must be scalars');
  return tensor.data[0]!;
}

function apply(context: OperatorContext, fn: ActivationFunction): ViewValue {
  return context.viewOf(context.builder.activation(context.node, context.view(0), fn));
}
