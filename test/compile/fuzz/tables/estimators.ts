import { type Attributes, type Columns, ELEMENT, floats, strings, type TableMaker } from './table-maker.ts';

/** What a model answers with: names in the file, and whether they are labels. */
export interface Answer {
  readonly name: string;
  readonly kind: 'integers' | 'texts' | 'numbers';
  /** Scores that belong to the label before, and what they may be called. */
  readonly labels?: Attributes;
}

/** Adds a model on columns of floats, and returns what it answers with. */
export type Estimator = (maker: TableMaker, columns: Columns) => Answer[];

const POST_TRANSFORMS = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];
const TEXT_LABELS = ['no', 'maybe', 'yes', '-1'];
const INTEGER_LABELS = [0, 1, 2, 7, -3];

export const postTransform = ({ choices }: TableMaker): Attributes =>
  choices.once(2) ? { post_transform: choices.pick(POST_TRANSFORMS) } : {};

/** Labels of some classes, as texts or integers, not always ascending. */
export function labelsOf({ choices }: TableMaker, count: number, integers: string): Attributes {
  const rotated = <T>(list: readonly T[]) => {
    const first = choices.upTo(list.length - 1);
    return Array.from({ length: count }, (_, k) => list[(first + k) % list.length]!);
  };
  return choices.once(2)
    ? { classlabels_strings: strings(rotated(TEXT_LABELS)) }
    : { [integers]: rotated(INTEGER_LABELS) };
}

export const isTexts = (labels: Attributes): boolean => 'classlabels_strings' in labels;

/** Label and scores of a classifier's node. */
export function answersOf(name: string, labels: Attributes): Answer[] {
  const [list] = Object.values(labels);
  const zipped = isTexts(labels) ? labels : { classlabels_int64s: list! };
  return [
    { name, kind: isTexts(labels) ? 'texts' : 'integers' },
    { name: `${name}_1`, kind: 'numbers', labels: zipped },
  ];
}

const linearClassifier: Estimator = (maker, { name, width, unit }) => {
  const classes = maker.choices.pick([2, 3, 4]);
  const scores = classes === 2 && maker.choices.once(2) ? 1 : classes;
  const labels = labelsOf(maker, classes, 'classlabels_ints');
  const isTied = maker.choices.once(6);
  const coefficients = maker.noise(scores * width, 1 / unit);
  const output = maker.learned(
    'LinearClassifier',
    [name],
    {
      ...{ coefficients: floats(isTied ? coefficients.fill(0, width) : coefficients) },
      intercepts: floats(isTied ? new Array(scores).fill(0) : maker.noise(scores)),
      multi_class: maker.choices.upTo(1),
      ...postTransform(maker),
      ...labels,
    },
    1,
  );
  return answersOf(output, labels);
};

const linearRegressor: Estimator = (maker, { name, width, unit }) => {
  const targets = maker.choices.pick([1, 2, 3]);
  const intercepts = maker.noise(maker.choices.once(5) ? targets + 1 : targets, 3);
  const attributes = {
    ...{ targets, coefficients: floats(maker.noise(targets * width, 1 / unit)) },
    ...{ intercepts: floats(intercepts), ...postTransform(maker) },
  };
  return [{ name: maker.learned('LinearRegressor', [name], attributes), kind: 'numbers' }];
};

function kernel({ choices }: TableMaker): Attributes {
  const kind = choices.pick(['LINEAR', 'POLY', 'RBF', 'SIGMOID']);
  const degree = choices.pick([2, 3, 1, 5]);
  const [gamma, coef0] = [choices.pick([0.5, 0.25, 1]), choices.pick([0, 1, -0.5])];
  return { kernel_type: kind, kernel_params: floats([gamma, coef0, degree]) };
}

const svmClassifier: Estimator = (maker, { name, width, unit }) => {
  const { choices } = maker;
  const classes = choices.pick([2, 3, 4]);
  const labels = labelsOf(maker, classes, 'classlabels_ints');
  const perClass = Array.from({ length: classes }, () => 1 + choices.upTo(3));
  const count = perClass.reduce((sum, own) => sum + own, 0);
  const pairs = (classes * (classes - 1)) / 2;
  const isLinear = choices.once(5);
  const vectors: Attributes = isLinear
    ? {
        ...kernel(maker),
        coefficients: floats(maker.noise(classes * width, 1 / unit)),
        kernel_type: 'LINEAR',
      }
    : {
        ...{ vectors_per_class: perClass, support_vectors: floats(maker.noise(count * width, unit)) },
        coefficients: floats(maker.noise(count * (classes - 1))),
        ...kernel(maker),
      };
  const platt = choices.once(4)
    ? { prob_a: floats(maker.noise(pairs).map((own) => own - 1.5)), prob_b: floats(maker.noise(pairs)) }
    : {};
  const rho = floats(maker.noise(pairs, 0.5));
  const attributes = { ...vectors, ...platt, rho, ...postTransform(maker), ...labels };
  const [label, scores] = answersOf(maker.learned('SVMClassifier', [name], attributes, 1), labels);
  // Scores of pairs have no names.
  return [label!, isLinear || 'prob_a' in platt ? scores! : { name: scores!.name, kind: 'numbers' }];
};

const svmRegressor: Estimator = (maker, { name, width, unit }) => {
  const { choices } = maker;
  const count = choices.once(5) ? 0 : 1 + choices.upTo(7);
  const coefficients = floats(maker.noise(count === 0 ? width : count, count === 0 ? 1 / unit : 1));
  const vectors: Attributes =
    count === 0 ? {} : { support_vectors: floats(maker.noise(count * width, unit)) };
  const attributes = {
    ...{ n_supports: count, coefficients, rho: floats(maker.noise(1)), ...vectors, ...kernel(maker) },
    one_class: choices.once(3) ? 1 : 0,
  };
  return [{ name: maker.learned('SVMRegressor', [name], attributes), kind: 'numbers' }];
};

/** Matrices, as in networks and in what tools write for Bayesian and discriminant models. */
const matrices: Estimator = (maker, { name, width, unit }) => {
  const { choices } = maker;
  const outputs = choices.pick([2, 1, 3]);
  const weights = maker.floats(maker.noise(width * outputs, 1 / unit), [width, outputs]);
  const product = maker.node('MatMul', [name, weights]);
  const scores = maker.node('Add', [product, maker.floats(maker.noise(outputs))]);
  if (outputs === 1 || choices.once(3)) {
    const isSigmoid = choices.once(2);
    return [{ name: isSigmoid ? maker.node('Sigmoid', [scores]) : scores, kind: 'numbers' }];
  }
  const index = maker.node('ArgMax', [scores], { axis: 1 });
  const names = maker.integers([40, -3, 7].slice(0, outputs));
  const label = maker.learned('ArrayFeatureExtractor', [names, index]);
  const flat = maker.node('Reshape', [label, maker.integers([-1])]);
  const probabilities = choices.once(2) ? scores : maker.node('Softmax', [scores], { axis: 1 });
  const labels = { classlabels_int64s: [40, -3, 7].slice(0, outputs) };
  return [
    { name: maker.node('Cast', [flat], { to: ELEMENT.integer }), kind: 'integers' },
    { name: probabilities, kind: 'numbers', labels },
  ];
};

/** The first is the simplest. */
export const ESTIMATORS: readonly Estimator[] = [
  linearRegressor,
  linearClassifier,
  matrices,
  svmRegressor,
  svmClassifier,
];
