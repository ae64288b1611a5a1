import { broadcastShape, broadcastTo } from '../../broadcast.ts';
import { Logic } from '../../logic.ts';
import { rearrangeView } from '../../rearrange.ts';
import { sizeOf, type TensorView } from '../../tensor.ts';
import type { Operation, OperationContext } from './operation.ts';

type Combine = (logic: Logic, a: TensorView, b: TensorView) => TensorView;

function condition(combine: Combine): Operation {
  return (context) => {
    const logic = new Logic(context.builder, context.node);
    return { kind: 'view', view: combine(logic, context.anyView(0), context.anyView(1)) };
  };
}

/** The second operand where the first is true, else the third. */
const select: Operation = (context) => {
  const [mask, whenTrue, whenFalse] = [0, 1, 2].map((index) => context.anyView(index));
  return { kind: 'view', view: context.builder.select(context.node, mask!, whenTrue!, whenFalse!) };
};

const not: Operation = (context) => ({
  kind: 'view',
  view: new Logic(context.builder, context.node).not(context.view(0)),
});

/** The larger or the smaller of two operands. @param sign 1 for the larger, −1 for the smaller: −max(−a, −b) */
function extreme(sign: 1 | -1): Operation {
  return (context) => {
    const [a, b] = [context.operand(0), context.operand(1)];
    const view = a.kind === 'view' ? a.view : context.view(1);
    const bounds = a.kind === 'const' ? a.tensor : b.kind === 'const' ? b.tensor : undefined;
    const [bound, ...more] = new Set(bounds?.data);
    if (bound === undefined || more.length > 0 || sizeOf(bounds!.shape) !== 1) {
      return { kind: 'view', view: ofTwo(context, sign) };
    }
    const range = sign > 0 ? { min: bound, max: Infinity } : { min: -Infinity, max: bound };
    const fn = range.min === 0 ? ({ kind: 'relu' } as const) : ({ kind: 'clip', ...range } as const);
    return { kind: 'view', view: context.builder.activation(context.node, view, fn) };
  };
}

function ofTwo(context: OperationContext, sign: 1 | -1): TensorView {
  const { builder, node } = context;
  const operands = [context.anyView(0), context.anyView(1)];
  const shape = broadcastShape(operands[0]!.shape, operands[1]!.shape);
  if (shape === undefined) throw context.misfit(...operands.map((own) => own.shape));
  const signed = (view: TensorView) => (sign > 0 ? view : context.negative(view));
  const views = operands.map((own) => signed(rearrangeView(own, broadcastTo(own.shape, shape))));
  const gather = Int32Array.from({ length: 2 * sizeOf(shape) }, (_, i) => views[i % 2]!.ids[i >> 1]!);
  return signed({ shape, ids: builder.max(node, 2, gather) });
}

/** Comparisons, logic and choices. A comparison that rounding decides may differ from the file's. */
export const CHOICES: Readonly<Record<string, Operation>> = {
  Equal: condition((logic, a, b) => logic.equal(a, b)),
  Greater: condition((logic, a, b) => logic.greater(a, b)),
  GreaterEqual: condition((logic, a, b) => logic.atLeast(a, b)),
  Less: condition((logic, a, b) => logic.greater(b, a)),
  LessEqual: condition((logic, a, b) => logic.atLeast(b, a)),
  LogicalAnd: condition((logic, a, b) => logic.and(a, b)),
  LogicalNot: not,
  LogicalOr: condition((logic, a, b) => logic.or(a, b)),
  Maximum: extreme(1),
  Minimum: extreme(-1),
  NotEqual: condition((logic, a, b) => logic.not(logic.equal(a, b))),
  Select: select,
  SelectV2: select,
};
