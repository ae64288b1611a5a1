import type { ConstTensor } from '../tensor.ts';
import type { Operator, OperatorContext } from './operator.ts';
import type { Value } from './value.ts';

/** a + b */
export const add: Operator = (context) =>
  binary(context, {
    viewConst: (x, c) => context.builder.affine(context.node, x, undefined, c),
    constView: (c, x) => context.builder.affine(context.node, x, undefined, c),
    viewView: (a, b) => context.builder.add(context.node, a, b),
  });

/** a − b */
export const sub: Operator = (context) =>
  binary(context, {
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

/** a · b, where one operand is constant. */
export const mul: Operator = (context) =>
  binary(context, {
    viewConst: (x, c) => context.builder.affine(context.node, x, c),
    constView: (c, x) => context.builder.affine(context.node, x, c),
  });

/** a / b, where b is constant. */
export const div: Operator = (context) =>
  binary(context, {
    viewConst: (x, c) =>
      context.builder.affine(
        context.node,
        x,
        mapConst(c, (value) => 1 / value),
      ),
  });

type View = Parameters<OperatorContext['builder']['add']>[1];

interface Forms {
  readonly viewConst: (x: View, c: ConstTensor) => View;
  readonly constView?: (c: ConstTensor, x: View) => View;
  readonly viewView?: (a: View, b: View) => View;
}

function binary(context: OperatorContext, forms: Forms): Value {
  const [a, b] = [context.input(0), context.input(1)];
  if (b.kind === 'const') return context.viewOf(forms.viewConst(context.view(0), b.tensor));
  if (a.kind === 'const' && forms.constView)
    return context.viewOf(forms.constView(a.tensor, context.view(1)));
  if (a.kind === 'view' && forms.viewView) {
    return context.viewOf(forms.viewView(context.view(0), context.view(1)));
  }
  const form = a.kind === 'const' ? 'by an activation' : 'of two activations';
  throw context.error(
    'QP2101',
    `${context.node.op} ${form} cannot be proved`,
    'One operand must be a constant',
  );
}

function mapConst(tensor: ConstTensor, map: (value: number) => number): ConstTensor {
  return { shape: tensor.shape, data: tensor.data.map(map) };
}

const scalar = (value: number): ConstTensor => ({ shape: [], data: Float64Array.of(value) });
