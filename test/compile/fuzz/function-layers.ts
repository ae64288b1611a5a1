import type { Layer } from './layers.ts';
import type { ModelMaker, Tensor } from './model-maker.ts';

/** Functions of all reals, by the operator set that defines them. */
const SMOOTH: Readonly<Record<string, number>> = {
  ...{
    Tanh: 6,
    Sigmoid: 6,
    Erf: 9,
    Softsign: 1,
    Softplus: 1,
    Elu: 6,
    Selu: 6,
    Celu: 12,
    HardSigmoid: 6,
    HardSwish: 14,
  },
  ...{ Abs: 6, Neg: 6, Mish: 18, Gelu: 20, Swish: 24 },
};

/** Functions with steps: next to one, an integer model may give the value of the other side. */
const STEPS: Readonly<Record<string, number>> = {
  ...{ Floor: 6, Ceil: 6, Round: 11, Sign: 9, ThresholdedRelu: 10, Shrink: 9 },
};

/** Functions of positive numbers. */
const POSITIVE = ['Log', 'Sqrt', 'Reciprocal', 'Pow'];

const constant = (maker: ModelMaker, value: number) => maker.floats([value], []);

const pickOf = (maker: ModelMaker, operators: Readonly<Record<string, number>>): string =>
  maker.choices.pick(Object.keys(operators).filter((op) => operators[op]! <= maker.opset));

const smooth: Layer = (maker, x) => maker.node(pickOf(maker, SMOOTH), [x.name], x.shape);

/** A step is made small beside what it is added to. */
const stepped: Layer = (maker, x) => {
  const steps = maker.node(pickOf(maker, STEPS), [x.name], x.shape);
  const small = maker.node('Mul', [steps.name, constant(maker, 1 / 4096)], x.shape);
  return maker.node('Add', [x.name, small.name], x.shape);
};

/** The operand is a probability plus a quarter. */
const positive: Layer = (maker, x) => {
  const probability = maker.node('Sigmoid', [x.name], x.shape);
  const operand = maker.node('Add', [probability.name, constant(maker, 0.25)], x.shape);
  const op = maker.choices.pick(POSITIVE);
  const exponent = op === 'Pow' ? [constant(maker, maker.choices.pick([2, -1.5, 0.5, 3]))] : [];
  return maker.node(op, [operand.name, ...exponent], x.shape);
};

/** Functions that grow fast or have waves, of values between −1 and 1, or of three times as many. */
const ofBounded: Layer = (maker, x) => {
  const { choices } = maker;
  const bounded = maker.node('Tanh', [x.name], x.shape);
  const op = choices.pick(['Exp', 'Sin', 'Cos']);
  if (op === 'Exp') return maker.node(op, [bounded.name], x.shape);
  const wider = maker.node('Mul', [bounded.name, constant(maker, choices.pick([1, 3]))], x.shape);
  return maker.node(op, [wider.name], x.shape);
};

const pRelu: Layer = (maker, x) => {
  const shape = [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
  const slopes = maker.values(shape).map((value) => Math.abs(value) / 4);
  return maker.node('PRelu', [x.name, maker.floats(slopes, shape)], x.shape);
};

/** x · sigmoid(x), as exporters write it. */
const gated: Layer = (maker, x) => {
  const gate: Tensor = maker.node('Sigmoid', [x.name], x.shape);
  return maker.node('Mul', [x.name, gate.name], x.shape);
};

export const FUNCTION_LAYERS: readonly Layer[] = [
  smooth,
  smooth,
  smooth,
  stepped,
  positive,
  ofBounded,
  pRelu,
  gated,
];
