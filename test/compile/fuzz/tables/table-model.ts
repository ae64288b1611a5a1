import { buildOnnx } from '../../../import/onnx/build-onnx.ts';
import type { Choices } from '../choices.ts';
import { INPUT_STEPS, TABLE_STEPS } from './column-steps.ts';
import { type Answer, ESTIMATORS } from './estimators.ts';
import { type Columns, ELEMENT, TableMaker } from './table-maker.ts';
import { TREE_ESTIMATORS } from './tree-estimators.ts';

/** A random model of a table's rows as an ONNX file. */
export interface TableModel {
  readonly bytes: Uint8Array;
  readonly operators: readonly string[];
  readonly inputs: readonly Columns[];
  /** The outputs of the file that a user may ask for; undefined for all that the program takes by itself. */
  readonly chosen: string | undefined;
  /** Whether float32 and doubles give the same numbers, so that nothing may differ. */
  readonly isExact: boolean;
}

const TYPES: readonly Columns['type'][] = ['float', 'text', 'integer', 'double', 'small', 'flag'];
const UNITS = [1, 100, 0.01];

/** Inputs by name, steps on each, all of them side by side, steps on all, a model, and its outputs as tools write them. */
export function tableModel(choices: Choices): TableModel {
  const maker = new TableMaker(choices);
  const isForest = choices.once(2);
  const count = 1 + choices.upTo(3);
  const inputs = Array.from({ length: count }, () => input(maker));
  let columns = sideBySide(
    maker,
    inputs.map((own) => prepared(maker, own, isForest)),
  );
  for (let k = choices.upTo(isForest ? 1 : 2); k > 0; k -= 1)
    columns = choices.pick(TABLE_STEPS)(maker, columns) ?? columns;
  const estimators = isForest ? TREE_ESTIMATORS : ESTIMATORS;
  const estimator = choices.pick(estimators);
  const answers = estimator(maker, columns);
  const isPair = answers.length === 1 && choices.once(4);
  const all = isPair ? [...answers, ...estimator(maker, columns)] : answers;
  return finished(maker, all, isForest && columns.isExact);
}

function input(maker: TableMaker): Columns {
  const { choices } = maker;
  const type = choices.pick(TYPES);
  const width = type === 'text' || type === 'flag' ? choices.pick([1, 1, 2]) : choices.pick([1, 2, 3]);
  const unit = type === 'float' || type === 'double' ? choices.pick(UNITS) : 1;
  return maker.input(type, width, unit);
}

/** Steps until the columns are floats, and perhaps some more. */
function prepared(maker: TableMaker, input: Columns, isForest: boolean): Columns {
  const { choices } = maker;
  let columns = input;
  const wanted = choices.upTo(2);
  for (let k = 0; k < 6 && (k < wanted || columns.type !== 'float'); k += 1) {
    columns = choices.pick(INPUT_STEPS[columns.type])(maker, columns) ?? columns;
  }
  for (const step of INPUT_STEPS[columns.type]) if (columns.type !== 'float') columns = step(maker, columns)!;
  // Columns of other units than the rest would need more bits than there are.
  const isMixed = !isForest && columns.unit !== 1;
  return isMixed ? INPUT_STEPS.float[0]!(maker, columns)! : columns;
}

function sideBySide(maker: TableMaker, parts: readonly Columns[]): Columns {
  const [first, ...more] = parts as [Columns, ...Columns[]];
  if (more.length === 0) return first;
  const names = parts.map(({ name }) => name);
  const width = parts.reduce((sum, own) => sum + own.width, 0);
  const name = maker.choices.once(3)
    ? maker.learned('FeatureVectorizer', names, { inputdimensions: parts.map((own) => own.width) })
    : maker.node('Concat', names, { axis: 1 });
  return {
    ...{ name, width, type: 'float', unit: Math.max(...parts.map(({ unit }) => unit)) },
    isInput: parts.every(({ isInput }) => isInput),
    isExact: parts.every(({ isExact }) => isExact),
  };
}

function finished(maker: TableMaker, answers: readonly Answer[], isExact: boolean): TableModel {
  const { choices, inputs, nodes, weights } = maker;
  const learnedOpset = nodes.some(({ op }) => op === 'TreeEnsemble') ? 5 : choices.pick([3, 2, 4]);
  const outputs = answers.map(({ name, kind, labels }) => {
    if (labels === undefined || !choices.once(2)) return { name, type: TYPE_OF[kind] };
    return { name: maker.learned('ZipMap', [name], labels), keys: keysOf(labels) };
  });
  const chosen = outputs.length > 1 && choices.once(2) ? choices.pick(outputs).name : undefined;
  const [first, ...others] = inputs as [Columns, ...Columns[]];
  const spec = {
    input: ['N', first.width],
    inputType: ELEMENT[first.type],
    inputs: Object.fromEntries(
      others.map(({ name, width, type }) => [name, { shape: ['N', width], type: ELEMENT[type] }]),
    ),
    ...{ outputs, opset: choices.pick([17, 13, 21]), learnedOpset, nodes, weights },
  };
  return { bytes: buildOnnx(spec), operators: nodes.map(({ op }) => op), inputs, chosen, isExact };
}

const TYPE_OF = { integers: ELEMENT.integer, texts: ELEMENT.text, numbers: ELEMENT.float } as const;

const keysOf = (labels: Readonly<Record<string, unknown>>) =>
  'classlabels_strings' in labels ? ELEMENT.text : ELEMENT.integer;
