import type { ActivationFunction } from '../../../graph/float-graph.ts';
import { broadcastTo } from '../../broadcast.ts';
import type { NodeInfo } from '../../graph-builder.ts';
import { prelu } from '../../prelu.ts';
import { rearrangeConst } from '../../rearrange.ts';
import type { TensorView } from '../../tensor.ts';
import { SELU } from '../activations.ts';
import type { GraphValue, OperationContext } from './operation.ts';

/** Functions of one value. The converter fuses some of them into a layer. */
export const FUNCTIONS: Readonly<Record<string, ActivationFunction>> = {
  __proto__: null as never,
  Relu: { kind: 'relu' },
  Relu6: { kind: 'clip', min: 0, max: 6 },
  Abs: { kind: 'tabulated', of: { name: 'abs' } },
  Ceil: { kind: 'tabulated', of: { name: 'ceil' } },
  Cos: { kind: 'tabulated', of: { name: 'cos' } },
  Elu: { kind: 'tabulated', of: { name: 'elu', alpha: 1 } },
  Erf: { kind: 'tabulated', of: { name: 'erf' } },
  Exp: { kind: 'tabulated', of: { name: 'exp' } },
  Floor: { kind: 'tabulated', of: { name: 'floor' } },
  Log: { kind: 'tabulated', of: { name: 'log' } },
  Reciprocal: { kind: 'tabulated', of: { name: 'reciprocal' } },
  Selu: { kind: 'tabulated', of: SELU },
  Sign: { kind: 'tabulated', of: { name: 'sign' } },
  Sin: { kind: 'tabulated', of: { name: 'sin' } },
  Sqrt: { kind: 'tabulated', of: { name: 'sqrt' } },
  Tanh: { kind: 'tabulated', of: { name: 'tanh' } },
  Softplus: { kind: 'tabulated', of: { name: 'softplus' } },
  Softsign: { kind: 'tabulated', of: { name: 'softsign' } },
};

/**
 * A layer with what the converter fused into it: a bias, and a function of its result.
 *
 * @param layer computes the layer with its bias
 */
export function fused(
  context: OperationContext,
  layer: (bias: Float64Array | undefined, node: NodeInfo) => TensorView,
): GraphValue {
  const [first, second, ...more] = context.texts('fused_ops');
  const hasBias = first === 'BiasAdd';
  if (more.length > 0 || (first !== undefined && !hasBias)) {
    throw context.unsupported(`fused with ${context.texts('fused_ops').join(', ')}`);
  }
  const bias = hasBias ? context.constant(2, 'biases').data : undefined;
  if (second === undefined) return { kind: 'view', view: layer(bias, context.node) };
  const inner = { name: `${context.node.name}/sum`, op: context.node.op };
  return applyFunction(context, second, layer(bias, inner));
}

function applyFunction(context: OperationContext, name: string, view: TensorView): GraphValue {
  const node = { name: context.node.name, op: name };
  const { builder } = context;
  if (name === 'Sigmoid') return { kind: 'head', head: 'sigmoid', view, node };
  if (name === 'Prelu') {
    const slopes = context.constant(3, 'slopes');
    const own = rearrangeConst(slopes, broadcastTo(slopes.shape, view.shape)).data;
    return { kind: 'view', view: prelu(builder, node, view, own) };
  }
  if (name === 'LeakyRelu') {
    const alpha = context.float('leakyrelu_alpha', 0.2);
    return { kind: 'view', view: builder.activation(node, view, { kind: 'leaky-relu', alpha }) };
  }
  const fn = FUNCTIONS[name];
  if (fn === undefined) throw context.unsupported(`fused with ${name}`);
  return { kind: 'view', view: builder.activation(node, view, fn) };
}
