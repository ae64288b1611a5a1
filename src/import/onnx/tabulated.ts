import type { Tabulated } from '../../graph/functions/tabulated.ts';
import { tabulatedFacts } from '../../graph/functions/tabulated-facts.ts';
import { broadcastShape, broadcastTo } from '../broadcast.ts';
import { prelu } from '../prelu.ts';
import { rearrangeConst } from '../rearrange.ts';
import { noteExponential } from '../same-order.ts';
import type { ConstTensor, TensorView } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import type { Value } from './value.ts';

/** A function of each value; of a constant, the constants that it gives. */
function tabulated(context: OperatorContext, of: Tabulated): Value {
  const { isDefined, label, apply } = tabulatedFacts(of);
  if (!isDefined) throw context.error('QP2102', `${context.node.op} is not defined as ${label}`);
  const value = context.input(0);
  if (value.kind === 'const') {
    const { shape, data } = value.tensor;
    return { ...value, tensor: { shape, data: data.map((x) => Math.fround(apply(x))) } };
  }
  return context.viewOf(context.builder.activation(context.node, context.view(0), { kind: 'tabulated', of }));
}

const plain =
  (of: Tabulated): Operator =>
  (context) =>
    tabulated(context, of);

/** Of scores, the largest stays the largest. */
const exponential: Operator = (context) => {
  const value = tabulated(context, { name: 'exp' });
  if (value.kind === 'view') noteExponential(context, context.view(0), value.view.ids);
  return value;
};

/** Notes what a function is of: a sign that is all a file gives is a label, and a quotient by a root is a product. */
const noted =
  (name: 'sign' | 'sqrt', by: 'signs' | 'roots'): Operator =>
  (context) => {
    const value = tabulated(context, { name });
    if (value.kind !== 'view') return value;
    const { ids } = context.view(0);
    value.view.ids.forEach((id, i) => {
      context.builder[by].set(id, ids[i]!);
    });
    return value;
  };

/** alpha is 1 by default. */
const withAlpha =
  (name: 'elu' | 'celu' | 'swish' | 'thresholded-relu'): Operator =>
  (context) =>
    tabulated(context, { name, alpha: context.attributes.float('alpha', 1) });

const selu: Operator = (context) => {
  const alpha = context.attributes.float('alpha', Math.fround(1.6732631921768188));
  const gamma = context.attributes.float('gamma', Math.fround(1.0507010221481323));
  return tabulated(context, { name: 'selu', alpha, gamma });
};

const shrink: Operator = (context) => {
  const lambda = context.attributes.float('lambd', 0.5);
  return tabulated(context, { name: 'shrink', lambda, bias: context.attributes.float('bias', 0) });
};

const gelu: Operator = (context) => {
  const approximate = context.attributes.string('approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh')
    throw context.unsupported(`approximated by ${approximate}`);
  return tabulated(context, { name: approximate === 'tanh' ? 'gelu-tanh' : 'gelu' });
};

const scalar = (value: number): ConstTensor => ({ shape: [], data: Float64Array.of(value) });

/** max(0, min(1, alpha · x + beta)): exact over the integers. */
const hardSigmoid: Operator = (context) => {
  const alpha = scalar(context.attributes.float('alpha', Math.fround(0.2)));
  const beta = scalar(context.attributes.float('beta', 0.5));
  const sum = context.builder.affine(context.node, context.view(0), alpha, beta);
  return context.viewOf(context.builder.activation(context.node, sum, { kind: 'clip', min: 0, max: 1 }));
};

const neg: Operator = (context) =>
  context.viewOf(context.builder.affine(context.node, context.view(0), scalar(-1)));

/** x if x ≥ 0, else slope · x, with slopes that broadcast to the shape of x. */
const pRelu: Operator = (context) => {
  const x = context.view(0);
  const slope = context.constant(1, 'slopes');
  const shape = broadcastShape(x.shape, slope.shape);
  if (shape === undefined || String(shape) !== String(x.shape)) throw context.misfit(x.shape, slope.shape);
  const slopes = rearrangeConst(slope, broadcastTo(slope.shape, shape)).data;
  return context.viewOf(prelu(context.builder, context.node, x, slopes));
};

/** Powers that are products of the value with itself: exact, without bounds, and one or two constraints each. */
const MULTIPLIED: readonly number[] = [2, 3, 4];

function multiplied({ builder, node }: OperatorContext, x: TensorView, exponent: number): TensorView {
  const times = (left: TensorView, right: TensorView) => builder.binary(node, 'product', left, right);
  const square = times(x, x);
  if (exponent === 2) return square;
  return times(square, exponent === 3 ? x : square);
}

/** x^c with one constant c. */
const pow: Operator = (context) => {
  const { data, shape } = context.constant(1, 'exponents');
  const [exponent] = data;
  if (exponent === undefined || data.some((own) => own !== exponent)) {
    throw context.unsupported('with several exponents', 'Use one exponent');
  }
  const x = context.input(0);
  const own = x.kind === 'const' ? x.tensor.shape : context.view(0).shape;
  if (String(broadcastShape(own, shape)) !== String(own)) throw context.misfit(own, shape);
  if (exponent === 1) return x;
  if (exponent === 0) throw context.unsupported('with an exponent of 0', 'The result is 1 everywhere');
  if (x.kind !== 'const' && MULTIPLIED.includes(exponent))
    return context.viewOf(multiplied(context, context.view(0), exponent));
  return tabulated(context, exponent === -1 ? { name: 'reciprocal' } : { name: 'power', exponent });
};

/** The ONNX operators of functions that are looked up, and of those that are put together from others. */
export const TABULATED_OPERATORS: Readonly<Record<string, Operator>> = {
  Tanh: plain({ name: 'tanh' }),
  Erf: plain({ name: 'erf' }),
  Softsign: plain({ name: 'softsign' }),
  Softplus: plain({ name: 'softplus' }),
  Gelu: gelu,
  HardSwish: plain({ name: 'hard-swish' }),
  Mish: plain({ name: 'mish' }),
  Swish: withAlpha('swish'),
  Elu: withAlpha('elu'),
  Celu: withAlpha('celu'),
  Selu: selu,
  ThresholdedRelu: withAlpha('thresholded-relu'),
  Shrink: shrink,
  Exp: exponential,
  Log: plain({ name: 'log' }),
  Sqrt: noted('sqrt', 'roots'),
  Reciprocal: plain({ name: 'reciprocal' }),
  Pow: pow,
  Abs: plain({ name: 'abs' }),
  Floor: plain({ name: 'floor' }),
  Ceil: plain({ name: 'ceil' }),
  Round: plain({ name: 'round' }),
  Sign: noted('sign', 'signs'),
  Sin: plain({ name: 'sin' }),
  Cos: plain({ name: 'cos' }),
  HardSigmoid: hardSigmoid,
  PRelu: pRelu,
  Neg: neg,
};
