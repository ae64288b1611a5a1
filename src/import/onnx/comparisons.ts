import { ABSENT } from '../../graph/float-graph.ts';
import { Logic } from '../logic.ts';
import { inputTests } from '../ml/input-tests.ts';
import type { Comparison } from '../ml/rank-set.ts';
import type { TensorView } from '../tensor.ts';
import { BOOL } from './data-types.ts';
import type { Operator, OperatorContext } from './operator.ts';
import type { ViewValue } from './value.ts';

type Combine = (logic: Logic, a: TensorView, b: TensorView) => TensorView;

/** Comparisons, logic and choices. A comparison that rounding decides may differ from the file's. */
export const COMPARISONS: Readonly<Record<string, Operator>> = {
  __proto__: null as never,
  Less: comparison('LT', (logic, a, b) => logic.greater(b, a)),
  LessOrEqual: comparison('LEQ', (logic, a, b) => logic.atLeast(b, a)),
  Greater: comparison('GT', (logic, a, b) => logic.greater(a, b)),
  GreaterOrEqual: comparison('GTE', (logic, a, b) => logic.atLeast(a, b)),
  Equal: (context) => equalToCut(context) ?? equal(context),
  And: condition((logic, a, b) => logic.and(a, b)),
  Or: condition((logic, a, b) => logic.or(a, b)),
  Xor: condition((logic, a, b) => logic.xor(a, b)),
  Not: (context) => isTrue(new Logic(context.builder, context.node).not(context.view(0))),
  Where: where,
};

/** In a file with operators of ai.onnx.ml, a comparison of inputs with constants is as exact as that of a tree. */
function comparison(mode: Comparison, combine: Combine): Operator {
  const otherwise = condition(combine);
  return (context) => {
    const tests = inputTests(context, mode);
    return tests === undefined ? otherwise(context) : isTrue(tests);
  };
}

const equal = comparison('EQ', (logic, a, b) => logic.equal(a, b));

/** Whether the whole numbers that a Cast cuts off values are a constant, which is whether the values are in an interval. */
function equalToCut(context: OperatorContext): ViewValue | undefined {
  const { builder, node, inputs } = context;
  const cut = inputs.find((value) => value?.kind === 'view');
  const constant = inputs.find((value) => value?.kind === 'const');
  if (cut?.kind !== 'view' || constant?.kind !== 'const' || constant.tensor.data.length !== 1)
    return undefined;
  const sources = cut.view.ids.map((id) => builder.cut.get(id) ?? ABSENT);
  const whole = constant.tensor.data[0]!;
  // Of float32 from 2^24 on, neighbours are not whole numbers apart; and ONNX leaves open what large ones are cut to.
  if (sources.includes(ABSENT) || Math.abs(whole) >= 2 ** 24) return undefined;
  const logic = new Logic(builder, node);
  const x = { shape: cut.view.shape, ids: sources };
  const at = (value: number) => builder.constant(node, { shape: [1], data: Float64Array.of(value) });
  // Numbers are cut towards 0: all between -1 and 1, neither included, to 0.
  const fromBelow = whole > 0 ? logic.atLeast(x, at(whole)) : logic.greater(x, at(whole - 1));
  const fromAbove = whole < 0 ? logic.atLeast(at(whole), x) : logic.greater(at(whole + 1), x);
  return isTrue(logic.and(fromBelow, fromAbove));
}

function condition(combine: Combine): Operator {
  return (context) =>
    isTrue(combine(new Logic(context.builder, context.node), anyView(context, 0), anyView(context, 1)));
}

function isTrue(view: TensorView): ViewValue {
  return { kind: 'view', view, dataType: BOOL };
}

/** An operand as a view, also if it is constant. */
export function anyView(context: OperatorContext, index: number): TensorView {
  const value = context.input(index);
  return value.kind === 'view' ? value.view : context.builder.constant(context.node, value.tensor);
}

/** The second operand where the first is true, else the third. */
function where(context: OperatorContext): ViewValue {
  const [mask, whenTrue, whenFalse] = [0, 1, 2].map((index) => anyView(context, index));
  const view = context.builder.select(context.node, mask!, whenTrue!, whenFalse!);
  const typed = [1, 2].map((index) => context.input(index)).find(({ kind }) => kind === 'view');
  return { kind: 'view', view, dataType: typed?.dataType ?? context.input(1).dataType };
}
