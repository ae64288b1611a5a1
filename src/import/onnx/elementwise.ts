import { ABSENT } from '../../graph/float-graph.ts';
import { broadcastTo } from '../broadcast.ts';
import { rearrangeConst, rearrangeView } from '../rearrange.ts';
import { overRoot } from '../row-norms.ts';
import { noteQuotients } from '../same-order.ts';
import type { ConstTensor } from '../tensor.ts';
import { precisionOf } from './data-types.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { complement } from './sigmoid-heads.ts';
import type { Value } from './value.ts';

/** a + b */
export const add: Operator = (context) =>
  binary(context, 'add', {
    viewConst: (x, c) => context.builder.affine(context.node, x, undefined, c),
    constView: (c, x) => context.builder.affine(context.node, x, undefined, c),
    viewView: (a, b) => context.builder.add(context.node, a, b),
  });

/** a − b */
export const sub: Operator = (context) =>
  complement(context) ??
  binary(context, 'subtract', {
    viewConst: (x, c) =>
      context.builder.affine(
        context.node,
        x,
        undefined,
        mapConst(c, (value) => -value),
      ),
    constView: (c, x) => context.builder.affine(context.node, x, scalar(-1), c),
    viewView: (a, b) => context.builder.add(context.node, a, b, -1),
  });

/** a · b */
export const mul: Operator = (context) =>
  timesOne(context) ??
  binary(context, 'multiply', {
    viewConst: (x, c) => context.builder.affine(context.node, x, c),
    constView: (c, x) => context.builder.affine(context.node, x, c),
    viewView: (a, b) => context.builder.binary(context.node, 'product', a, b),
  });

/** a / b; a divisor that is not constant must be above 0. */
export const div: Operator = (context) =>
  binary(context, 'divide', {
    viewConst: (x, c) =>
      context.builder.affine(
        context.node,
        x,
        mapConst(c, (value) => 1 / value),
      ),
    constView: (c, x) =>
      context.builder.binary(context.node, 'divide', context.builder.constant(context.node, c), x),
    viewView: (a, b) => overRootOf(context, a, b) ?? quotients(context, a, b),
  });

function quotients(context: OperatorContext, a: View, b: View): View {
  const result = context.builder.binary(context.node, 'divide', a, b);
  noteQuotients(context, [a, b], result.ids);
  return result;
}

/** Normalizations that exporters spell out divide by a root. */
function overRootOf({ builder, node }: OperatorContext, a: View, b: View): View | undefined {
  const sources = Int32Array.from(b.ids, (id) => builder.roots.get(id) ?? ABSENT);
  return sources.includes(ABSENT) ? undefined : overRoot(builder, node, a, { shape: b.shape, ids: sources });
}

/** onnxmltools multiplies LightGBM's probabilities by 1 to name them, so the result of a final function may be, too. */
function timesOne({ inputs }: OperatorContext): Value | undefined {
  const [head, ...others] = inputs.filter((value) => value?.kind === 'head');
  const one = inputs.find((value) => value?.kind === 'const');
  const isOne = one?.kind === 'const' && one.tensor.data.length === 1 && one.tensor.data[0] === 1;
  return isOne && others.length === 0 ? head : undefined;
}

type View = Parameters<OperatorContext['builder']['add']>[1];

interface Forms {
  readonly viewConst: (x: View, c: ConstTensor) => View;
  readonly constView: (c: ConstTensor, x: View) => View;
  readonly viewView: (a: View, b: View) => View;
}

type Operation = 'add' | 'subtract' | 'multiply' | 'divide';

function binary(context: OperatorContext, operation: Operation, forms: Forms): Value {
  const [a, b] = [context.input(0), context.input(1)];
  if (b.kind === 'const') {
    const result = forms.viewConst(context.view(0), b.tensor);
    return recorded(context, result, context.view(0), b.tensor, operation);
  }
  if (a.kind === 'view') return context.viewOf(forms.viewView(context.view(0), context.view(1)));
  const result = forms.constView(a.tensor, context.view(1));
  if (operation === 'divide') return context.viewOf(result);
  const reversed = operation === 'subtract' ? 'subtract-from' : operation;
  return recorded(context, result, context.view(1), a.tensor, reversed);
}

/** Notes what the file computes, which a comparison behind it needs bit for bit. */
function recorded(
  context: OperatorContext,
  result: View,
  operand: View,
  constant: ConstTensor,
  kind: Operation | 'subtract-from',
): Value {
  const value = context.viewOf(result);
  if (!context.builder.exact.isNeeded) return value;
  const precision = precisionOf(value.dataType) ?? 'float32';
  const source = rearrangeView(operand, broadcastTo(operand.shape, result.shape)).ids;
  const constants = rearrangeConst(constant, broadcastTo(constant.shape, result.shape)).data;
  context.builder.exact.record(result.ids, source, (i) => ({ kind, constant: constants[i]!, precision }));
  return value;
}

function mapConst(tensor: ConstTensor, map: (value: number) => number): ConstTensor {
  return { shape: tensor.shape, data: tensor.data.map(map) };
}

const scalar = (value: number): ConstTensor => ({ shape: [], data: Float64Array.of(value) });
